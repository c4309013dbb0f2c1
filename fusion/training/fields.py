"""A misspelt field anywhere in a config is found before anything is built, and the nearest right one is named."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from mmengine.runner import Runner
from torch.utils.data import DataLoader

from modalities.checks import check_choice

STREAM = ("reader", "count", "transform", "encoder")
DATA = ("index", "protocol")
TAKEN_FROM_TYPED = {"type", "_scope_", "_delete_"}
BUILDERS = {  # what mmengine takes from a typed entry itself, before its class sees the rest
    "optim_wrapper": {"constructor", "paramwise_cfg"},
    "optimizer": {"params"},
    "param_scheduler": {"convert_to_iter_based"},
    "default_hooks": {"priority"},
    "custom_hooks": {"priority"},
}


def check_fields(config: Mapping[str, Any]) -> None:
    """Check the fields of every part of a completed config: typed entries against the signature of their class.

    A class that takes ``**kwargs`` (some of mmengine's) checks for itself when it is built.

    Raises:
        InputError: naming the path of the part and the nearest field it has.
    """
    for key in config.get("data", {}):
        check_choice("field of config 'data'", key, DATA)
    for name, stream in config.get("streams", {}).items():
        for key in stream:
            check_choice(f"field of config 'streams.{name}'", key, STREAM)
    for key in config.get("randomness", {}):
        check_choice("field of config 'randomness'", key, _parameters(Runner.set_randomness) or ())
    for loader in ("train_dataloader", "val_dataloader", "test_dataloader"):
        for key in config.get(loader) or {}:
            check_choice(f"field of config '{loader}'", key, _parameters(DataLoader) or ())
    for path, node in _typed("", config):
        known = _parameters(node["type"])
        if known is not None:
            extra = {name for part in path.split(".") for name in BUILDERS.get(part, ())}
            for key in set(node) - TAKEN_FROM_TYPED - extra:
                check_choice(f"field of config '{path}' ({node['type'].__name__})", key, known | extra)


def _typed(path: str, node: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every entry with a class as its ``type``, and where it stands."""
    children: Iterator[tuple[Any, Any]] = iter(())
    if isinstance(node, Mapping):
        if callable(node.get("type")):
            yield path, node
        children = iter(node.items())
    elif isinstance(node, list | tuple):
        children = iter(enumerate(node))
    for key, child in children:
        yield from _typed(f"{path}.{key}" if path else str(key), child)


def _parameters(target: Callable[..., Any]) -> set[str] | None:
    """Names that a callable takes; None where it takes any."""
    parameters = inspect.signature(target).parameters
    if any(parameter.kind is inspect.Parameter.VAR_KEYWORD for parameter in parameters.values()):
        return None
    return set(parameters) - {"self"}
