"""Transform of flow clips on the device."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from modalities.checks import fail
from modalities.registry import TRANSFORMS
from modalities.warp import view_matrix, warp


@TRANSFORMS.register_module()
class FlowTransform(nn.Module):
    """Spatial augmentation and normalisation: vectors turn and scale with the frame, then ``bound`` pixels become 1.

    Args:
        size: height and width of the network's input, pixels.
        bound: pixels of the *output* per frame interval that become 1, above 0; larger motion is clipped.

    Shapes: ``data`` float ``[B, T, H, W, 2]``, ``valid`` ``[B, T]`` -> float ``[B, 2, T, h, w]``, ``[B, T]``.
    """

    def __init__(self, *, size: Sequence[int], bound: float = 8.0) -> None:
        super().__init__()
        if not bound > 0:
            fail("FlowTransform.bound", "be a positive number of pixels", bound)
        self.size = (size[0], size[1])
        self.bound = bound

    def forward(self, entry: Mapping[str, Tensor], view: Mapping[str, Tensor] | None) -> tuple[Tensor, Tensor]:
        """Return the normalised flow and its mask; without a ``view`` the whole frame is resized."""
        data = entry["data"]
        frame_size = (data.shape[2], data.shape[3])
        matrix = None if view is None else view_matrix(view, frame_size, self.size)
        flow = warp(data, matrix, self.size)  # [B, 2, T, h, w], still in pixels of the frame
        if matrix is None:
            flow = flow * flow.new_tensor([self.size[1] / frame_size[1], self.size[0] / frame_size[0]]).view(2, 1, 1, 1)
        else:
            flow = torch.einsum("bij,bjthw->bithw", matrix[:, :, :2], flow)
        return (flow / self.bound).clamp(-1, 1), entry["valid"]
