import pytest
from torch import nn

from triad.modalities.cost import count_parameters
from triad.modalities.skeleton.encoders import Aagcn


@pytest.mark.parametrize(
    ("layout", "attention", "published"), [("ntu25_agcn", True, 3_781_668), ("ntu25", False, 3_469_520)]
)
def test_number_of_parameters_is_published(layout: str, attention: bool, published: int) -> None:
    encoder = Aagcn(layout=layout, attention=attention)
    assert (encoder.out_channels, len(encoder.blocks)) == (256, 10)
    assert count_parameters(encoder, nn.Linear(256, 60)) == published
