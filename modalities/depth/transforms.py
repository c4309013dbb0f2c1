"""Depth clips as input of a network, on the device."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from torch import Tensor, nn

from triad.modalities.checks import fail
from triad.modalities.registry import TRANSFORMS
from triad.modalities.warp import View, warp


@TRANSFORMS.register_module()
class DepthTransform(nn.Module):
    """Crop and flip of a batch of depth clips, and their normalisation: near is 1, far is 0.

    Missing depth is 0, as is everything beyond ``far``. Pictures are resized to the nearest pixel, as in the reader.

    Args:
        size: height and width of the output, pixels.
        near: depth that becomes 1, metres; closer depth is clipped.
        far: depth that becomes 0, metres.

    ``forward`` without a view shows the whole frame.

    Shapes: ``data`` float ``[B, T, H, W, 1]``, ``valid`` ``[B, T]`` -> float ``[B, 1, T, h, w]``, ``[B, T]``.

    Raises:
        InputError: If ``near`` and ``far`` are not in order.
    """

    def __init__(self, *, size: Sequence[int], near: float = 0.5, far: float = 8.0) -> None:
        super().__init__()
        if not 0 <= near < far:
            fail("DepthTransform.near and far", "be metres from 0, near below far", f"{near} and {far}")
        self.size = (size[0], size[1])
        self.near = near
        self.far = far

    def forward(self, entry: Mapping[str, Tensor], view: View) -> tuple[Tensor, Tensor]:
        depth = warp(entry["data"], view, self.size, mode="nearest")  # [B, 1, T, h, w], metres
        closeness = ((self.far - depth) / (self.far - self.near)).clamp(0, 1)
        return closeness * (depth > 0), entry["valid"]
