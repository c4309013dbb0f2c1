"""Adapter to mmaction2's SlowFast networks, which have two pathways."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from triad.modalities.checks import check_choice, check_shape, fail
from triad.modalities.encoder import Encoder, EncoderOutput
from triad.modalities.registry import MODELS
from triad.modalities.video_encoders.adapters.mmaction2_backbones import build_mmaction2
from triad.modalities.weights import load_weights


class _Setting(NamedTuple):
    depth: int
    slow_stride: int
    speed_ratio: int
    lateral_kernel: int


_SETTINGS = {
    "slowfast_r50_4x16": _Setting(depth=50, slow_stride=8, speed_ratio=8, lateral_kernel=5),
    "slowfast_r50_8x8": _Setting(depth=50, slow_stride=4, speed_ratio=4, lateral_kernel=7),
    "slowfast_r101_8x8": _Setting(depth=101, slow_stride=4, speed_ratio=4, lateral_kernel=7),
}


def _options(setting: _Setting, in_channels: int) -> dict[str, Any]:
    shared = {"type": "resnet3d", "depth": setting.depth, "in_channels": in_channels, "pretrained": None}
    shared |= {"conv1_stride_t": 1, "pool1_stride_t": 1}
    slow = {
        "lateral": True,
        "conv1_kernel": (1, 7, 7),
        "inflate": (0, 0, 1, 1),
        "fusion_kernel": setting.lateral_kernel,
    }
    fast = {"lateral": False, "conv1_kernel": (5, 7, 7), "base_channels": 8}
    return {
        "pretrained": None,
        "resample_rate": setting.slow_stride,
        "speed_ratio": setting.speed_ratio,
        "channel_ratio": 8,
        "slow_pathway": {**shared, **slow},
        "fast_pathway": {**shared, **fast},
    }


@MODELS.register_module()
class Mmaction2SlowFast(Encoder):
    """SlowFast network of mmaction2 (Feichtenhofer et al. 2019, SlowFast Networks for Video Recognition).

    The map is the slow pathway's, with the mean of the fast pathway over the times of each slow one beside it: its mean
    over times is the concatenation of both pathways' means, which the paper classifies.

    Args:
        backbone: ``slowfast_r50_4x16``, ``slowfast_r50_8x8`` or ``slowfast_r101_8x8``, depth and number of slow times ×
            their stride in a video of 64 frames, of which the network reads every second one.
        in_channels: channels of the input: 3 for RGB, 2 for flow.
        weights: path of a local checkpoint of mmaction2, whose keys ``backbone.…`` are read; None for random weights.

    Shapes: ``data`` ``[B, in_channels, T, H, W]``, T a multiple of 8 -> ``map`` ``[B, 2304, T / 8, H / 32, W / 32]``,
    in the 8×8 networks T / 4; ``taps`` ``slow`` with 2048 channels and ``fast`` ``[B, 256, T, H / 32, W / 32]``.

    Raises:
        ImportError: without mmaction2, naming the command that installs it.
        InputError: for an unknown backbone or a file that does not fit, and on use for ``data`` of another shape.
    """

    output_axes = "BCTHW"
    out_channels = 2304

    def __init__(self, *, backbone: str, in_channels: int = 3, weights: str | Path | None = None) -> None:
        super().__init__()
        check_choice("Mmaction2SlowFast.backbone", backbone, _SETTINGS)
        setting = _SETTINGS[backbone]
        self.in_channels = in_channels
        self.speed_ratio = setting.speed_ratio
        self.times_divisor = max(setting.slow_stride, setting.speed_ratio)
        self.network = build_mmaction2("ResNet3dSlowFast", _options(setting, in_channels))
        if weights is not None:
            load_weights(self.network, weights)

    def forward(self, data: Tensor, valid: Tensor) -> EncoderOutput:
        check_shape(f"input of {type(self).__name__}", data, ["B", self.in_channels, "T", "H", "W"])
        if data.shape[2] % self.times_divisor:
            must = f"have a multiple of {self.times_divisor} times"
            fail(f"input of {type(self).__name__}", must, data.shape[2], "change num_frames of the stream")
        slow, fast = self.network(data)
        fast_at_slow_times = F.avg_pool3d(fast, (self.speed_ratio, 1, 1))
        return EncoderOutput(torch.cat((slow, fast_at_slow_times), 1), taps={"slow": slow, "fast": fast})
