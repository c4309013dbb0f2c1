"""Reading of config files, with ``KEY=VALUE`` options that may only change fields that exist."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from mmengine.config import Config
from mmengine.config.lazy import LazyObject
from mmengine.runner import Runner

from triad import CONFIGS
from triad.fusion.training.config.config_checks import (
    MMENGINE_FIELDS,
    OPTIONAL_STREAM_FIELDS,
    check_sections,
    parameters_of,
)
from triad.fusion.training.config.known_classes import OWN_REGISTRIES, known_classes, resolve_types
from triad.fusion.training.config.option_values import parse_value
from triad.modalities.checks import MAX_CHOICES, InputError, check_file, did_you_mean, fail, shorten
from triad.modalities.plain_config import SUFFIXES, read_plain_config

RUNNER_KEYS = {*inspect.signature(Runner.__init__).parameters} - {"self", "cfg"}
KEYS = RUNNER_KEYS | {"streams", "data", "custom_imports", "runner_type", "compile"}
RANDOMNESS = sorted({*inspect.signature(Runner.set_randomness).parameters} - {"self"})
OLD_NAMES = (
    *("fusion.data.clock", "fusion.data.flow_pairs", "fusion.data.lifting", "fusion.data.protocols"),
    *("fusion.data.sampler", "fusion.models.flow", "fusion.models.lifting", "fusion.training.flow_metric"),
    *("fusion.training.lift_metric", "fusion.training.quiet_runner", "modalities.view"),
    *("No module named 'fusion'", "No module named 'modalities'", "import FillLost", "import RightHanded"),
)
"""Modules and classes that only a config written by an earlier version names."""
STREAM_KEYED = ("pretrained", "frozen_stages", "heads", "modality_dropout")
"""Fields of a model whose keys are names of streams."""


def load_config(path: str | Path | Config, options: Sequence[str] = ()) -> Config:
    """Read a config and apply ``key.to.field=value`` options.

    Args:
        path: path of the config file, or a config that is read already, as that of a checkpoint.
        options: options as given on the command line.

    Raises:
        InputError: If the file is no config, was written by an earlier version, or a key or an option is misspelt.
    """
    if isinstance(path, Config):
        config, path = path, str(path.filename)
    else:
        path = find_config(path)
        config = _read(path)
    for key, value in config.items():
        if callable(value):  # imported by the config
            continue
        nearest_key = did_you_mean(key, KEYS - {key})
        if key not in KEYS and nearest_key and get_close_matches(key, KEYS, n=1, cutoff=0.85):
            fail(f"key of '{path}'", "be one that the runner knows", f"'{key}'{nearest_key}")
    required = ("data", "model") if _is_without_streams(config) else ("streams", "data", "model")
    missing = [key for key in required if key not in config]
    if missing:
        suggestions = "".join(did_you_mean(key, config) for key in missing)
        requirement = f"define {', '.join(required[:-1])} and {required[-1]}"
        fail(f"config '{path}'", requirement, f"none for {', '.join(missing)}{suggestions}")
    check_sections(config)
    for option in options:
        key, value = _parse_option(option, config)
        config.merge_from_dict({key: value})
    return config


def find_config(name: str | Path) -> Path:
    """Return the path of a config: a file, or one of the shipped ones by its name, as ``skeleton/stgcnpp_nucla``.

    Raises:
        InputError: If there is neither, naming the nearest shipped one.
    """
    path = Path(name)
    shipped = {leaf.relative_to(CONFIGS).with_suffix("").as_posix(): leaf for leaf in CONFIGS.glob("[!_]*/*.py")}
    leaf = path.as_posix().removeprefix("configs/").removesuffix(".py")
    if not path.exists() and leaf in shipped:
        return shipped[leaf]
    nearest = did_you_mean(leaf, shipped)
    return check_file("config", path, f"`triad zoo` lists what is shipped{nearest}")


def _read(path: Path) -> Config:
    try:
        if path.suffix in SUFFIXES:
            config = read_plain_config(path)
            resolve_types(config._cfg_dict, known_classes, f"config '{path}'", "write the config in Python")
            return config
        # formatting with yapf would take a second for every checkpoint
        config = Config.fromfile(path, lazy_import=path.suffix == ".py" or None, format_python_code=False)
        _import_classes(config._cfg_dict)
    except InputError:
        raise
    except Exception as error:  # a config is Python: anything can go wrong in it
        if isinstance(error, ImportError) and any(name in str(error) for name in OLD_NAMES):
            cure = "give the shipped one: configs/…, for predict --config configs/…"
            fail(f"config '{path}'", "be of this version", "one of an earlier version", cure)
        raise InputError(f"config '{path}' cannot be read: {type(error).__name__}: {error}; see configs/") from error
    return config


def _import_classes(node: Any) -> None:
    """Turn every ``type`` that is a string into its class.

    It is ``package.Class``, as a config in a work folder has it, or a name that a registry of this project knows, with
    or without ``triad.`` before it. Other names are left to mmengine's registries.
    """
    for key, child in list(node.items() if isinstance(node, Mapping) else enumerate(node)):
        if isinstance(child, Mapping | list | tuple):
            _import_classes(child)
        elif key == "type" and isinstance(child, str):
            module, _, name = child.rpartition(".")
            if module in ("", "triad"):
                registered = next((cls for registry in OWN_REGISTRIES if (cls := registry.get(name))), None)
                if registered is None:
                    continue
                module, name = registered.__module__, registered.__name__
            node[key] = LazyObject(module, name)  # keeps its name for the next time that the config is written
            node[key]  # imports it, so that a misspelt one is found here


def _is_without_streams(config: Config) -> bool:
    """Return whether the model of a config takes no streams, as that of an estimator."""
    parameters = parameters_of(config.model["type"]) if "type" in config.get("model", {}) else None
    return parameters is not None and "streams" not in parameters and "streams" not in config


def _parse_option(option: str, config: Config) -> tuple[str, Any]:
    key, equals, text = option.partition("=")
    if not equals:
        fail("config option", "be KEY=VALUE", f"'{option}'")
    value = parse_value(key, text)
    current = _find_field(dict(config.items()), key)
    if isinstance(current, int | float) and isinstance(value, str):
        fail(f"config option '{key}'", f"be a number, as {current} is", f"'{value}'")
    return key, value


def _find_field(config: Mapping[str, Any], key: str) -> Any:
    """Return the value that an option changes; refuse a field that neither the config nor its class has."""
    node: Any = config
    path: list[str] = []
    for name in key.split("."):
        choices = _fields_of(node) if path else [*config, *sorted((RUNNER_KEYS | {"compile"}) - set(config))]
        if path and path[-1] in STREAM_KEYED and isinstance(node, Mapping | None):
            choices = list(config.get("streams", {}))
        if path == ["randomness"]:
            choices = RANDOMNESS
        if len(path) == 2 and path[0] == "streams":
            choices += sorted(set(OPTIONAL_STREAM_FIELDS) - set(choices))
        if isinstance(node, Mapping):
            choices += sorted(set().union(*(MMENGINE_FIELDS.get(part, ()) for part in path)) - set(choices))
        if name not in choices:
            owner = f" of '{'.'.join(path)}'" if path else ""
            fail(
                f"config option '{key}'",
                f"name a field{owner}: {shorten(choices, MAX_CHOICES)}",
                f"'{name}'{did_you_mean(name, choices)}",
            )
        path.append(name)
        node = node[int(name)] if isinstance(node, list | tuple) else (node or {}).get(name)
    return node


def _fields_of(node: Any) -> list[str]:
    """Return the fields of a config node and those that its class would take."""
    if isinstance(node, list | tuple):
        return [str(position) for position in range(len(node))]
    if not isinstance(node, Mapping):
        return []
    parameters = parameters_of(node["type"]) if inspect.isclass(node.get("type")) else None
    return list(dict.fromkeys([*node, *sorted(parameters or ())]))
