from __future__ import annotations

import pytest
import torch

from triad.modalities.checks import InputError
from triad.modalities.video_encoders.transformers.layers import resize_grid, resize_times, sinusoidal_positions


def test_sines_and_cosines_by_hand():
    """With four channels the frequencies are 1 and 1/100."""
    expected = torch.tensor(
        [
            [0.0, 1.0, 0.0, 1.0],
            [0.841471, 0.540302, 0.009999833, 0.99995],
            [0.909297, -0.416147, 0.019998667, 0.99980001],
        ]
    )
    torch.testing.assert_close(sinusoidal_positions(3, 4), expected, rtol=0, atol=1e-6)


def test_neighbours_have_one_similarity():
    """The product of the embeddings of two positions depends on their distance alone."""
    positions = sinusoidal_positions(20, 16)
    products = positions @ positions.T
    torch.testing.assert_close(products.diagonal(3), products[0, 3].expand(17), rtol=0, atol=1e-5)


def test_odd_channels_are_refused():
    with pytest.raises(InputError, match=r"channels of sinusoidal positions must be even, got 3"):
        sinusoidal_positions(2, 3)


def test_own_size_is_returned_unchanged():
    positions = torch.randn(1, 6, 4)
    assert resize_times(positions, 6, mode="linear") is positions
    assert resize_grid(positions, (2, 3), (2, 3), mode="bicubic") is positions


def test_times_are_interpolated_linearly():
    positions = torch.tensor([0.0, 4.0])[None, :, None]
    assert resize_times(positions, 4, mode="linear").flatten().tolist() == [0, 1, 3, 4]


def test_grid_keeps_rows_and_columns():
    positions = torch.tensor([0.0, 1, 2, 10, 11, 12])[None, :, None]  # 2 rows of 3 columns
    resized = resize_grid(positions, (2, 3), (4, 3), mode="nearest")
    assert resized.flatten().tolist() == [0, 1, 2, 0, 1, 2, 10, 11, 12, 10, 11, 12]
