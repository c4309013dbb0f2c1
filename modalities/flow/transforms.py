"""Transform of flow clips on the device."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch
from torch import Tensor, nn

from triad.modalities.checks import fail
from triad.modalities.collation import is_cropped
from triad.modalities.registry import TRANSFORMS
from triad.modalities.standardize import standardize
from triad.modalities.warp import View, fixed_matrix, view_matrix, warp


@TRANSFORMS.register_module()
class FlowTransform(nn.Module):
    """Spatial augmentation and normalisation: vectors turn and scale with the frame, then ``bound`` pixels become 1.

    The fields of a stack become channels in the order u1 v1 u2 v2 … (Simonyan & Zisserman 2014, Two-Stream
    Convolutional Networks, §3.1), so that a network of stacks of L fields has ``in_channels=2 * L``.

    Args:
        size: height and width of the network's input, pixels.
        bound: pixels of the *output* per frame interval that become 1, above 0; larger motion is clipped.
        subtract_mean: whether the mean displacement of each field of the output is subtracted before ``bound``, as that
            paper does against the motion of the camera.

    Shapes: ``data`` float ``[B, T, H, W, 2]``, ``valid`` ``[B, T]`` -> float ``[B, 2, T, h, w]``, ``[B, T]``; with a
    stack ``[B, T, L, H, W, 2]`` -> ``[B, 2L, T, h, w]``.

    Raises:
        InputError: If ``bound`` is not positive; on use, for fields that were cropped to another size.
    """

    takes_crops: ClassVar[bool] = True
    """Whether a reader may crop the fields, see :func:`triad.fusion.data.crop_sizes.crop_sizes`."""

    def __init__(self, *, size: Sequence[int], bound: float = 8.0, subtract_mean: bool = False) -> None:
        super().__init__()
        if not bound > 0:
            fail("FlowTransform.bound", "be a positive number of pixels", bound)
        self.size = (size[0], size[1])
        self.bound = bound
        self.subtract_mean = subtract_mean

    def forward(self, entry: Mapping[str, Any], view: View) -> tuple[Tensor, Tensor]:
        """Return the normalised flow and its mask; without a ``view`` the whole frame is resized."""
        data = entry["data"]
        has_stack = data.ndim == 6
        fields = data.flatten(1, 2) if has_stack else data  # [B, T·L, H, W, 2]
        shows_view = is_cropped(entry, self.size)
        # [B, 2, T·L, h, w], in pixels of the output
        flow = fields.permute(0, 4, 1, 2, 3) if shows_view else self._warp(fields, view)
        if self.subtract_mean:
            flow = flow - flow.mean((3, 4), keepdim=True)
        flow = standardize(flow, 0.0, self.bound, limit=1.0) if shows_view else (flow / self.bound).clamp(-1, 1)
        if has_stack:
            flow = flow.unflatten(2, (data.shape[1], data.shape[2]))  # [B, 2, T, L, h, w]
            flow = flow.permute(0, 3, 1, 2, 4, 5).flatten(1, 2)  # [B, L·2, T, h, w]
        return flow, entry["valid"]

    def _warp(self, fields: Tensor, view: View) -> Tensor:
        """Return what a view shows of fields, in pixels of the output. ``[B, T, H, W, 2]`` -> ``[B, 2, T, h, w]``."""
        frame_size = (fields.shape[2], fields.shape[3])
        flow = warp(fields, view, self.size)  # [B, 2, T·L, h, w], still in pixels of the frame
        if isinstance(view, Mapping):
            matrix = view_matrix(view, frame_size, self.size)
            return torch.einsum("bij,bjthw->bithw", matrix[:, :, :2], flow)
        return flow * flow.new_tensor(fixed_matrix(view, frame_size, self.size).diagonal()).view(2, 1, 1, 1)
