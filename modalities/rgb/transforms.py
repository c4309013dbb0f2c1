"""RGB clips as input of a network, on the device."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch
from torch import Tensor, nn

from triad.modalities.checks import fail
from triad.modalities.collation import is_cropped
from triad.modalities.registry import TRANSFORMS
from triad.modalities.standardize import standardize
from triad.modalities.warp import View, warp


@TRANSFORMS.register_module()
class RgbTransform(nn.Module):
    """Crop, flip, colour augmentation and normalisation of a batch of RGB clips.

    Args:
        size: height and width of the output, pixels.
        mean: mean of each channel that the weights were trained with, 0–255. ImageNet's by default; torchvision's
            Kinetics weights take (110.2008, 100.63983, 95.99475), I3D 127.5 and EfficientNet-Lite 127 in each channel.
        std: standard deviation of each channel, 0–255. ImageNet's by default; torchvision's Kinetics weights take
            (58.14765, 56.46975, 55.332195), I3D 127.5 and EfficientNet-Lite 128 in each channel.

    ``forward`` without a view, or with one for all samples, shows the frame in its own colours. Frames that the reader
    has cropped already (``entry["cropped"]``) are of the output's size.

    Shapes: ``data`` uint8 ``[B, T, H, W, 3]``, ``valid`` ``[B, T]`` -> float ``[B, 3, T, h, w]``, ``[B, T]``.

    Raises:
        InputError: If ``mean`` or ``std`` is not one number a channel on the scale of bytes; on use, for frames that
            were cropped to another size.
    """

    takes_crops: ClassVar[bool] = True
    """Whether a reader may crop the frames, see :func:`triad.fusion.data.crop_sizes.crop_sizes`."""

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
        if not (len(mean) == len(std) == 3 and min(std) >= 1):
            got = f"{tuple(mean)} and {tuple(std)}"
            fail("RgbTransform.mean and std", "be three numbers each, 0–255", got, "multiply those of 0–1 by 255")
        self.size = (size[0], size[1])
        self.register_buffer("mean", torch.tensor(mean).view(3, 1, 1, 1), persistent=False)
        self.register_buffer("std", torch.tensor(std).view(3, 1, 1, 1), persistent=False)

    def forward(self, entry: Mapping[str, Any], view: View) -> tuple[Tensor, Tensor]:
        data = entry["data"]
        shows_view = is_cropped(entry, self.size)
        frames = data.permute(0, 4, 1, 2, 3) if shows_view else warp(data, view, self.size)  # [B, 3, T, h, w], 0–255
        if isinstance(view, Mapping):
            frames = augment_colors(frames, view)
        if shows_view:
            return standardize(frames, self.mean, self.std), entry["valid"]
        return (frames - self.mean) / self.std, entry["valid"]


def augment_colors(frames: Tensor, view: Mapping[str, Tensor]) -> Tensor:
    """Multiply brightness, contrast and saturation; frames of a view without these factors are returned unchanged.

    Args:
        frames: frames, 0–255, bytes or floats.
        view: factors ``brightness``, ``contrast`` and ``saturation``, ``[B]`` each, or none of them, see
            :func:`triad.modalities.prepared_view.prepare_view`.

    Shapes: ``[B, 3, T, h, w]`` -> float of the same, or unchanged.
    """
    if "brightness" not in view:
        return frames
    brightness = view["brightness"].view(-1, 1, 1, 1, 1)
    contrast = view["contrast"].view(-1, 1, 1, 1, 1)
    frames = frames.float()
    mean = frames.mean(dim=(1, 2, 3, 4), keepdim=True)
    frames = ((frames - mean) * contrast + mean) * brightness
    return multiply_saturation(frames.clamp(0, 255), view["saturation"].view(-1, 1, 1, 1, 1))


def multiply_saturation(frames: Tensor, factor: Tensor) -> Tensor:
    """Multiply the saturation of colours, in HSV, which keeps their hue and value; it ends at 1.

    In HSV, the distance of each channel from the largest one is proportional to the saturation. To convert there and
    back, as ``kornia.adjust_saturation`` does, takes twenty operations, some of which wait for a GPU.

    Args:
        frames: frames, at least 0.
        factor: factors, at least 0.

    Shapes: ``[B, 3, T, h, w]``, ``[B, 1, 1, 1, 1]`` -> ``[B, 3, T, h, w]``.
    """
    value = frames.amax(1, keepdim=True)
    spread = value - frames.amin(1, keepdim=True)
    factor = torch.minimum(factor, value / spread.clamp(min=1e-6))  # of saturation 1: the smallest channel is 0
    return value - (value - frames) * factor
