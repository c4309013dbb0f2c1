"""S3D-G: S3D whose branches are gated by their own mean over space and time."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn
from torchvision.models import video
from torchvision.models.video.s3d import SepInceptionBlock3D

from triad.modalities.registry import MODELS
from triad.modalities.video_encoders.layers import replace_input_conv
from triad.modalities.video_encoders.staged import StagedVideoEncoder
from triad.modalities.weights import load_weights


class SelfGating(nn.Module):
    """Product of every channel with a gate, a sigmoid of a linear map of all channels' means (§4.2 of the paper).

    Args:
        channels: number of channels.

    Shapes: ``[B, channels, T, H, W]`` -> the same.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.transform = nn.Conv3d(channels, channels, 1, bias=False)
        nn.init.trunc_normal_(self.transform.weight, std=0.01)

    def forward(self, data: Tensor) -> Tensor:
        return torch.sigmoid(self.transform(data.mean((2, 3, 4), keepdim=True))) * data


@MODELS.register_module()
class S3dG(StagedVideoEncoder):
    """S3D-G (Xie et al. 2018, Rethinking Spatiotemporal Feature Learning): torchvision's S3D with gates.

    As in the authors' code, the second convolution block and the four branches of every Inception block are gated. The
    paper counts 11.56 million parameters in another code; this network has 9.54 with 400 classes.

    Args:
        in_channels: channels of the input: 3 for RGB, 2 for flow.
        weights: path of a local file with torchvision's weights of S3D; the gates keep random weights.

    Shapes: ``data`` ``[B, in_channels, T, H, W]``, T at least 8 -> ``map`` ``[B, 1024, T / 8, H / 32, W / 32]``.

    Raises:
        InputError: for a file that does not fit, and on use for ``data`` of another shape.
    """

    def __init__(self, *, in_channels: int = 3, weights: str | Path | None = None) -> None:
        model = video.s3d()
        if in_channels != 3:
            replace_input_conv(model, "features.0.0.0", in_channels)
        if weights is not None:
            load_weights(model, weights, classifier=("classifier.",))
        features = model.features
        features[3] = _gated(features[3])
        for block in features.children():
            if isinstance(block, SepInceptionBlock3D):
                for name in ("branch0", "branch1", "branch2", "branch3"):
                    setattr(block, name, _gated(getattr(block, name)))
        stages = [features[:2], features[2:4], features[4:7], features[7:13], features[13:]]
        super().__init__(stages=stages, in_channels=in_channels, out_channels=1024)


def _gated(branch: nn.Module) -> nn.Sequential:
    """Return a branch and a gate of the channels of its last convolution."""
    convolutions = [module for module in branch.modules() if isinstance(module, nn.Conv3d)]
    return nn.Sequential(branch, SelfGating(convolutions[-1].out_channels))
