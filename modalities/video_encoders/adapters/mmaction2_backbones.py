"""Backbones of mmaction2: how each is built, in the settings of mmaction2's own configs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

from mmengine.model import BaseModule
from mmengine.registry import DefaultScope
from torch import nn

from triad.modalities.meta_device import is_on_meta
from triad.modalities.openmmlab import import_mmaction
from triad.modalities.video_encoders.layers import PerFrame


class Backbone(NamedTuple):
    """Convolutional backbone whose stages run in order; parts of 2D networks run on every frame.

    Attributes:
        class_name: name of the class in ``mmaction.models``.
        options: arguments of the class.
        stages: names of the modules of each stage.
        out_channels: channels of the map.
        image_modules: names of the modules that read images, ``[N, C, H, W]``.
        num_frames: number of frames that the network is made for; None where any number will do.
    """

    class_name: str
    options: Mapping[str, Any]
    stages: tuple[tuple[str, ...], ...]
    out_channels: int
    image_modules: tuple[str, ...] = ()
    num_frames: int | None = None


_IMAGE_LAYERS = ("conv1", "layer1", "layer2", "layer3", "layer4")
_C2D = (("conv1", "maxpool3d_1"), ("layer1", "maxpool3d_2"), ("layer2",), ("layer3",), ("layer4",))
_RESNET = (("conv1", "maxpool"), ("layer1",), ("layer2",), ("layer3",), ("layer4",))
_RESNET_POOL2 = (("conv1", "maxpool"), ("layer1", "pool2"), ("layer2",), ("layer3",), ("layer4",))

_I3D = {
    "depth": 50,
    "conv1_kernel": (5, 7, 7),
    "conv1_stride_t": 2,
    "pool1_stride_t": 2,
    "inflate": ((1, 1, 1), (1, 0, 1, 0), (1, 0, 1, 0, 1, 0), (0, 1, 0)),
}
_I3D_HEAVY = {**_I3D, "inflate": (1, 1, 1, 1), "conv1_stride_t": 1, "pool1_stride_t": 1}


def _non_local(mode: str) -> Backbone:
    """Return ResNet-I3D with five non-local blocks, in every second block of its second and third stage."""
    blocks = {"sub_sample": True, "use_scale": False, "norm_cfg": {"type": "BN3d"}, "mode": mode}
    places = ((0, 0, 0), (0, 1, 0, 1), (0, 1, 0, 1, 0, 1), (0, 0, 0))
    return Backbone("ResNet3d", {**_I3D, "non_local": places, "non_local_cfg": blocks}, _RESNET_POOL2, 2048)


def _csn(depth: int, mode: str) -> Backbone:
    options = {"depth": depth, "pretrained": None, "pretrained2d": False, "with_pool2": False, "bottleneck_mode": mode}
    return Backbone("ResNet3dCSN", options, _RESNET, 2048)


_POSEC3D = {
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
}
_R2PLUS1D = {
    "depth": 34,
    "pretrained": None,
    "pretrained2d": False,
    "conv_cfg": {"type": "Conv2plus1d"},
    "norm_cfg": {"type": "BN3d", "eps": 1e-3},  # published with SyncBN, which does not run on a CPU
    "conv1_kernel": (3, 7, 7),
    "conv1_stride_t": 1,
    "pool1_stride_t": 1,
    "inflate": (1, 1, 1, 1),
    "spatial_strides": (1, 2, 2, 2),
    "temporal_strides": (1, 2, 2, 2),
}

BACKBONES: Mapping[str, Backbone] = {
    "c2d_r50": Backbone("C2D", {"depth": 50}, _C2D, 2048, _IMAGE_LAYERS),
    "i3d_r50": Backbone("ResNet3d", _I3D, _RESNET_POOL2, 2048),
    "i3d_r50_heavy": Backbone("ResNet3d", _I3D_HEAVY, _RESNET_POOL2, 2048),
    "i3d_r50_nl_dot_product": _non_local("dot_product"),
    "i3d_r50_nl_embedded_gaussian": _non_local("embedded_gaussian"),
    "i3d_r50_nl_gaussian": _non_local("gaussian"),
    "ipcsn_r152": _csn(152, "ip"),
    "ircsn_r152": _csn(152, "ir"),
    "ircsn_r50": _csn(50, "ir"),
    "posec3d": Backbone("ResNet3dSlowOnly", _POSEC3D, _RESNET[:4], 512),
    "r2plus1d_r34": Backbone("ResNet2Plus1d", _R2PLUS1D, _RESNET, 512),
    "slowonly_r50": Backbone("ResNet3dSlowOnly", {"depth": 50}, _RESNET, 2048),
    "tanet_r50": Backbone(
        "TANet", {"depth": 50, "num_segments": 8}, _RESNET, 2048, (*_IMAGE_LAYERS, "maxpool"), num_frames=8
    ),
    "x3d": Backbone(
        "X3D",
        {"gamma_w": 1, "gamma_b": 2.25, "gamma_d": 2.2},
        (("conv1_s", "conv1_t"), ("layer1",), ("layer2",), ("layer3",), ("layer4", "conv5")),
        432,
    ),
}


def build_mmaction2(class_name: str, options: Mapping[str, Any]) -> nn.Module:
    """Return a network of ``mmaction.models`` with its own initialisation.

    Args:
        class_name: name of the class.
        options: arguments of the class.

    Raises:
        ImportError: without mmaction2, naming the command that installs it.
    """
    models = import_mmaction().models
    with DefaultScope.overwrite_default_scope("mmaction"):  # its own defaults are bare strings of that scope
        with _initialisation_postponed():
            network = getattr(models, class_name)(**options)
        if not is_on_meta(network):  # mmengine's initialisation reads values
            network.init_weights()
    return network


@contextmanager
def _initialisation_postponed() -> Iterator[None]:
    """Keep constructors from initialising in the block: TANet's does, which fails on the meta device.

    Its ``init_weights`` then does nothing, so that its convolutions keep torch's initialisation.
    """
    initialise = BaseModule.init_weights
    BaseModule.init_weights = lambda _: None
    try:
        yield
    finally:
        BaseModule.init_weights = initialise


def build_stages(backbone: Backbone, network: nn.Module) -> list[nn.Module]:
    """Return the stages of a built backbone, as modules ``[B, C, T, H, W]`` -> ``[B, C', T', H', W']``."""

    def module(name: str) -> nn.Module:
        part = network.get_submodule(name)
        return PerFrame(part) if name in backbone.image_modules else part

    return [nn.Sequential(*map(module, names)) for names in backbone.stages]
