"""Joints themselves as a feature map."""

from __future__ import annotations

from torch import Tensor

from triad.modalities.encoder import Encoder, EncoderOutput
from triad.modalities.registry import MODELS


@MODELS.register_module()
class RawJoints(Encoder):
    """Encoder without parameters, whose map is its input: of a stream that only transforms of other streams read.

    Args:
        in_channels: coordinates (and score) of a joint.

    Shapes: ``data`` ``[B, M, C, T, V]`` -> ``map`` ``[B, M, C, T, V]``.
    """

    output_axes = "BMCTV"

    def __init__(self, *, in_channels: int) -> None:
        super().__init__()
        self.in_channels = self.out_channels = in_channels

    def forward(self, data: Tensor, valid: Tensor) -> EncoderOutput:
        return EncoderOutput(data)
