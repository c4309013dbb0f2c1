"""The part of a config that a checkpoint carries: what its model needs to run, as plain data over registered classes.

So a checkpoint is used without the code of the config that lies beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mmengine.config import Config
from mmengine.config.lazy import LazyObject

from triad.fusion.data import FrameDataset
from triad.fusion.training.config.known_classes import own_classes, resolve_types
from triad.modalities.checks import InputError, fail, printable

KEY = "model_config"
"""Key of ``meta`` of a checkpoint under which the stored config lies."""
MODEL_FIELDS = ("streams", "pretrained")
"""Fields of the model that are left out: the streams are the config's, and trained weights replace published ones."""
DATASET_FIELDS = ("type", "split", "temporal_sampler", "crop_views")
MAX_VALUES = 20_000
MAX_DEPTH = 40


class _ForeignClass(Exception):
    """A config names a class that is not registered in this project."""


def store_config(config: Config) -> dict[str, Any] | None:
    """Return what the model of a config needs to run, with classes by name; None where a class is not of this project.

    Args:
        config: config of a recognizer; one of an estimator has no streams and gives None.
    """
    if config.get("streams") is None:
        return None
    dataset = (config.get("test_dataloader") or {}).get("dataset") or {}
    sections = {
        "streams": config.streams,
        "data": config.data,
        "model": {key: value for key, value in config.model.items() if key not in MODEL_FIELDS},
        "test_dataloader": {"dataset": {key: dataset[key] for key in DATASET_FIELDS if key in dataset}},
        "test_evaluator": config.get("test_evaluator"),
        "randomness": config.get("randomness") or {"seed": 0},
    }
    try:
        return {name: _to_plain(section, own_classes()) for name, section in sections.items()}
    except _ForeignClass:
        return None


def restore_config(stored: Any, filename: str) -> Config:
    """Return the config that :func:`store_config` has stored in a checkpoint.

    Args:
        stored: value of ``meta["model_config"]`` of a checkpoint.
        filename: path of the checkpoint.

    Raises:
        InputError: If it is damaged, too large, or names anything but classes of this project.
    """
    subject = f"model of checkpoint '{filename}'"
    cure = "give the config that it was trained with: --config FILE"
    if not isinstance(stored, dict):
        fail(subject, "be described by a mapping", type(stored).__name__, cure)
    left: list[tuple[Any, int]] = [(stored, 0)]
    num_values = 0
    while left:
        node, depth = left.pop()
        num_values += 1
        is_mapping = isinstance(node, dict) and all(isinstance(key, str) for key in node)
        if num_values > MAX_VALUES or depth > MAX_DEPTH:
            fail(subject, f"have at most {MAX_VALUES} values in {MAX_DEPTH} levels", "more", cure)
        if not is_mapping and not isinstance(node, list | tuple | str | int | float | bool | None):
            fail(subject, "be plain values", type(node).__name__, cure)
        left += [(child, depth + 1) for child in (node.values() if is_mapping else node if _is_list(node) else ())]
    document = _copy(stored)
    resolve_types(document, own_classes, subject, cure)
    try:
        config = Config(document, cfg_text="\n", filename=filename, format_python_code=False)  # reads no file
        for name in ("streams", "data", "model", "test_dataloader", "randomness"):
            if not isinstance(config[name], Mapping):
                fail(subject, f"have a mapping '{name}'", type(config[name]).__name__, cure)
        dataset = config.test_dataloader["dataset"]
        if dataset.get("type") is not FrameDataset:
            dataset["temporal_sampler"]["type"]  # it must be there
    except InputError:
        raise
    except Exception as error:
        raise InputError(f"{subject} cannot be read: {type(error).__name__}: {printable(error)}; {cure}") from error
    return config


def _is_list(node: Any) -> bool:
    return isinstance(node, list | tuple)


def _copy(node: Any) -> Any:
    """Return a copy in which every container can be changed and stands once; tuples that hold classes are lists."""
    if isinstance(node, dict):
        return {key: _copy(value) for key, value in node.items()}
    if isinstance(node, list | tuple):
        values = [_copy(value) for value in node]
        return values if isinstance(node, list) or any(isinstance(value, dict) for value in values) else tuple(values)
    return node


def _to_plain(node: Any, known: Mapping[str, Any]) -> Any:
    if isinstance(node, LazyObject):
        node = node.build()
    if isinstance(node, Mapping):
        return {str(key): _to_plain(value, known) for key, value in node.items()}
    if isinstance(node, list | tuple):
        return type(node)(_to_plain(value, known) for value in node)
    if node is None or isinstance(node, str | int | float | bool):
        return node
    name = getattr(node, "__name__", "")
    if known.get(name) is not node:
        raise _ForeignClass(name)
    return f"{node.__module__}.{name}"
