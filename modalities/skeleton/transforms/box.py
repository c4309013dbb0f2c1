"""Coordinates between −1 and 1."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from modalities.checks import fail
from modalities.registry import TRANSFORMS
from modalities.skeleton.layouts import Layout


@TRANSFORMS.register_module()
class ScaleToBox:
    """Stretch each axis of each sample so that what is seen of it in the whole clip spans −1 to 1.

    As CTR-GCN prepares Northwestern-UCLA (Chen et al. 2021, Channel-wise Topology Refinement Graph Convolution). An
    axis without extent becomes 0.
    """

    def __call__(self, points: Tensor, seen: Tensor, layout: Layout) -> tuple[Tensor, Tensor]:
        known, over = seen[..., None], (1, 2, 3)
        low = torch.where(known, points, torch.inf).amin(over, keepdim=True)
        high = torch.where(known, points, -torch.inf).amax(over, keepdim=True)  # below `low` where nothing is seen
        extent = high - low
        scaled = (points - low) / extent * 2 - 1
        return torch.where((extent > 0) & known, scaled, 0.0), seen


@TRANSFORMS.register_module()
class ScaleByCanvas:
    """Pixels of a canvas to −1 … 1 on both axes, as mmaction2's 2D graph networks read them (``PreNormalize2D``).

    Args:
        frame_size: height and width in pixels.

    Raises:
        InputError: when called, if the layout is not 2D.
    """

    def __init__(self, *, frame_size: Sequence[int]) -> None:
        self.frame_size = (frame_size[0], frame_size[1])

    def __call__(self, points: Tensor, seen: Tensor, layout: Layout) -> tuple[Tensor, Tensor]:
        if layout.dims != 2:
            fail("ScaleByCanvas's layout", "be in pixels", f"the 3D '{layout.name}'", "use ScaleByTorso or ScaleToBox")
        height, width = self.frame_size
        half = torch.tensor([width / 2, height / 2]).to(points)
        return (points - half) / half, seen
