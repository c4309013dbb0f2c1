"""Checks that find a misspelt or missing field of a config before anything is built, and name the nearest right one."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from mmengine.runner import Runner
from torch.utils.data import DataLoader

from triad.modalities.checks import check_choice, fail, shorten

STREAM_FIELDS = ("reader", "num_frames", "transform", "encoder")
OPTIONAL_STREAM_FIELDS = ("source", "train_only")
DATA_FIELDS = ("index", "protocol")
LOADERS = ("train_dataloader", "val_dataloader", "test_dataloader")
REGISTRY_FIELDS = {"type", "_scope_"}
MMENGINE_FIELDS = {  # fields that mmengine takes out of an entry before its class sees the rest
    "optim_wrapper": {"constructor", "paramwise_cfg"},
    "param_scheduler": {"convert_to_iter_based"},
    "default_hooks": {"priority"},
    "custom_hooks": {"priority"},
}
PASSED_FIELDS = {  # fields that the class around an entry gives to it
    "frames": {"in_channels"},
    "sequence": {"in_channels"},
    **{f"layer{stage}": {"channels"} for stage in (1, 2, 3, 4)},  # attention blocks of a stage
    "trunk": {"in_channels"},
    "attention": {"shapes", "num_classes"},
    "paired": {"step_shapes"},
    "joint_head": {"in_channels", "num_classes"},
    "refinement": {"in_channels", "num_classes", "multi_label"},
}


def check_sections(config: Mapping[str, Any]) -> None:
    """Check the sections that this project adds to a config: ``data`` and every stream.

    Raises:
        InputError: naming the section and the field.
    """
    if "sources" not in config["data"]:  # several datasets at once
        _check_keys("data", config["data"], DATA_FIELDS, required=DATA_FIELDS)
    for name, stream in config.get("streams", {}).items():
        _check_keys(f"streams.{name}", stream, STREAM_FIELDS + OPTIONAL_STREAM_FIELDS, required=STREAM_FIELDS)


def check_fields(config: Mapping[str, Any]) -> None:
    """Check every entry with a class as its ``type`` against the signature of that class.

    Classes of this project must also be given what they require; mmengine hands more to its own.

    Raises:
        InputError: naming the path of the entry and the field.
    """
    check_sections(config)
    _check_keys("randomness", config.get("randomness") or {}, parameters_of(Runner.set_randomness) or ())
    for loader in LOADERS:
        _check_keys(loader, config.get(loader) or {}, parameters_of(DataLoader) or ())
    sections = dict(config.items())
    streams = sections.get("streams", {})
    for path, node in _entries("", {"streams": streams, **sections}, shared=streams):
        target = node["type"]
        parameters = parameters_of(target)
        if parameters is not None:
            allowed = parameters.union(*(MMENGINE_FIELDS.get(name, ()) for name in path.split(".")))
            allowed |= {"loss_weight"} if path == "model.joint_head" else set()
            is_own = target.__module__.startswith("triad.")
            passed = PASSED_FIELDS.get(_field_of(path), ())
            required = [name for name in _required_parameters(target) if name not in passed] if is_own else ()
            _check_keys(path, node, allowed, required=required, owner=f" ({target.__name__})")


def _field_of(path: str) -> str:
    """Return the last name of a path, without positions in a list: ``attention`` of ``model.attention.0``."""
    return next((name for name in reversed(path.split(".")) if not name.isdigit()), "")


def _check_keys(
    path: str, node: Mapping[str, Any], allowed: Collection[str], *, required: Collection[str] = (), owner: str = ""
) -> None:
    for key in set(node) - REGISTRY_FIELDS:
        check_choice(f"field of config '{path}'{owner}", key, allowed)
    for key in required:
        if key not in node:
            fail(f"config '{path}'{owner}", f"have '{key}'", f"only {shorten(node)}")


def _entries(path: str, node: Any, *, shared: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield every entry with a class as its ``type`` and its path; ``shared`` is entered under its first path only.

    Functions are left out: they are called with more arguments than a config names.
    """
    children: Iterator[tuple[Any, Any]] = iter(())
    if isinstance(node, Mapping):
        if inspect.isclass(node.get("type")):
            yield path, node
        children = iter(node.items())
    elif isinstance(node, list | tuple):
        children = iter(enumerate(node))
    for key, child in children:
        if child is not shared or not path:
            yield from _entries(f"{path}.{key}" if path else str(key), child, shared=shared)


def parameters_of(target: type | Callable[..., Any]) -> set[str] | None:
    """Return the parameters of a callable, through ``**kwargs`` those of its bases too; None where it takes any."""
    names: set[str] = set()
    constructors = (
        [cls.__dict__["__init__"] for cls in target.__mro__[:-1] if "__init__" in cls.__dict__]
        if inspect.isclass(target)
        else [target]
    )
    for constructor in constructors:
        parameters = inspect.signature(constructor).parameters
        names |= set(parameters) - {"self", "args", "kwargs"}
        if all(parameter.kind is not inspect.Parameter.VAR_KEYWORD for parameter in parameters.values()):
            return names
    return None


def _required_parameters(target: type) -> list[str]:
    parameters = inspect.signature(target).parameters.values()
    return [
        parameter.name
        for parameter in parameters
        if parameter.default is parameter.empty and parameter.kind is parameter.KEYWORD_ONLY
    ]
