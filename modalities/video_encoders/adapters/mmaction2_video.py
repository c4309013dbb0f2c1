"""Adapter to mmaction2's video backbones."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from mmengine.registry import DefaultScope
from torch import nn

from modalities.checks import check_choice
from modalities.meta_device import is_on_meta
from modalities.openmmlab import import_mmaction
from modalities.registry import MODELS
from modalities.video_encoders.staged import StagedVideoEncoder
from modalities.weights import load_weights


class _Backbone(NamedTuple):
    class_name: str
    options: dict[str, Any]
    stages: Sequence[Sequence[str]]
    out_channels: int


_BACKBONES = {
    "slowonly_r50": _Backbone(
        "ResNet3dSlowOnly",
        {"depth": 50},
        (("conv1", "maxpool"), ("layer1",), ("layer2",), ("layer3",), ("layer4",)),
        2048,
    ),
    "posec3d": _Backbone(
        "ResNet3dSlowOnly",
        {
            "depth": 50,
            "base_channels": 32,
            "num_stages": 3,
            "out_indices": (2,),
            "stage_blocks": (4, 6, 3),
            "conv1_stride_s": 1,
            "pool1_stride_s": 1,
            "inflate": (0, 1, 1),
            "spatial_strides": (2, 2, 2),
            "temporal_strides": (1, 1, 2),
            "dilations": (1, 1, 1),
        },
        (("conv1", "maxpool"), ("layer1",), ("layer2",), ("layer3",)),
        512,
    ),
    "x3d": _Backbone(
        "X3D",
        {"gamma_w": 1, "gamma_b": 2.25, "gamma_d": 2.2},
        (("conv1_s", "conv1_t"), ("layer1",), ("layer2",), ("layer3",), ("layer4", "conv5")),
        432,
    ),
}


@MODELS.register_module()
class Mmaction2Video(StagedVideoEncoder):
    """Backbone of mmaction2, up to its last feature map.

    ``slowonly_r50``: the slow pathway alone (Feichtenhofer et al. 2019, SlowFast Networks for Video Recognition), 4 or
    8 frames of 224². ``x3d``: X3D-S at 13×160² and X3D-M at 16×224², which are one network (Feichtenhofer 2020, X3D:
    Expanding Architectures for Efficient Video Recognition). ``posec3d``: the slow pathway, narrower and shallower,
    without a stride in its stem, for heat maps of 56² with a channel for each joint or limb (Duan et al. 2022,
    Revisiting Skeleton-based Action Recognition).

    Args:
        backbone: name of the network: ``slowonly_r50``, ``x3d`` or ``posec3d``.
        in_channels: channels of the input: 3 for RGB, 2 for flow, the number of heat maps; kernels published for
            another number are averaged in the first convolution.
        weights: path of a local checkpoint of mmaction2 or, for ResNets, of a ResNet for images of torchvision or timm,
            whose kernels are inflated; None for random weights.

    Raises:
        ImportError: without mmaction2, naming the command that installs it.
        InputError: for an unknown backbone or a file that does not fit.
    """

    def __init__(self, *, backbone: str, in_channels: int = 3, weights: str | Path | None = None) -> None:
        check_choice("Mmaction2Video.backbone", backbone, _BACKBONES)
        spec = _BACKBONES[backbone]
        backbones = import_mmaction().models
        with DefaultScope.overwrite_default_scope("mmaction"):  # its own defaults are bare strings of that scope
            network = getattr(backbones, spec.class_name)(in_channels=in_channels, **spec.options)
            if not is_on_meta(network):  # mmengine's initialisation reads values
                network.init_weights()
        if weights is not None:
            load_weights(network, weights)
        stages = [nn.Sequential(*(network.get_submodule(name) for name in names)) for names in spec.stages]
        super().__init__(stages=stages, in_channels=in_channels, out_channels=spec.out_channels)
