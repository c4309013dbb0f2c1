import pytest
from torch import nn

from triad.modalities.cost import count_parameters
from triad.modalities.skeleton.encoders import StGcn


@pytest.mark.parametrize(("layout", "published"), [("ntu25_agcn", 3_098_832), ("coco17", 3_088_704)])
def test_number_of_parameters_is_published(layout: str, published: int) -> None:
    encoder = StGcn(layout=layout)
    assert (encoder.out_channels, len(encoder.blocks)) == (256, 10)
    assert count_parameters(encoder, nn.Linear(256, 60)) == published
