"""Lateral connections of RGBPose-Conv3D."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from torch import Tensor, nn

from triad.fusion.models.paired.paired_encoder import PairedEncoder, check_steps
from triad.modalities.checks import fail
from triad.modalities.registry import MODELS
from triad.modalities.weights import load_weights

SPEED_RATIO = 4
"""Times of the pose pathway a time of the RGB pathway."""
_EXCHANGES = ((512, 128), (1024, 256))
"""Channels of RGB and of the pose at each exchange."""
_INFLATION = 16
_MMACTION2_KEY = re.compile(r"(?:backbone\.)?(rgb|pose)_path\.layer(\d)_lateral\.(conv|bn)\.(\w+)")


@MODELS.register_module()
class RgbPoseConv3d(PairedEncoder):
    """RGBPose-Conv3D (Duan et al. 2022, Revisiting Skeleton-based Action Recognition, §4.3).

    After the second and the third stage of RGB, which are the first and the second of the pose, each pathway reads the
    other's map beside its own: the pose's four times are convolved into one of RGB, which is convolved back into four
    of the pose. The pathways are :class:`~triad.modalities.video_encoders.RgbPosePathway`. Started from RGB and pose
    networks that were trained alone, whose kernels of the other's channels are then zeros, the two answers are those of
    late fusion exactly. Each pathway has a head and the answers are averaged, as in the paper.

    Args:
        step_shapes: shape of the map after each step of each stream's encoder.
        rgb: name of the stream with the pathway ``rgb``.
        pose: name of the stream with the pathway ``pose``, which has four times as many times.
        weights: path of a local checkpoint of mmaction2's RGBPose-Conv3D; None for random weights. The pathways take
            the same file by ``streams.NAME.encoder.weights``.

    Raises:
        InputError: If a stream's encoder has other maps, or the file does not fit.
    """

    stops = ((3, 2), (4, 3))

    def __init__(
        self,
        *,
        step_shapes: Mapping[str, Sequence[tuple[int, ...]]],
        rgb: str,
        pose: str,
        weights: str | Path | None = None,
    ) -> None:
        super().__init__()
        self.streams = (rgb, pose)
        check_steps(type(self).__name__, self.streams, step_shapes)
        for stops, channels in zip(self.stops, _EXCHANGES, strict=True):
            shapes = [step_shapes[name][stop - 1] for name, stop in zip(self.streams, stops, strict=True)]
            if tuple(shape[0] for shape in shapes) != channels or shapes[0][1] * SPEED_RATIO != shapes[1][1]:
                must = f"have maps of {channels[0]} and {channels[1]} channels with {SPEED_RATIO} times a time of RGB"
                cure = "use RgbPosePathway for both, and four times as many num_frames for the pose"
                fail(f"streams '{rgb}' and '{pose}' of RgbPoseConv3d", must, f"{shapes[0]} and {shapes[1]}", cure)
        self.to_rgb = nn.ModuleList([TimesMerged(of_pose) for _, of_pose in _EXCHANGES])
        self.to_pose = nn.ModuleList([TimesSplit(of_rgb, of_rgb // _INFLATION) for of_rgb, _ in _EXCHANGES])
        if weights is not None:
            load_weights(self, weights, rename=_own_key, classifier=("rgb_path.", "pose_path.", "backbone."))

    def send(self, index: int, source: str, state: Tensor, size: Sequence[int]) -> Tensor:
        return (self.to_pose if source == self.streams[0] else self.to_rgb)[index](state)

    def receive(self, index: int, target: str, state: Tensor, message: Tensor | None) -> Tensor:
        return state if message is None else torch.cat([state, message], dim=1)


class TimesMerged(nn.Module):
    """Convolution over 7 times with a step of 4: ``[B, C, T, H, W]`` -> ``[B, C, T / 4, H, W]``."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = nn.Conv3d(channels, channels, (7, 1, 1), (SPEED_RATIO, 1, 1), (3, 0, 0), bias=False)

    def forward(self, data: Tensor) -> Tensor:
        return self.conv(data)


class TimesSplit(nn.Module):
    """Transposed convolution over 7 times with a step of 4, norm and ReLU.

    Shapes: ``[B, in_channels, T, H, W]`` -> ``[B, out_channels, 4 T, H, W]``.
    """

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        stride = (SPEED_RATIO, 1, 1)
        # one time more at the end than the default, so that the times are exactly four times as many
        self.conv = nn.ConvTranspose3d(in_channels, out_channels, (7, 1, 1), stride, (3, 0, 0), (3, 0, 0), bias=False)
        self.bn = nn.BatchNorm3d(out_channels)

    def forward(self, data: Tensor) -> Tensor:
        return self.bn(self.conv(data)).relu()


def _own_key(key: str) -> str:
    """Return the name of a lateral connection here from mmaction2's, which numbers it by the pathway's stage."""
    lateral = _MMACTION2_KEY.fullmatch(key)
    if lateral is None:
        return key
    target, stage, layer, tensor = lateral.groups()
    first_stage = {"rgb": 2, "pose": 1}[target]
    return f"to_{target}.{int(stage) - first_stage}.{layer}.{tensor}"
