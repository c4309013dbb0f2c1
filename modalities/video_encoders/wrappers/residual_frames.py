"""Residual frames: differences of neighbouring frames as the input of a network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from triad.modalities.checks import check_shape, fail
from triad.modalities.encoder import Encoder, EncoderOutput
from triad.modalities.registry import MODELS


def residual_frames(data: Tensor, valid: Tensor) -> tuple[Tensor, Tensor]:
    """Return the difference of each frame and the one before it, and which of them are valid.

    A difference is valid where both frames are; the others are zero.

    Shapes: ``data`` ``[B, C, T, H, W]``, ``valid`` bool ``[B, T]`` -> ``[B, C, T - 1, H, W]``, bool ``[B, T - 1]``.

    Raises:
        InputError: for a single frame.
    """
    if data.shape[2] < 2:
        fail("clip of residual_frames", "have at least 2 frames", data.shape[2])
    both_valid = valid[:, 1:] & valid[:, :-1]
    differences = data[:, :, 1:] - data[:, :, :-1]
    return torch.where(both_valid[:, None, :, None, None], differences, 0.0), both_valid


@MODELS.register_module()
class ResidualFrames(Encoder):
    """Network over differences of neighbouring frames (Tao et al. 2020, Rethinking Motion Representation: Residual
    Frames with 3D ConvNets).

    They show motion without the cost of optical flow, and little appearance: the paper's second path is an image
    network on RGB frames. Here that is late fusion of two streams. As with flow, a clip of T frames gives T - 1
    differences and no invented last one.

    Args:
        trunk: config of the network that reads the differences, any encoder of clips, without ``in_channels``.
        in_channels: channels of the input: 3 for RGB.

    Shapes: ``data`` ``[B, in_channels, T, H, W]``, ``valid`` bool ``[B, T]`` -> the trunk's output for
    ``[B, in_channels, T - 1, H, W]``; taps of the trunk and ``residual_frames``.

    Raises:
        InputError: on use, for data of another shape or a single frame.
    """

    def __init__(self, *, trunk: Mapping[str, Any], in_channels: int = 3) -> None:
        super().__init__()
        self.trunk: Encoder = MODELS.build({**trunk, "in_channels": in_channels})
        self.in_channels = in_channels
        self.out_channels = self.trunk.out_channels
        self.pooled_channels = self.trunk.pooled_channels
        self.output_axes = self.trunk.output_axes

    def forward(self, data: Tensor, valid: Tensor) -> EncoderOutput:
        check_shape(f"input of {type(self).__name__}", data, ["B", self.in_channels, "T", "H", "W"])
        differences, both_valid = residual_frames(data, valid)
        output = self.trunk(differences, both_valid)
        taps = {"residual_frames": differences, **output.taps}
        return EncoderOutput(output.map, output.pooled, taps, output.losses)
