"""Flow clips as networks read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from modalities.checks import fail
from modalities.registry import TRANSFORMS
from modalities.warp import view_matrix, warp


@TRANSFORMS.register_module()
class FlowTransform(nn.Module):
    """View and normalisation: vectors turn and scale with the picture, then ``bound`` pixels become 1.

    Args:
        size: height and width that the network reads.
        bound: pixels of the *output* picture per frame interval that become 1; larger motion is clipped.

    Shapes: ``data`` float ``[B, T, H, W, 2]``, ``valid`` ``[B, T]`` -> float ``[B, 2, T, h, w]``, ``[B, T]``.
    """

    def __init__(self, *, size: Sequence[int], bound: float = 8.0) -> None:
        super().__init__()
        if not bound > 0:
            fail("FlowTransform.bound", "be a positive number of pixels", bound)
        self.size = (size[0], size[1])
        self.bound = bound

    def forward(self, entry: Mapping[str, Tensor], view: Mapping[str, Tensor]) -> tuple[Tensor, Tensor]:
        data = entry["data"]
        matrix = view_matrix(view, (data.shape[2], data.shape[3]), self.size)
        flow = warp(data, matrix, self.size)  # [B, 2, T, h, w], still in canvas pixels
        flow = torch.einsum("bij,bjthw->bithw", matrix[:, :, :2], flow)
        return (flow / self.bound).clamp(-1, 1), entry["valid"]
