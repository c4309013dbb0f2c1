from torch import nn

from triad.modalities.cost import count_parameters
from triad.modalities.skeleton.encoders import TwoStreamAgcn


def test_number_of_parameters_is_published() -> None:
    encoder = TwoStreamAgcn(layout="ntu25_agcn")
    assert (encoder.out_channels, len(encoder.blocks)) == (256, 10)
    assert count_parameters(encoder, nn.Linear(256, 60)) == 3_469_510
