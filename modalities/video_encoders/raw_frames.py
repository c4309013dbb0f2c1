"""Frames themselves as a feature map."""

from __future__ import annotations

from torch import Tensor

from triad.modalities.encoder import Encoder, EncoderOutput
from triad.modalities.registry import MODELS


@MODELS.register_module()
class RawFrames(Encoder):
    """Encoder without parameters, whose map is its input: a fusion module changes it before a network of its own.

    Args:
        in_channels: number of channels of the input.

    Shapes: ``data`` ``[B, C, T, H, W]`` -> ``map`` ``[B, C, T, H, W]``.
    """

    output_axes = "BCTHW"

    def __init__(self, *, in_channels: int = 3) -> None:
        super().__init__()
        self.in_channels = self.out_channels = in_channels

    def forward(self, data: Tensor, valid: Tensor) -> EncoderOutput:
        return EncoderOutput(data)
