"""Fusion modules of a recognizer in their order, and the vectors that heads read behind them."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from torch import Tensor, nn

from triad.fusion.models.feature_shapes import FeatureShape
from triad.fusion.models.fusion_module import AttentionMap, Features, FusionModule
from triad.modalities.checks import fail
from triad.modalities.encoder import Encoder
from triad.modalities.registry import MODELS


def build_modules(
    attention: Sequence[Mapping[str, Any]], shapes: Mapping[str, FeatureShape], num_classes: int
) -> tuple[nn.ModuleList, dict[str, FeatureShape]]:
    """Return the modules, each built for what those before it leave, and the shapes of the streams that they change.

    Args:
        attention: configs of the modules.
        shapes: shapes of the encoders' features.
        num_classes: number of classes, for modules with classifiers of their own.

    Raises:
        InputError: If a single config is given instead of a list, or a module does not fit.
    """
    if isinstance(attention, Mapping):
        fail("Recognizer.attention", "be a list of fusion modules", "one", "attention=[dict(type=…)]")
    modules = nn.ModuleList()
    changed: dict[str, FeatureShape] = {}
    for settings in attention:
        module = _build_module(settings, {**shapes, **changed}, num_classes)
        changed.update(module.out_shapes)
        modules.append(module)
    return modules, changed


def run_modules(
    modules: nn.ModuleList, features: Features, batch: Mapping[str, Any]
) -> tuple[Features, dict[str, Tensor], dict[str, AttentionMap]]:
    """Return the features after all modules, their auxiliary losses and their attention maps by name.

    Losses of one name are summed; a map whose name is taken gets that of its stream too.
    """
    losses: dict[str, Tensor] = {}
    maps: dict[str, AttentionMap] = {}
    for module in modules:
        output = module(features, batch)
        features = output.features
        for name, value in output.losses.items():
            losses[f"loss_{name}"] = losses[f"loss_{name}"] + value if f"loss_{name}" in losses else value
        for name, one in output.maps.items():
            maps[f"{name} of {one.stream}" if name in maps else name] = one
    return features, losses, maps


def _build_module(settings: Mapping[str, Any], shapes: Mapping[str, FeatureShape], num_classes: int) -> FusionModule:
    passed: dict[str, Any] = {"shapes": dict(shapes)}
    kind: Any = settings["type"]
    if isinstance(kind, str):  # in a config that a runner has dumped
        kind = MODELS.get(kind)
    if "num_classes" in inspect.signature(kind).parameters:
        passed["num_classes"] = num_classes
    module: FusionModule = MODELS.build({**settings, **passed})
    return module


def vector_channels(encoder: Encoder, shape: FeatureShape | None, parts: int) -> int:
    """Return the length of the vector that heads read.

    Args:
        encoder: encoder of the stream.
        shape: shape of the features that fusion modules make of the encoder's; None where they leave them alone.
        parts: number of statistics and bins that are kept of each channel.
    """
    pooled = encoder.pooled_channels if shape is None else shape.pooled_channels
    if pooled is not None:
        return pooled
    channels = encoder.out_channels if shape is None else shape.channels
    return channels * parts if "T" in (encoder.output_axes if shape is None else shape.axes) else channels


def is_pooled(encoder: Encoder, shape: FeatureShape | None) -> bool:
    """Return whether heads pool the stream over time; arguments as of :func:`vector_channels`."""
    pooled = encoder.pooled_channels if shape is None else shape.pooled_channels
    return pooled is None and "T" in (encoder.output_axes if shape is None else shape.axes)


def check_multi_label(modules: Iterable[Any], loss: str) -> None:
    """Check that fusion modules and a joint head can learn from samples of several classes.

    Raises:
        InputError: naming one that is defined for one class a sample.
    """
    for module in modules:
        if getattr(module, "needs_single_label", False):
            got = f"loss='{loss}', of several classes"
            fail(type(module).__name__, "learn from samples of one class", got, "use loss='cross_entropy'")
