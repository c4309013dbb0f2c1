"""Features themselves as a map."""

from __future__ import annotations

from torch import Tensor

from triad.modalities.encoder import EncoderOutput
from triad.modalities.registry import MODELS
from triad.modalities.video_encoders.temporal.sequence_network import SequenceNetwork


@MODELS.register_module()
class RawFeatures(SequenceNetwork):
    """Encoder without parameters, whose map is its input: another stream's network reads it.

    Args:
        in_channels: length of a feature vector.

    Shapes: ``data`` ``[B, in_channels, T]`` -> ``map`` ``[B, in_channels, T]``.
    """

    def __init__(self, *, in_channels: int) -> None:
        super().__init__()
        self.in_channels = self.out_channels = in_channels

    def run(self, data: Tensor, valid: Tensor) -> EncoderOutput:
        return EncoderOutput(data)
