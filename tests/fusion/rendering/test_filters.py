from __future__ import annotations

import numpy as np
import pytest
import torch

from triad.fusion.rendering.filters import FILTER_GAP, GAP, MARGIN, find_first_kernels, render_filters
from triad.modalities.checks import InputError


def test_first_kernel_of_each_stream() -> None:
    weights = {
        "encoders.skeleton.conv.weight": torch.zeros(4, 3, 1, 1),
        "encoders.rgb.stem.weight": torch.zeros(5, 3, 1, 7, 7),
        "encoders.rgb.layer.weight": torch.zeros(5, 5, 3, 3, 3),
        "encoders.flow.conv1.weight": torch.zeros(6, 2, 3, 3),
    }
    kernels = find_first_kernels(weights)
    assert {name: kernel.shape for name, kernel in kernels.items()} == {"rgb": (5, 3, 1, 7, 7), "flow": (6, 2, 1, 3, 3)}
    assert list(find_first_kernels({"stem.0.weight": torch.zeros(5, 3, 1, 7, 7)})) == ["network"]
    with pytest.raises(InputError, match="must have a convolution over images"):
        find_first_kernels({"encoders.skeleton.conv.weight": torch.zeros(4, 3, 1, 1)})


def test_rgb_kernel_is_colour_around_grey() -> None:
    kernel = np.zeros((2, 3, 2, 42, 42), np.float32)
    kernel[0, 0, 0] = 2.0  # red at the first time
    kernel[0, :, 1] = -2.0  # black at the second
    picture = render_filters(kernel)
    assert picture[MARGIN, MARGIN].tolist() == [255, 128, 128]
    assert picture[MARGIN, MARGIN + 42 + GAP].tolist() == [0, 0, 0]
    second_filter = (MARGIN + 42 + FILTER_GAP, MARGIN)
    assert picture[second_filter].tolist() == [128, 128, 128]


@pytest.mark.parametrize("shape", [(1, 2, 2, 3, 3), (1, 4, 1, 3, 3)])
def test_flow_kernel_is_hue(shape: tuple[int, ...]) -> None:
    kernel = np.zeros(shape, np.float32)
    if shape[1] == 2:
        kernel[0, 0] = 1.0  # u of both times
    else:
        kernel[0, ::2] = 1.0  # u of both fields of the stack
    picture = render_filters(kernel)
    assert picture[MARGIN, MARGIN].tolist() == [255, 0, 0]  # to the right
    assert picture[MARGIN, MARGIN + 42 + GAP].tolist() == [255, 0, 0]


def test_depth_kernel_is_grey() -> None:
    kernel = np.full((1, 1, 1, 5, 5), 3.0, np.float32)
    kernel[..., 0] = -3.0
    picture = render_filters(kernel)
    assert picture[MARGIN, MARGIN].tolist() == [0, 0, 0]
    assert picture[MARGIN, MARGIN + 20].tolist() == [255, 255, 255]
