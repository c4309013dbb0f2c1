"""Video Transformer Network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import Tensor

from triad.modalities.checks import check_shape, fail
from triad.modalities.encoder import Encoder, EncoderOutput
from triad.modalities.registry import MODELS
from triad.modalities.valid_times import valid_at
from triad.modalities.video_encoders.layers import mean_over_places
from triad.modalities.video_encoders.transformers.longformer import Longformer


@MODELS.register_module()
class Vtn(Encoder):
    """Video Transformer Network (Neimark et al. 2021): an image network on every frame, a Longformer over time.

    Published as ViT-B-VTN with ViT-B/16 of ImageNet-21k and three temporal blocks, and with other image networks. A
    frame is represented by the vector that the image network itself makes of it, such as ViT's class token, else by the
    mean over all places of its map. The tap ``frames`` has these vectors, ``[B, C, T]``.

    Args:
        frames: config of an encoder of frames with a map of axes ``BCTHW`` or ``BTNC``, without ``in_channels``.
        in_channels: channels of the input: 3 for RGB, 2 for flow.
        depth: number of temporal blocks.
        heads: number of attention heads, a divisor of the length of a frame's vector.
        window: number of neighbours that a time sees, half of them before and half after it.
        max_times: number of times that have an embedding.
        dropout: dropout probability of the temporal blocks, 0–1.

    Shapes: ``data`` ``[B, in_channels, T, H, W]``, ``valid`` bool ``[B, T]`` -> ``map`` ``[B, C, T]`` and ``pooled``
    ``[B, C]``, made of the class token.

    Raises:
        InputError: for frames with a map of other axes; on use, for ``data`` of another shape.
    """

    output_axes = "BCT"

    def __init__(
        self,
        *,
        frames: Mapping[str, Any],
        in_channels: int = 3,
        depth: int = 3,
        heads: int = 12,
        window: int = 32,
        max_times: int = 287,
        dropout: float = 0.1,
    ) -> None:
        super().__init__()
        self.frames: Encoder = MODELS.build({**frames, "in_channels": in_channels})
        if self.frames.output_axes not in ("BCTHW", "BTNC"):
            fail("map of Vtn.frames", "have axes BCTHW or BTNC", self.frames.output_axes)
        channels = self.frames.pooled_channels or self.frames.out_channels
        self.in_channels = in_channels
        self.out_channels = channels
        self.pooled_channels = channels
        self.temporal = Longformer(
            in_channels=channels, depth=depth, heads=heads, window=window, max_times=max_times, dropout=dropout
        )

    def forward(self, data: Tensor, valid: Tensor) -> EncoderOutput:
        check_shape(f"input of {type(self).__name__}", data, ["B", self.in_channels, "T", "H", "W"])
        frames = self.frames(data, valid)
        vectors = self._vectors(frames)
        output = self.temporal(vectors, valid_at(valid, vectors.shape[2]))
        taps = {"frames": vectors, **output.taps}
        return EncoderOutput(output.map, output.pooled, taps, frames.losses)

    def _vectors(self, frames: EncoderOutput) -> Tensor:
        """Return one vector a frame, ``[B, C, T]``."""
        if "frame_vectors" in frames.taps:
            return frames.taps["frame_vectors"]
        return mean_over_places(frames.map, self.frames.output_axes)
