from __future__ import annotations

import torch
from torch import nn

from triad.modalities.video_encoders.layers import PerFrame, fold_times, mean_over_places, unfold_times


def test_frames_of_a_sample_follow_one_another():
    data = torch.tensor([[[1.0, 2.0, 3.0]], [[4.0, 5.0, 6.0]]])  # [B, C, T]
    assert fold_times(data).flatten().tolist() == [1, 2, 3, 4, 5, 6]


def test_unfolding_is_the_inverse_without_copy():
    data = torch.randn(2, 3, 5, 4, 4)
    frames = fold_times(data)
    unfolded = unfold_times(frames, 2)
    assert torch.equal(unfolded, data)
    assert unfolded.data_ptr() == frames.data_ptr()
    assert fold_times(unfolded).data_ptr() == frames.data_ptr()


def test_every_frame_passes_alone():
    network = nn.Conv2d(3, 4, 3)
    data = torch.randn(2, 3, 5, 8, 8)
    output = PerFrame(network)(data)
    assert output.shape == (2, 4, 5, 6, 6)
    torch.testing.assert_close(output[1, :, 2], network(data[1:, :, 2])[0])


def test_places_are_averaged_in_any_axes():
    data = torch.arange(16.0).view(1, 2, 2, 2, 2)  # [B, C, T, H, W]
    expected = [[[1.5, 5.5], [9.5, 13.5]]]
    assert mean_over_places(data, "BCTHW").tolist() == expected
    tokens = data.flatten(3).permute(0, 2, 3, 1)  # [B, T, N, C]
    assert mean_over_places(tokens, "BTNC").tolist() == expected
    assert mean_over_places(torch.tensor(expected), "BCT").tolist() == expected
