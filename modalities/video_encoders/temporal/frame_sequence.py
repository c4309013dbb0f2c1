"""Frame encoder followed by a network over time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from triad.modalities.checks import check_shape, fail
from triad.modalities.encoder import Encoder, EncoderOutput
from triad.modalities.registry import MODELS
from triad.modalities.valid_times import valid_at
from triad.modalities.video_encoders.layers import mean_over_places
from triad.modalities.video_encoders.temporal.sequence_network import SequenceNetwork


@MODELS.register_module()
class FrameSequenceEncoder(Encoder):
    """Encoder of frames whose features are read in their order by a recurrent or temporal network.

    Networks over vectors read the mean over all places of the frame encoder's map; networks over maps read the map.
    The tap ``frames`` is the map of the frame encoder.

    Args:
        frames: config of an encoder with a map of axes ``BCTHW``, ``BTNC`` or ``BCT``, without ``in_channels``. An
            encoder that thins out the times gives a shorter sequence.
        sequence: config of a :class:`SequenceNetwork`, without ``in_channels``.
        in_channels: channels of the input: 3 for RGB, 2 for flow.
        frozen_frames: True to keep the frame encoder as it is: no gradient, fixed batch statistics.

    Shapes: ``data`` ``[B, in_channels, T, H, W]``, ``valid`` bool ``[B, T]`` -> ``map`` ``[B, out_channels, T]``, or
    ``[B, out_channels, T, H', W']`` of networks over maps.

    Raises:
        InputError: If the map of the frame encoder does not fit; on use, for data of another shape.
    """

    def __init__(
        self,
        *,
        frames: Mapping[str, Any],
        sequence: Mapping[str, Any],
        in_channels: int = 3,
        frozen_frames: bool = False,
    ) -> None:
        super().__init__()
        self.frames: Encoder = MODELS.build({**frames, "in_channels": in_channels})
        self.sequence: SequenceNetwork = MODELS.build({**sequence, "in_channels": self.frames.out_channels})
        axes = ("BCTHW", "BTNC", "BCT") if self.sequence.input_axes == "BCT" else ("BCTHW",)
        if self.frames.output_axes not in axes:
            fail("map of FrameSequenceEncoder.frames", f"have axes {' or '.join(axes)}", self.frames.output_axes)
        self.in_channels = in_channels
        self.out_channels = self.sequence.out_channels
        self.pooled_channels = self.sequence.pooled_channels
        self.output_axes = self.sequence.output_axes
        self.frozen_frames = frozen_frames
        if frozen_frames:
            self.frames.requires_grad_(False)

    def train(self, mode: bool = True) -> FrameSequenceEncoder:
        super().train(mode)
        if self.frozen_frames:
            self.frames.eval()
        return self

    def forward(self, data: Tensor, valid: Tensor) -> EncoderOutput:
        check_shape(f"input of {type(self).__name__}", data, ["B", self.in_channels, "T", "H", "W"])
        with torch.set_grad_enabled(torch.is_grad_enabled() and not self.frozen_frames):
            frames = self.frames(data, valid)
        features = frames.map
        if self.sequence.input_axes == "BCT":
            features = mean_over_places(features, self.frames.output_axes)
        output = self.sequence(features, valid_at(valid, features.shape[2]))
        taps = {"frames": frames.map, **output.taps}
        return EncoderOutput(output.map, output.pooled, taps, {**frames.losses, **output.losses})
