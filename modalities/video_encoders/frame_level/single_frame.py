"""Karpathy's networks that see one frame at a time: single frame, and multiresolution."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from triad.modalities.registry import MODELS
from triad.modalities.video_encoders.frame_level.karpathy_layers import CHANNELS, SIDE, conv_stages
from triad.modalities.video_encoders.framewise import FramewiseEncoder
from triad.modalities.video_encoders.layers import full_layers, initialise_relu_layers


@MODELS.register_module()
class SingleFrame(FramewiseEncoder):
    """Single-frame network (Karpathy et al. 2014, Large-scale Video Classification), averaged over the clip's frames.

    Args:
        in_channels: channels of the input: 3 for RGB, 2 for flow.
        full_channels: outputs of the two fully connected layers; published as 4096 each.
        dropout: dropout between them, 0–1.

    Shapes: ``data`` ``[B, in_channels, T, H, W]`` -> ``map`` ``[B, 256, T, H', W']``, 7×7 at the published 170²;
    ``pooled``, the mean over valid times, ``[B, full_channels[1]]``.

    Raises:
        InputError: on use, for ``data`` of another shape.
    """

    def __init__(
        self, *, in_channels: int = 3, full_channels: tuple[int, int] = (4096, 4096), dropout: float = 0.5
    ) -> None:
        super().__init__(
            stages=conv_stages(in_channels),
            in_channels=in_channels,
            out_channels=CHANNELS,
            pooled_channels=full_channels[1],
        )
        self.full = full_layers(CHANNELS, side=SIDE, widths=full_channels, dropout=dropout)
        initialise_relu_layers(self)

    def pool_frames(self, frames: Tensor) -> Tensor:
        return self.full(frames)


class FoveaAndContext(nn.Module):
    """Centre of each frame at full resolution, and the whole frame at half resolution, through networks of their own.

    Args:
        in_channels: channels of the input.

    Shapes: ``[N, in_channels, H, W]`` -> ``[N, 512, H', W']``, the fovea's channels first.
    """

    def __init__(self, in_channels: int) -> None:
        super().__init__()
        self.fovea = nn.Sequential(*conv_stages(in_channels, last_pool=False))
        self.context = nn.Sequential(*conv_stages(in_channels, last_pool=False))

    def forward(self, frames: Tensor) -> Tensor:
        height, width = frames.shape[2] // 2, frames.shape[3] // 2
        top, left = (frames.shape[2] - height) // 2, (frames.shape[3] - width) // 2
        centre = frames[:, :, top : top + height, left : left + width]
        whole = F.avg_pool2d(frames, 2)
        return torch.cat([self.fovea(centre), self.context(whole)], dim=1)


@MODELS.register_module()
class Multiresolution(FramewiseEncoder):
    """Single-frame network with a fovea and a context stream (Karpathy et al. 2014, Large-scale Video Classification).

    Both streams read half the width and height, 89² of the published 178²; their maps are concatenated.

    Args:
        in_channels: channels of the input: 3 for RGB, 2 for flow.
        full_channels: outputs of the two fully connected layers; published as 4096 each.
        dropout: dropout between them, 0–1.

    Shapes: ``data`` ``[B, in_channels, T, H, W]`` -> ``map`` ``[B, 512, T, H', W']``, 7×7 at 178²; ``pooled``, the mean
    over valid times, ``[B, full_channels[1]]``.

    Raises:
        InputError: on use, for ``data`` of another shape.
    """

    def __init__(
        self, *, in_channels: int = 3, full_channels: tuple[int, int] = (4096, 4096), dropout: float = 0.5
    ) -> None:
        super().__init__(
            stages=[FoveaAndContext(in_channels)],
            in_channels=in_channels,
            out_channels=2 * CHANNELS,
            pooled_channels=full_channels[1],
        )
        self.full = full_layers(2 * CHANNELS, side=SIDE, widths=full_channels, dropout=dropout)
        initialise_relu_layers(self)

    def pool_frames(self, frames: Tensor) -> Tensor:
        return self.full(frames)
