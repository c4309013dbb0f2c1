"""Adapter to mmaction2's video backbones."""

from __future__ import annotations

from pathlib import Path

from torch import Tensor

from triad.modalities.checks import check_choice, fail
from triad.modalities.encoder import EncoderOutput
from triad.modalities.registry import MODELS
from triad.modalities.video_encoders.adapters.mmaction2_backbones import BACKBONES, build_mmaction2, build_stages
from triad.modalities.video_encoders.staged import StagedVideoEncoder
from triad.modalities.weights import load_weights
from triad.modalities.weights.published_files import published_cure


@MODELS.register_module()
class Mmaction2Video(StagedVideoEncoder):
    """Backbone of mmaction2, up to its last feature map.

    ``i3d_r50``: ResNet-I3D, for 32 frames of 224² (Wang et al. 2018, Non-local Neural Networks), also with five
    non-local blocks in three of their forms and, ``heavy``, with all kernels inflated and all times kept.
    ``ipcsn_r152``, ``ircsn_r152``, ``ircsn_r50``: Tran et al. 2019, Video Classification with Channel-Separated
    Convolutional Networks, 32 frames of 224². ``r2plus1d_r34``: Tran et al. 2018, A Closer Look at Spatiotemporal
    Convolutions, 8 frames of 224².
    ``slowonly_r50``: the slow pathway alone (Feichtenhofer et al. 2019, SlowFast Networks for Video Recognition), 4 or
    8 frames of 224². ``x3d``: X3D-S at 13×160² and X3D-M at 16×224², which are one network (Feichtenhofer 2020, X3D:
    Expanding Architectures for Efficient Video Recognition). ``posec3d``: the slow pathway, narrower and shallower,
    without a stride in its stem, for heat maps of 56² with a channel for each joint or limb (Duan et al. 2022,
    Revisiting Skeleton-based Action Recognition). On every frame, with time in between: ``c2d_r50``, whose first pools
    halve time (Wang et al. 2018), and ``tanet_r50`` for exactly 8 frames, whose temporal kernels follow from the clip
    (Liu et al. 2021, TAM: Temporal Adaptive Module).

    Args:
        backbone: name of the network, one of ``BACKBONES``.
        in_channels: channels of the input: 3 for RGB, 2 for flow, the number of heat maps; kernels published for
            another number are averaged in the first convolution.
        weights: path of a local checkpoint of mmaction2 or, for ResNets, of a ResNet for images of torchvision or timm,
            whose kernels are inflated; None for random weights.

    Raises:
        ImportError: without mmaction2, naming the command that installs it.
        InputError: for an unknown backbone or a file that does not fit, and on use for ``data`` of another shape.
    """

    def __init__(self, *, backbone: str, in_channels: int = 3, weights: str | Path | None = None) -> None:
        check_choice("Mmaction2Video.backbone", backbone, BACKBONES)
        spec = BACKBONES[backbone]
        network = build_mmaction2(spec.class_name, {**spec.options, "in_channels": in_channels})
        if weights is not None:
            load_weights(network, weights, cure=published_cure("Mmaction2Video", backbone=backbone))
        stages = build_stages(spec, network)
        super().__init__(stages=stages, in_channels=in_channels, out_channels=spec.out_channels)
        self.num_frames = spec.num_frames

    def forward(self, data: Tensor, valid: Tensor) -> EncoderOutput:
        if self.num_frames is not None and data.shape[2] != self.num_frames:
            fail(
                "clip of this network", f"have {self.num_frames} frames", data.shape[2], "set num_frames of the stream"
            )
        return super().forward(data, valid)
