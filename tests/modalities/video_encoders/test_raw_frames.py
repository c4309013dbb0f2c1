import torch

from triad.modalities.video_encoders import RawFrames


def test_map_is_the_input():
    data = torch.randn(2, 3, 1, 4, 5)
    encoder = RawFrames()
    assert encoder(data, torch.ones(2, 1)).map is data
    assert (encoder.out_channels, encoder.output_axes) == (3, "BCTHW")
