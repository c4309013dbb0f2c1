from __future__ import annotations

import pytest
import torch

from triad.modalities.checks import InputError
from triad.modalities.video_encoders import CorrNet
from triad.modalities.video_encoders.cnn3d.correlation import Correlation, correlate


def test_similarities_of_a_moving_point():
    """A point of 2 moves one place to the right; its square is found at that displacement and nowhere else."""
    data = torch.zeros(1, 1, 2, 3, 3)
    data[0, 0, 0, 1, 1] = data[0, 0, 1, 1, 2] = 2.0
    similarities = correlate(data, torch.ones(1, 2, 3, 3), dilation=1, groups=1)
    assert similarities.shape == (1, 9, 2, 3, 3)
    assert [similarities[0, number, 0, 1, 1].item() for number in range(9)] == [0, 0, 0, 0, 4, 0, 0, 0, 0]  # itself
    assert [similarities[0, number, 1, 1, 1].item() for number in range(9)] == [0, 0, 0, 0, 0, 4, 0, 0, 0]
    assert similarities.sum() == 8


def test_filters_weigh_channels_times_and_displacements():
    data = torch.zeros(1, 4, 2, 5, 5)
    data[0, :, 0, 2, 2] = torch.tensor([1.0, 2.0, 3.0, 4.0])
    data[0, :, 1, 0, 4] = torch.tensor([1.0, 1.0, 1.0, 1.0])
    filters = torch.zeros(4, 2, 3, 3)
    filters[:, 1, 0, 2] = torch.tensor([1.0, 10.0, 1.0, 10.0])  # one up, one to the right, of the second time
    similarities = correlate(data, filters, dilation=2, groups=2)
    place = similarities[0, :, 1, 2, 2].view(9, 2)
    assert place[2].tolist() == [(1 + 20) / 2, (3 + 40) / 2]  # mean of the channels of a group
    assert similarities.sum() == place[2].sum()


def test_filters_of_other_clips_are_means():
    torch.manual_seed(0)
    layer = Correlation(channels=4, num_frames=4, size=3, dilation=1, groups=2)
    data = torch.randn(1, 4, 2, 5, 5)
    filters = (layer.filters[:, ::2] + layer.filters[:, 1::2]) / 2
    torch.testing.assert_close(layer(data), correlate(data, filters, dilation=1, groups=2))
    assert layer(torch.randn(1, 4, 4, 5, 5)).shape == (1, 18, 4, 5, 5)


def test_blocks_stand_at_ends_of_stages():
    with torch.device("meta"):
        network = CorrNet(layers=101)
    numbers = [
        [index for index, block in enumerate(getattr(network, name)) if hasattr(block, "correlation")]
        for name in ("res2", "res3", "res4", "res5")
    ]
    assert numbers == [[3], [4], [12, 24], []]


def test_wrong_sizes_are_refused():
    with pytest.raises(InputError, match=r"Correlation.size must be odd, got 4"):
        Correlation(channels=4, num_frames=2, size=4, groups=2)
    with pytest.raises(InputError, match=r"Correlation.channels must divide by its 3 groups, got 4"):
        Correlation(channels=4, num_frames=2, groups=3)
    with pytest.raises(InputError, match=r"CorrNet.layers must be one of 26, 50, 101, got 34"):
        CorrNet(layers=34)
