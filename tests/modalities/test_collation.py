import numpy as np
import torch

from modalities.clips import RgbClip
from modalities.collation import fill_times, stack_clips


def test_clips_are_stacked_in_order():
    clips = [
        RgbClip(np.full((2, 4, 6, 3), number, np.uint8), np.array([0.0, 0.1]) + number, np.array([True, number == 1]))
        for number in range(2)
    ]
    batch = stack_clips(clips)
    assert batch["data"].shape == (2, 2, 4, 6, 3)
    assert batch["data"][1].unique().tolist() == [1]
    assert batch["valid"].tolist() == [[True, False], [True, True]]
    torch.testing.assert_close(batch["times"], torch.tensor([[0.0, 0.1], [1.0, 1.1]], dtype=torch.float64))


def test_full_sample_has_all_times():
    clip = RgbClip(np.ones((2, 4, 6, 3), np.uint8), np.array([0.0, 0.1]), np.array([True, False]))
    full = fill_times(clip, 3)
    assert full.valid.tolist() == [True, True]
    assert full.data is clip.data
