"""Classes that a config of plain data may name: those that are registered, and no other object of any module."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

import mmengine.registry
from mmengine.config.lazy import LazyObject
from mmengine.registry import Registry

from triad.modalities.checks import did_you_mean, fail, printable
from triad.modalities.registry import (
    DATA_SAMPLERS,
    DATASETS,
    FUNCTIONS,
    HOOKS,
    LOOPS,
    METRICS,
    MODELS,
    RUNNERS,
    TRANSFORMS,
)

OWN_REGISTRIES = (MODELS, DATASETS, TRANSFORMS, DATA_SAMPLERS, FUNCTIONS, HOOKS, LOOPS, METRICS, RUNNERS)
SCOPES = ("", "triad", "mmengine")
_OWN_NAME = re.compile(r"(triad\.(?:fusion|modalities)(?:\.\w+)*)\.(\w+)", re.ASCII)


def own_classes() -> dict[str, Any]:
    """Return the classes and functions of this project's registries by their names."""
    return _entries(OWN_REGISTRIES)


def known_classes() -> dict[str, Any]:
    """Return the classes and functions by their names: mmengine's own, as optimizers are, and this project's."""
    roots = [value for value in vars(mmengine.registry).values() if isinstance(value, Registry)]
    return {**_entries(roots), **own_classes()}


def _entries(registries: Any) -> dict[str, Any]:
    entries: dict[str, Any] = {}
    for registry in registries:
        registry.import_from_location()
        entries |= registry.module_dict
    return entries


def resolve_types(node: Any, classes: Callable[[], Mapping[str, Any]], subject: str, cure: str) -> None:
    """Turn every ``type`` of plain data from a name into its class, in place.

    Args:
        node: mapping or list.
        classes: function that returns classes by their names; one of this project under the name of its module is found
            without calling it, which imports every module with a class.
        subject: name of the document in errors.
        cure: advice in errors.

    Raises:
        InputError: If a ``type`` is no name of these classes.
    """
    for key, child in list(node.items() if isinstance(node, Mapping) else enumerate(node)):
        if isinstance(child, Mapping | list | tuple):
            resolve_types(child, classes, subject, cure)
        elif key == "type":
            cls = _find(child, classes)
            if cls is None:
                near = did_you_mean(str(child).rpartition(".")[2], classes())
                fail(f"type in {subject}", "be a registered class", f"'{printable(child)}'{near}", cure)
            node[key] = LazyObject(cls.__module__, cls.__name__)  # keeps its name for when the config is written


def _find(name: Any, classes: Callable[[], Mapping[str, Any]]) -> Any:
    """Return the class of ``Class``, ``triad.Class`` or ``package.module.Class``; None where it is not known.

    Checkpoints of earlier versions name the module without ``triad.``.
    """
    if not isinstance(name, str):
        return None
    own_class = _find_in_module(name)
    if own_class is not None:
        return own_class
    module, _, last = name.rpartition(".")
    cls = classes().get(last)
    if cls is None or not (module in SCOPES or f"{cls.__module__}.".startswith((f"{module}.", f"triad.{module}."))):
        return None
    return cls


def _find_in_module(name: str) -> Any:
    """Return the registered class or function of a module of this project; None where there is none."""
    match = _OWN_NAME.fullmatch(name)
    if match is None:
        return None
    try:
        module = import_module(match[1])
    except ModuleNotFoundError:
        return None
    cls = getattr(module, match[2], None)
    return cls if any(registry.module_dict.get(match[2]) is cls for registry in OWN_REGISTRIES) else None
