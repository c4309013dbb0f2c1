"""Adapter to torchvision's image networks, run on every frame."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torchvision import models

from triad.modalities.checks import check_choice
from triad.modalities.registry import MODELS
from triad.modalities.video_encoders.framewise import FramewiseEncoder
from triad.modalities.video_encoders.layers import find_output_shape, replace_input_conv
from triad.modalities.video_encoders.transformers.layers import resize_grid
from triad.modalities.weights import load_weights
from triad.modalities.weights.published_files import published_cure


class GoogLeNetInput(nn.Module):
    """Change of normalisation from ImageNet's mean and deviation to 0.5 and 0.5.

    torchvision's published GoogLeNet was trained in TensorFlow on values between -1 and 1.

    Shapes: ``[N, 3, H, W]`` -> the same.
    """

    scale: Tensor
    shift: Tensor

    def __init__(self) -> None:
        super().__init__()
        mean = torch.tensor((0.485, 0.456, 0.406)).view(3, 1, 1)
        std = torch.tensor((0.229, 0.224, 0.225)).view(3, 1, 1)
        self.register_buffer("scale", std / 0.5, persistent=False)
        self.register_buffer("shift", (mean - 0.5) / 0.5, persistent=False)

    def forward(self, frames: Tensor) -> Tensor:
        return frames * self.scale + self.shift


class ViTTokens(nn.Module):
    """Tokens of torchvision's ViT, the class token first; positions are interpolated for images of another size.

    Shapes: ``[N, C, H, W]`` -> ``[N, 1 + H/patch · W/patch, C']``.
    """

    def __init__(self, network: models.VisionTransformer) -> None:
        super().__init__()
        self.conv_proj = network.conv_proj
        self.class_token = network.class_token
        self.encoder = network.encoder
        self.side = network.image_size // network.patch_size

    def forward(self, frames: Tensor) -> Tensor:
        grid = self.conv_proj(frames)  # [N, C', h, w]
        tokens = grid.flatten(2).transpose(1, 2)
        tokens = torch.cat([self.class_token.expand(len(tokens), -1, -1), tokens], dim=1)
        return self.encoder.ln(self.encoder.layers(self.encoder.dropout(tokens + self.positions(grid.shape[2:]))))

    def positions(self, size: Sequence[int]) -> Tensor:
        """Return the position of the class token and of a grid of this size, ``[1, 1 + h·w, C']``."""
        positions = self.encoder.pos_embedding
        places = resize_grid(positions[:, 1:], (self.side, self.side), (size[0], size[1]), mode="bicubic")
        return torch.cat([positions[:, :1], places], dim=1)


def _resnet_stages(network: models.ResNet) -> list[nn.Module]:
    stem = nn.Sequential(network.conv1, network.bn1, network.relu, network.maxpool)
    return [stem, network.layer1, network.layer2, network.layer3, network.layer4]


def _googlenet_stages(network: models.GoogLeNet) -> list[nn.Module]:
    """Return the stages that end in a pool, and Inception 5."""
    stages: list[list[nn.Module]] = [[]]
    for name, module in network.named_children():
        if name == "avgpool":
            break
        if not name.startswith("aux"):
            stages[-1].append(module)
        if name.startswith("maxpool"):
            stages.append([])
    return [nn.Sequential(*stage) for stage in stages]


def _feature_stages(network: Any) -> list[nn.Module]:
    return list(network.features)


def _shufflenet_stages(network: models.ShuffleNetV2) -> list[nn.Module]:
    stem = nn.Sequential(network.conv1, network.maxpool)
    return [stem, network.stage2, network.stage3, network.stage4, network.conv5]


def _swin_stages(network: models.SwinTransformer) -> list[nn.Module]:
    return [*network.features, nn.Sequential(network.norm, network.permute)]


def _vit_stages(network: models.VisionTransformer) -> list[nn.Module]:
    return [ViTTokens(network)]


class _Family(NamedTuple):
    stages: Callable[[Any], list[nn.Module]]
    input_conv: str
    classifier: tuple[str, ...]


_RESNET = _Family(_resnet_stages, "conv1", ("fc.",))
_CONV_FEATURES = _Family(_feature_stages, "features.0", ("classifier.",))
_BLOCK_FEATURES = _Family(_feature_stages, "features.0.0", ("classifier.",))
_SHUFFLENET = _Family(_shufflenet_stages, "conv1.0", ("fc.",))
_SWIN = _Family(_swin_stages, "features.0.0", ("head.",))
_VIT = _Family(_vit_stages, "conv_proj", ("heads.",))

_NETWORKS = {
    "alexnet": _CONV_FEATURES,
    "vgg11": _CONV_FEATURES,
    "vgg16": _CONV_FEATURES,
    "vgg16_bn": _CONV_FEATURES,
    "vgg19": _CONV_FEATURES,
    "googlenet": _Family(_googlenet_stages, "conv1.conv", ("fc.", "aux1.", "aux2.")),
    "resnet18": _RESNET,
    "resnet34": _RESNET,
    "resnet50": _RESNET,
    "resnet101": _RESNET,
    "resnet152": _RESNET,
    "resnext50_32x4d": _RESNET,
    "mobilenet_v2": _BLOCK_FEATURES,
    "mobilenet_v3_small": _BLOCK_FEATURES,
    "mobilenet_v3_large": _BLOCK_FEATURES,
    "efficientnet_b0": _BLOCK_FEATURES,
    "shufflenet_v2_x0_5": _SHUFFLENET,
    "shufflenet_v2_x1_0": _SHUFFLENET,
    "swin_t": _SWIN,
    "swin_s": _SWIN,
    "swin_b": _SWIN,
    "vit_b_16": _VIT,
    "vit_b_32": _VIT,
    "vit_l_16": _VIT,
}


@MODELS.register_module()
class TorchvisionImage(FramewiseEncoder):
    """Image network of torchvision on every frame, up to its last feature map or tokens.

    Convolutional networks and Swin give a map; ViT gives tokens, and the mean of its class tokens over valid times.

    Args:
        network: name of the network: ``alexnet``, ``vgg11``, ``vgg16``, ``vgg16_bn``, ``vgg19``, ``googlenet``,
            ``resnet18`` to ``resnet152``, ``resnext50_32x4d``, ``mobilenet_v2``, ``mobilenet_v3_small``,
            ``mobilenet_v3_large``, ``efficientnet_b0``, ``shufflenet_v2_x0_5``, ``shufflenet_v2_x1_0``, ``swin_t``,
            ``swin_s``, ``swin_b``, ``vit_b_16``, ``vit_b_32`` or ``vit_l_16``.
        in_channels: channels of the input: 3 for RGB, 2 for flow. With another number than 3 the first convolution is
            new, and published kernels are averaged into it.
        weights: path of a local file with torchvision's published weights; None for random weights. Nothing is
            downloaded.

    Raises:
        InputError: for an unknown network or a file that does not fit.
    """

    def __init__(self, *, network: str, in_channels: int = 3, weights: str | Path | None = None) -> None:
        family = _NETWORKS[check_choice("TorchvisionImage.network", network, _NETWORKS)]
        model = build_image_network(network, in_channels=in_channels, weights=weights)
        stages = family.stages(model)
        if network == "googlenet" and weights is not None and in_channels == 3:
            stages[0].insert(0, GoogLeNetInput())  # type: ignore[operator]
        shape = find_output_shape(nn.Sequential(*stages), (1, in_channels, 224, 224))
        has_tokens = family is _VIT
        super().__init__(
            stages=stages,
            in_channels=in_channels,
            out_channels=shape[2] if has_tokens else shape[1],
            prefix_tokens=1 if has_tokens else None,
            pooled_channels=shape[2] if has_tokens else None,
        )

    def pool_frames(self, frames: Tensor) -> Tensor:
        return frames[:, 0]  # the class token


def build_image_network(network: str, *, in_channels: int, weights: str | Path | None) -> nn.Module:
    """Return torchvision's network for a number of channels, with its classifier and published or random weights."""
    family = _NETWORKS[network]
    build: Callable[..., nn.Module] = getattr(models, network)
    if network == "googlenet":
        build = partial(build, aux_logits=False, init_weights=True)
    model = build()
    if in_channels != 3:
        replace_input_conv(model, family.input_conv, in_channels)
    if weights is not None:
        cure = published_cure("TorchvisionImage", network=network)
        load_weights(model, weights, classifier=family.classifier, cure=cure)
    return model
