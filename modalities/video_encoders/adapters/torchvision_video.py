"""Adapter to torchvision's video networks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from torch import nn
from torchvision.models import video

from triad.modalities.checks import check_choice
from triad.modalities.registry import MODELS
from triad.modalities.video_encoders.layers import replace_input_conv
from triad.modalities.video_encoders.staged import StagedVideoEncoder
from triad.modalities.weights import load_weights
from triad.modalities.weights.published_files import published_cure


def _resnet_stages(network: video.VideoResNet) -> list[nn.Module]:
    return [network.stem, network.layer1, network.layer2, network.layer3, network.layer4]


def _s3d_stages(network: video.S3D) -> list[nn.Module]:
    """Return Conv1 with its pool, Conv2, Mixed3, Mixed4 and Mixed5, each later stage with the pool before it."""
    features = network.features
    return [features[:2], features[2:4], features[4:7], features[7:13], features[13:]]


class _Network(NamedTuple):
    build: Callable[[], nn.Module]
    stages: Callable[..., Sequence[nn.Module]]
    input_conv: str
    classifier: tuple[str, ...]
    out_channels: int


_NETWORKS = {
    "r2plus1d_18": _Network(video.r2plus1d_18, _resnet_stages, "stem.0", ("fc.",), 512),
    "r3d_18": _Network(video.r3d_18, _resnet_stages, "stem.0", ("fc.",), 512),
    "mc3_18": _Network(video.mc3_18, _resnet_stages, "stem.0", ("fc.",), 512),
    "s3d": _Network(video.s3d, _s3d_stages, "features.0.0.0", ("classifier.",), 1024),
}


@MODELS.register_module()
class TorchvisionVideo(StagedVideoEncoder):
    """Video network of torchvision, up to its last feature map.

    ``r2plus1d_18``, ``r3d_18``, ``mc3_18``: Tran et al. 2018, A Closer Look at Spatiotemporal Convolutions, published
    for 16×112². ``s3d``: Xie et al. 2018, Rethinking Spatiotemporal Feature Learning, for 16 or more frames of 224².

    Args:
        network: name of the network: ``r2plus1d_18``, ``r3d_18``, ``mc3_18`` or ``s3d``.
        in_channels: channels of the input: 3 for RGB, 2 for flow. With another number than 3 the first convolution is
            new, and published kernels are averaged into it.
        weights: path of a local file with torchvision's published weights; None for random weights. Nothing is
            downloaded.

    Raises:
        InputError: for an unknown network or a file that does not fit.
    """

    def __init__(self, *, network: str, in_channels: int = 3, weights: str | Path | None = None) -> None:
        check_choice("TorchvisionVideo.network", network, _NETWORKS)
        spec = _NETWORKS[network]
        model = spec.build()
        if in_channels != 3:
            replace_input_conv(model, spec.input_conv, in_channels)
        if weights is not None:
            cure = published_cure("TorchvisionVideo", network=network)
            load_weights(model, weights, classifier=spec.classifier, cure=cure)
        super().__init__(stages=spec.stages(model), in_channels=in_channels, out_channels=spec.out_channels)
