import torch

from triad.modalities.skeleton.encoders import RawJoints


def test_map_is_the_input():
    data = torch.randn(2, 1, 3, 4, 5)
    encoder = RawJoints(in_channels=3)
    assert encoder(data, torch.ones(2, 1, 4)).map is data
    assert (encoder.out_channels, encoder.output_axes) == (3, "BMCTV")
