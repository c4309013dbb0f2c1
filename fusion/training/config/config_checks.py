"""A misspelt or missing field of a config is found before anything is built, and the nearest right one is named."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from mmengine.runner import Runner
from torch.utils.data import DataLoader

from modalities.checks import check_choice, fail

STREAM = ("reader", "num_frames", "transform", "encoder")
OPTIONAL = ("source",)
DATA = ("index", "protocol")
LOADERS = ("train_dataloader", "val_dataloader", "test_dataloader")
OURS = ("modalities", "fusion")
SAID = {"type", "_scope_"}
TAKEN = {  # what mmengine takes out of an entry before its class sees the rest
    "optim_wrapper": {"constructor", "paramwise_cfg"},
    "param_scheduler": {"convert_to_iter_based"},
    "default_hooks": {"priority"},
    "custom_hooks": {"priority"},
}


def check_sections(config: Mapping[str, Any]) -> None:
    """Check the parts that this project adds to a config: ``data`` and every stream.

    Raises:
        InputError: naming the section and the field.
    """
    if "sources" not in config["data"]:  # of several datasets at once
        _check("data", config["data"], DATA, required=DATA)
    for name, stream in config.get("streams", {}).items():
        _check(f"streams.{name}", stream, STREAM + OPTIONAL, required=STREAM)


def check_fields(config: Mapping[str, Any]) -> None:
    """Check a completed config: every entry with a class as its ``type`` against the signature of that class.

    Classes of ours must also be given what they require; mmengine hands more to its own.

    Raises:
        InputError: naming the path of the entry and the field.
    """
    check_sections(config)
    _check("randomness", config.get("randomness") or {}, parameters_of(Runner.set_randomness) or ())
    for loader in LOADERS:
        _check(loader, config.get(loader) or {}, parameters_of(DataLoader) or ())
    for path, node in _typed("", dict(config.items())):
        target = node["type"]
        known = parameters_of(target)
        if known is not None:
            known = known.union(*(TAKEN.get(part, ()) for part in path.split(".")))
            required = _required(target) if target.__module__.partition(".")[0] in OURS else ()
            _check(path, node, known, required=required, owner=f" ({target.__name__})")


def _check(
    path: str, node: Mapping[str, Any], known: Collection[str], *, required: Collection[str] = (), owner: str = ""
) -> None:
    for key in set(node) - SAID:
        check_choice(f"field of config '{path}'{owner}", key, known)
    for key in required:
        if key not in node:
            fail(f"config '{path}'{owner}", f"have '{key}'", f"only {', '.join(node)}")


def _typed(path: str, node: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every entry with a class as its ``type``, and where it stands; functions are called with more than is said."""
    children: Iterator[tuple[Any, Any]] = iter(())
    if isinstance(node, Mapping):
        if inspect.isclass(node.get("type")):
            yield path, node
        children = iter(node.items())
    elif isinstance(node, list | tuple):
        children = iter(enumerate(node))
    for key, child in children:
        yield from _typed(f"{path}.{key}" if path else str(key), child)


def parameters_of(target: type | Callable[..., Any]) -> set[str] | None:
    """Names that a callable takes, through ``**kwargs`` those of its bases too; None where it takes any."""
    known: set[str] = set()
    makers = (
        [each.__dict__["__init__"] for each in target.__mro__[:-1] if "__init__" in each.__dict__]
        if inspect.isclass(target)
        else [target]
    )
    for maker in makers:
        parameters = inspect.signature(maker).parameters
        known |= set(parameters) - {"self", "args", "kwargs"}
        if all(parameter.kind is not inspect.Parameter.VAR_KEYWORD for parameter in parameters.values()):
            return known
    return None


def _required(target: type) -> list[str]:
    parameters = inspect.signature(target).parameters.values()
    return [each.name for each in parameters if each.default is each.empty and each.kind is each.KEYWORD_ONLY]
