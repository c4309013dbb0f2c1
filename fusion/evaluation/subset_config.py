"""Config of a joint model that reads some of its streams alone."""

from __future__ import annotations

from collections.abc import Collection, Mapping, MutableMapping, Sequence
from typing import Any

from mmengine.config import Config

from triad.fusion.training.config import share_streams
from triad.modalities.checks import check_choice

BY_STREAM = ("heads", "pretrained", "frozen_stages")
"""Fields of a model whose keys are names of streams."""

LOADERS = ("train_dataloader", "val_dataloader", "test_dataloader")


def streams_at_test(config: Config) -> list[str]:
    """Return the streams of a config that a test reads."""
    return [name for name, stream in config.streams.items() if not stream.get("train_only")]


def keep_streams(config: Config, subset: Sequence[str]) -> None:
    """Leave a config the named streams and those that are read in training alone.

    A module that reads several streams as equals keeps those that are left, if there are two; any other module that
    reads a dropped stream goes, and so do connections between encoders. Where a module, the joint head or the stream
    that answers is gone, every stream has a head and the answer is their mean.

    Args:
        config: built config of a recognizer, which is changed.
        subset: names of streams.

    Raises:
        InputError: If a stream is unknown.
    """
    for name in subset:
        check_choice("stream to keep", name, config.streams)
    dropped = {name for name in streams_at_test(config) if name not in subset}
    for name in dropped:
        del config.streams[name]
    model: MutableMapping[str, Any] = config.model
    for field in BY_STREAM:
        if model.get(field):
            model[field] = {name: value for name, value in model[field].items() if name not in dropped}
    if model.get("frozen"):
        model["frozen"] = tuple(name for name in model["frozen"] if name not in dropped)
    if model.get("paired") and _without_streams(model["paired"], dropped) is None:
        model["paired"] = None  # the encoder that is left runs alone
    module_is_gone = _reduce_modules(model, dropped)
    joint_head_is_gone = _reduce_joint_head(model, dropped, len(streams_at_test(config)))
    if module_is_gone or joint_head_is_gone or model.get("fused") in dropped:
        model.pop("fused", None)
        if model.get("heads"):
            model["heads"] = {name: weight for name, weight in model["heads"].items() if weight is not None}
    for loader in LOADERS:
        dataset = (config.get(loader) or {}).get("dataset", {})
        if dataset.get("modality_dropout"):
            left = {name: share for name, share in dataset["modality_dropout"].items() if name not in dropped}
            dataset["modality_dropout"] = left if len(left) > 1 else None
    share_streams(config)


def _reduce_modules(model: MutableMapping[str, Any], dropped: Collection[str]) -> bool:
    """Take dropped streams out of the fusion modules; return whether a module went."""
    attention = model.get("attention") or []
    modules = [attention] if isinstance(attention, Mapping) else list(attention)
    modules_left = [reduced for module in modules if (reduced := _without_streams(module, dropped)) is not None]
    if modules:
        model["attention"] = modules_left
    return len(modules_left) < len(modules)


def _reduce_joint_head(model: MutableMapping[str, Any], dropped: Collection[str], num_streams: int) -> bool:
    """Take dropped streams out of the joint head; return whether it went."""
    joint_head = model.get("joint_head")
    if joint_head is None:
        return False
    model["joint_head"] = _without_streams(joint_head, dropped) if num_streams > 1 else None
    return model["joint_head"] is None


def _without_streams(module: Mapping[str, Any], dropped: Collection[str]) -> dict[str, Any] | None:
    """Return the config of a module without dropped streams; None if it cannot do without them."""
    reduced = dict(module)
    for field, value in module.items():
        if isinstance(value, str) and value in dropped:
            return None
        if isinstance(value, list | tuple) and any(isinstance(name, str) and name in dropped for name in value):
            left = [name for name in value if name not in dropped]
            if len(left) < 2:
                return None
            reduced[field] = type(value)(left)
    return reduced
