"""Temporal shift module, and residual blocks of image networks with it."""

from __future__ import annotations

from typing import Any, NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torchvision.models.mobilenetv2 import InvertedResidual
from torchvision.models.resnet import BasicBlock, Bottleneck

from triad.modalities.video_encoders.layers.frames import PerFrame, fold_times, unfold_times


def temporal_shift(data: Tensor, shift_div: int = 8) -> Tensor:
    """Return a map of which some channels come from the next time and as many from the previous one.

    Lin et al. 2019, TSM: Temporal Shift Module for Efficient Video Understanding. Beyond the clip there are zeros.

    Args:
        data: feature map.
        shift_div: one channel in ``shift_div`` comes from the next time, one from the previous.

    Shapes: ``[B, C, T, …]`` -> the same; of ``[B, T, C, …]`` in memory, if the input is.
    """
    times = data.transpose(1, 2)  # [B, T, C, …]
    shifted = times.shape[2] // shift_div
    trailing = (0, 0) * (data.ndim - 2)
    from_next = F.pad(times[:, 1:, :shifted], (*trailing, 0, 1))
    from_previous = F.pad(times[:, :-1, shifted : 2 * shifted], (*trailing, 1, 0))
    return torch.cat([from_next, from_previous, times[:, :, 2 * shifted :]], dim=2).transpose(1, 2)


class ResidualParts(NamedTuple):
    """Parts of a residual block ``activation(branch(x) + shortcut(x))``."""

    branch: nn.Module
    shortcut: nn.Module
    activation: nn.Module


class ShiftedResidual(nn.Module):
    """Residual block of an image network whose branch reads frames shifted in time; the shortcut does not.

    Args:
        parts: parts of the block, over ``[N, C, H, W]``.
        shift_div: see :func:`temporal_shift`.

    Shapes: ``[B, C, T, H, W]`` -> ``[B, C', T, H', W']``.
    """

    def __init__(self, parts: ResidualParts, shift_div: int) -> None:
        super().__init__()
        self.branch = parts.branch
        self.shortcut = parts.shortcut
        self.activation = parts.activation
        self.shift_div = shift_div

    def forward(self, data: Tensor) -> Tensor:
        shifted = fold_times(temporal_shift(data, self.shift_div))  # [B·T, C, H, W]
        return unfold_times(self.activation(self.branch(shifted) + self.shortcut(fold_times(data))), len(data))


def residual_parts(block: nn.Module) -> ResidualParts | None:
    """Return the parts of a residual block of torchvision's ResNet or MobileNetV2, or of timm's EfficientNet.

    None for other modules, and for inverted residual blocks without a shortcut.
    """
    if isinstance(block, BasicBlock | Bottleneck):
        layers = [block.conv1, block.bn1, block.relu, block.conv2, block.bn2]
        if isinstance(block, Bottleneck):
            layers += [block.relu, block.conv3, block.bn3]
        return ResidualParts(nn.Sequential(*layers), block.downsample or nn.Identity(), block.relu)
    if isinstance(block, InvertedResidual):
        return ResidualParts(block.conv, nn.Identity(), nn.Identity()) if block.use_res_connect else None
    if type(block).__name__ == "InvertedResidual" and getattr(block, "has_skip", False):
        names = ("conv_pw", "bn1", "conv_dw", "bn2", "aa", "se", "conv_pwl", "bn3", "drop_path")
        branch = nn.Sequential(*(block.get_submodule(name) for name in names))
        return ResidualParts(branch, nn.Identity(), nn.Identity())
    return None


def insert_shift(stage: nn.Module, *, shift_div: int, every: int = 1) -> nn.Module:
    """Return a stage of an image network as a stage over ``[B, C, T, H, W]`` whose residual blocks shift in time.

    Args:
        stage: residual block, sequence of blocks, or any other module, which sees every frame alone.
        shift_div: see :func:`temporal_shift`.
        every: 2 to leave every second block of a sequence without a shift.
    """
    parts = residual_parts(stage)
    if parts is not None:
        return ShiftedResidual(parts, shift_div)
    blocks: list[Any] = list(stage) if isinstance(stage, nn.Sequential) else []
    if not any(residual_parts(block) for block in blocks):
        return PerFrame(stage)
    shifts = (
        insert_shift(block, shift_div=shift_div) if index % every == 0 else PerFrame(block)
        for index, block in enumerate(blocks)
    )
    return nn.Sequential(*shifts)
