"""RGB clips as input of a network, on the device."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from kornia.enhance import adjust_saturation
from torch import Tensor, nn

from modalities.registry import TRANSFORMS
from modalities.warp import view_matrix, warp


@TRANSFORMS.register_module()
class RgbTransform(nn.Module):
    """Crop, flip, colour augmentation and normalisation of a batch of RGB clips.

    Args:
        size: height and width of the output, pixels.
        mean: mean of each channel, 0–255; ImageNet's by default.
        std: standard deviation of each channel, 0–255; ImageNet's by default.

    ``forward`` without a view shows the whole frame in its own colours.

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
        frames = augment_colors(warp(data, matrix, self.size), view)  # [B, 3, T, h, w], 0–255
        return (frames - self.mean) / self.std, entry["valid"]


def augment_colors(frames: Tensor, view: Mapping[str, Tensor]) -> Tensor:
    """Multiply brightness, contrast and saturation; a batch whose factors are all 1 is returned unchanged.

    Args:
        frames: frames, 0–255.
        view: factors ``brightness``, ``contrast`` and ``saturation``, ``[B]`` each.

    Shapes: float ``[B, 3, T, h, w]``.
    """
    if all(bool((view[name] == 1).all()) for name in ("brightness", "contrast", "saturation")):
        return frames
    brightness = view["brightness"].view(-1, 1, 1, 1, 1)
    contrast = view["contrast"].view(-1, 1, 1, 1, 1)
    mean = frames.mean(dim=(1, 2, 3, 4), keepdim=True)
    frames = ((frames - mean) * contrast + mean) * brightness
    unit = (frames / 255).clamp(0, 1).transpose(1, 2)  # [B, T, 3, h, w]
    b, t = unit.shape[:2]
    saturation = view["saturation"].repeat_interleave(t)
    return adjust_saturation(unit.flatten(0, 1), saturation).view(b, t, *unit.shape[2:]).transpose(1, 2) * 255
