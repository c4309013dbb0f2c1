"""RGB clips as networks read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from kornia.enhance import adjust_saturation
from torch import Tensor, nn

from modalities.registry import TRANSFORMS
from modalities.warp import view_matrix, warp


@TRANSFORMS.register_module()
class RgbTransform(nn.Module):
    """View, colour gains, normalisation; on the device, a batch at once.

    Args:
        size: height and width that the network reads.
        mean, std: of each channel, on the 0–255 scale (defaults: ImageNet's).

    ``forward`` without a view shows the whole canvas as it is.

    Shapes: ``data`` uint8 ``[B, T, H, W, 3]``, ``valid`` ``[B, T]`` -> float ``[B, 3, T, h, w]``, ``[B, T]``.
    """

    mean: Tensor
    std: Tensor

    def __init__(
        self,
        *,
        size: Sequence[int],
        mean: Sequence[float] = (123.675, 116.28, 103.53),
        std: Sequence[float] = (58.395, 57.12, 57.375),
    ) -> None:
        super().__init__()
        self.size = (size[0], size[1])
        self.register_buffer("mean", torch.tensor(mean).view(3, 1, 1, 1), persistent=False)
        self.register_buffer("std", torch.tensor(std).view(3, 1, 1, 1), persistent=False)

    def forward(self, entry: Mapping[str, Tensor], view: Mapping[str, Tensor] | None) -> tuple[Tensor, Tensor]:
        data = entry["data"]
        if view is None:
            return (warp(data, None, self.size) - self.mean) / self.std, entry["valid"]
        matrix = view_matrix(view, (data.shape[2], data.shape[3]), self.size)
        frames = _recolor(warp(data, matrix, self.size), view)  # [B, 3, T, h, w], 0–255
        return (frames - self.mean) / self.std, entry["valid"]


def _recolor(frames: Tensor, view: Mapping[str, Tensor]) -> Tensor:
    """Brightness and contrast multiply, saturation mixes with grey; a batch without gains passes untouched."""
    if all(bool((view[name] == 1).all()) for name in ("brightness", "contrast", "saturation")):
        return frames
    gain = view["brightness"].view(-1, 1, 1, 1, 1)
    contrast = view["contrast"].view(-1, 1, 1, 1, 1)
    mean = frames.mean(dim=(1, 2, 3, 4), keepdim=True)
    frames = ((frames - mean) * contrast + mean) * gain
    unit = (frames / 255).clamp(0, 1).transpose(1, 2)  # [B, T, 3, h, w]
    b, t = unit.shape[:2]
    saturation = view["saturation"].repeat_interleave(t)
    return adjust_saturation(unit.flatten(0, 1), saturation).view(b, t, *unit.shape[2:]).transpose(1, 2) * 255
