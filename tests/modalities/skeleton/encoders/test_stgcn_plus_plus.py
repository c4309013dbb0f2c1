import pytest
from torch import nn

from triad.modalities.cost import count_parameters
from triad.modalities.skeleton.encoders import StGcnPlusPlus


@pytest.mark.parametrize(("layout", "published"), [("ntu25", 1_403_144), ("coco17", 1_393_016)])
def test_number_of_parameters_is_published(layout: str, published: int) -> None:
    encoder = StGcnPlusPlus(layout=layout)
    assert (encoder.out_channels, len(encoder.blocks)) == (256, 10)
    assert count_parameters(encoder, nn.Linear(256, 60)) == published
