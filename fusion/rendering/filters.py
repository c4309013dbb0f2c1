"""Picture of a video network's first filters as short clips: a row of times for every filter."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PIL import Image
from torch import Tensor

from triad.fusion.rendering.style import BACKGROUND
from triad.modalities.checks import fail
from triad.modalities.flow.rendering import flow_to_rgb

TILE = 42
"""Smallest side of a tile, pixels; kernels are enlarged by a whole number."""
GAP, FILTER_GAP, MARGIN = 1, 6, 12  # pixels between times, between filters and around all


def find_first_kernels(weights: Mapping[str, Tensor]) -> dict[str, np.ndarray]:
    """Return the first kernel over images of each stream of a recognizer, or of a file with one network.

    Args:
        weights: state dict, in the order of the network's modules.

    Returns:
        ``{stream: kernel}``, ``[O, C, T, H, W]``; the key of a file without streams is ``network``.

    Raises:
        InputError: If no stream has one, as skeleton networks.
    """
    kernels: dict[str, np.ndarray] = {}
    for key, value in weights.items():
        name = key.split(".")[1] if key.startswith("encoders.") else "network"
        if name not in kernels and value.ndim in (4, 5) and min(value.shape[-2:]) > 1:
            kernel = value.detach().float().numpy()
            kernels[name] = kernel[:, :, None] if kernel.ndim == 4 else kernel
    if not kernels:
        fail("network", "have a convolution over images", "none", "give a network of RGB, flow or depth")
    return kernels


def render_filters(kernel: np.ndarray) -> np.ndarray:
    """Return the filters as a picture, each a row of its times, each scaled by its own largest weight.

    Kernels of RGB are colours around grey. Kernels of flow are hues: the direction of motion that a place prefers.
    A stack of L fields (2L channels, one time) is drawn as L times; other numbers of channels are averaged to grey.

    Args:
        kernel: weights of a convolution.

    Shapes: ``[O, C, T, H, W]`` -> uint8 ``[h, w, 3]``.
    """
    tiles = np.stack([_color(weights) for weights in kernel])  # [O, T, H, W, 3]
    scale = max(1, -(-TILE // max(tiles.shape[2:4])))
    tiles = tiles.repeat(scale, axis=2).repeat(scale, axis=3)
    count, times, height, width, _ = tiles.shape
    row_width = times * width + (times - 1) * GAP
    columns = max(1, round((count * (height + FILTER_GAP) / (row_width + FILTER_GAP) * 1.5) ** 0.5))  # about 3 : 2
    rows = -(-count // columns)
    picture_height = 2 * MARGIN + rows * (height + FILTER_GAP) - FILTER_GAP
    picture_width = 2 * MARGIN + columns * (row_width + FILTER_GAP) - FILTER_GAP
    picture = np.array(Image.new("RGB", (picture_width, picture_height), BACKGROUND))
    for number, row_tiles in enumerate(tiles):
        top = MARGIN + number // columns * (height + FILTER_GAP)
        left = MARGIN + number % columns * (row_width + FILTER_GAP)
        for time, tile in enumerate(row_tiles):
            start = left + time * (width + GAP)
            picture[top : top + height, start : start + width] = tile
    return picture


def _color(weights: np.ndarray) -> np.ndarray:
    """Return the tiles of one filter: ``[C, T, H, W]`` -> uint8 ``[T, H, W, 3]``."""
    channels, times = weights.shape[:2]
    if channels > 3 and channels % 2 == 0 and times == 1:
        weights = weights[:, 0].reshape(channels // 2, 2, *weights.shape[2:]).swapaxes(0, 1)  # [2, L, H, W]
    if len(weights) == 2:
        return flow_to_rgb(np.moveaxis(weights, 0, -1))
    if len(weights) != 3:
        weights = weights.mean(0, keepdims=True).repeat(3, axis=0)
    largest = max(float(np.abs(weights).max()), 1e-12)
    return np.moveaxis(np.rint(127.5 + 127.5 * weights / largest), 0, -1).astype(np.uint8)
