"""Adapter to timm's image networks, run on every frame."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import torch
from torch import Tensor, nn

from triad.modalities.checks import did_you_mean, fail
from triad.modalities.registry import MODELS
from triad.modalities.video_encoders.adapters.efficientnet_lite import WEIGHT_PACKAGES, find_package_file, timm_names
from triad.modalities.video_encoders.framewise import FramewiseEncoder
from triad.modalities.weights import load_weights
from triad.modalities.weights.published_files import published_cure


class TimmFeatures(nn.Module):
    """Network of timm without its classifier; its features are a map with channels first, or tokens.

    Args:
        network: network of timm, built with ``num_classes=0``.

    Shapes: ``[N, C, H, W]`` -> ``[N, C', H', W']`` or ``[N, L, C']``.
    """

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network: Any = network
        self.channels_last = getattr(network, "output_fmt", "NCHW") == "NHWC"

    def forward(self, frames: Tensor) -> Tensor:
        features = self.network.forward_features(frames)
        return features.permute(0, 3, 1, 2) if self.channels_last and features.ndim == 4 else features

    def pool(self, features: Tensor) -> Tensor:
        """Return timm's own vector of each image, ``[N, C', H', W']`` or ``[N, L, C']`` -> ``[N, P]``."""
        if self.channels_last and features.ndim == 4:
            features = features.permute(0, 2, 3, 1)
        return self.network.forward_head(features, pre_logits=True)


@MODELS.register_module()
class TimmImage(FramewiseEncoder):
    """Image network of timm on every frame, up to its last feature map or tokens.

    Convolutional networks and Swin give a map, ViT-like ones tokens. EfficientNets can be frozen by stage. The pooled
    vector is the network's own, averaged over valid times, where it is more than a mean over places: a class token,
    layers after the pooling.

    Args:
        network: name of the model in timm, e.g. ``tf_efficientnet_lite0`` or ``vit_small_patch16_224``.
        in_channels: channels of the input: 3 for RGB, 2 for flow; kernels published for another number are averaged in
            the first convolution.
        image_size: height and width of the input, for networks that are built for one size (ViT, Swin); None for the
            published one.
        weights: path of a local file with timm's published weights, or ``efficientnet_lite0`` (``1``, ``2``) for the
            ImageNet weights that the package of this name carries; None for random weights. Nothing is downloaded.

    Raises:
        ImportError: without timm, naming the command that installs it.
        InputError: for an unknown network, a file that does not fit, or a package of weights that is not installed.
    """

    def __init__(
        self,
        *,
        network: str,
        in_channels: int = 3,
        image_size: Sequence[int] | None = None,
        weights: str | Path | None = None,
    ) -> None:
        timm = import_timm()
        if not timm.is_model(network):
            got = f"'{network}'{did_you_mean(network, timm.list_models())}"
            fail("TimmImage.network", "be a model of timm, see timm.list_models()", got)
        options = {} if image_size is None else {"img_size": tuple(image_size)}
        model = timm.create_model(network, pretrained=False, num_classes=0, in_chans=in_channels, **options)
        if weights is not None:
            _load(model, network, weights)
        features = TimmFeatures(model)
        size = image_size or model.default_cfg["input_size"][1:]
        shape, pooled_channels = _probe(features, (1, in_channels, *size))
        has_tokens = len(shape) == 3
        super().__init__(
            stages=[features] if has_tokens or pooled_channels else _stages(features),
            in_channels=in_channels,
            out_channels=shape[2] if has_tokens else shape[1],
            prefix_tokens=getattr(model, "num_prefix_tokens", 0) if has_tokens else None,
            pooled_channels=pooled_channels,
        )

    def pool_frames(self, frames: Tensor) -> Tensor:
        features: Any = self.layers[0]
        return features.pool(frames)


def _stages(features: TimmFeatures) -> list[nn.Module]:
    """Return the stages of an EfficientNet, which can be frozen by depth, or other networks as one stage."""
    children = dict(features.network.named_children())
    if not {"conv_stem", "bn1", "blocks", "conv_head", "bn2"} <= set(children):
        return [features]
    stem = nn.Sequential(children["conv_stem"], children["bn1"])
    return [stem, *children["blocks"].children(), nn.Sequential(children["conv_head"], children["bn2"])]


def import_timm() -> ModuleType:
    """Return the package ``timm``.

    Raises:
        ImportError: without timm, naming the command that installs it.
    """
    try:
        import timm
    except ImportError as error:
        raise ImportError(
            "timm is not installed; run `pip install 'triad[pretrained]'`, or `pip install timm`"
        ) from error
    return timm


def _probe(features: TimmFeatures, input_shape: Sequence[int]) -> tuple[tuple[int, ...], int | None]:
    """Return the shape of the features of one image and the length of timm's own pooled vector.

    The length is None where that vector is a mean over places, which heads take as well.
    """
    on_meta = copy.deepcopy(features).to("meta").eval().requires_grad_(True)
    output = on_meta(torch.empty(*input_shape, device="meta"))
    pooled = on_meta.pool(output.detach())  # requires a gradient where layers follow the pooling
    takes_token = output.ndim == 3 and getattr(features.network, "global_pool", "") == "token"
    return tuple(output.shape), pooled.shape[1] if pooled.requires_grad or takes_token else None


def _load(model: Any, network: str, weights: str | Path) -> None:
    """Load a file of timm, or the file of a package of weights, into a network without its classifier."""
    config: Mapping[str, Any] = model.default_cfg
    classifier = config["classifier"]
    names = (classifier,) if isinstance(classifier, str) else tuple(classifier)
    is_package = str(weights) in WEIGHT_PACKAGES
    if is_package and not network.startswith(f"tf_{weights}"):
        fail("TimmImage.network", f"be tf_{weights} for the weights '{weights}'", f"'{network}'")
    load_weights(
        model,
        find_package_file(str(weights)) if is_package else weights,
        classifier=[f"{name}." for name in names],
        rename=timm_names([len(stage) for stage in model.blocks]) if is_package else None,
        cure=published_cure("TimmImage", network=network),
    )
