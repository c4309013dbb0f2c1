"""Configs: read, checked against typing errors, fitted to a dataset, and completed for mmengine's Runner.

A leaf names its ``streams`` once (how each is read, seen and encoded), its ``data`` (index and protocol) and its
``model``; :func:`complete_config` hands each part of that to the dataloaders and the model. A model that takes no
streams, as an estimator of flow, has a leaf without them (``configs/estimators``).
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from mmengine.config import Config, ConfigDict
from mmengine.config.lazy import LazyObject
from mmengine.runner import Runner

from fusion.datasets.protocols import PROTOCOLS, get_protocol, narrow
from fusion.index.index import load_index
from fusion.index.stream_sources import check_source, source_of
from fusion.training.config.config_checks import check_sections, parameters_of
from fusion.training.config.layouts import check_layouts, fit_layout
from modalities.checks import InputError, check_choice, check_file, fail, nearest

READ = ("reader", "num_frames", "source")
SEEN = ("transform", "encoder")
LOADERS = ("train_dataloader", "val_dataloader", "test_dataloader")
RUNNER_KEYS = {*inspect.signature(Runner.__init__).parameters} - {"self", "cfg"}
KEYS = RUNNER_KEYS | {"streams", "data"}


def load_config(path: str | Path, options: Sequence[str] = ()) -> Config:
    """Read a config and apply ``key.to.field=value`` options.

    Raises:
        InputError: if the file is no config, or an option or a key is misspelt.
    """
    path = check_file("config", path, "see configs/ for what there is")
    try:
        # yapf would take a second for every checkpoint
        config = Config.fromfile(path, lazy_import=path.suffix == ".py" or None, format_python_code=False)
        _classes(config._cfg_dict)
    except Exception as error:  # a config is Python: anything can go wrong in it
        raise InputError(f"config '{path}' cannot be read: {type(error).__name__}: {error}; see configs/") from error
    for key in config:
        close = nearest(key, KEYS - {key})
        if key not in KEYS and close and _similar(key):
            fail(f"key of '{path}'", "be one that the runner knows", f"'{key}'{close}")
    needed = ("data", "model") if _without_streams(config) else ("streams", "data", "model")
    missing = [key for key in needed if key not in config]
    if missing:
        near = "".join(nearest(key, config) for key in missing)
        must = f"define {', '.join(needed[:-1])} and {needed[-1]}"
        fail(f"config '{path}'", must, f"none for {', '.join(missing)}{near}")
    check_sections(config)
    for option in options:
        key, equals, value = option.partition("=")
        if not equals:
            fail("config option", "be KEY=VALUE", f"'{option}'")
        old, new = _find(dict(config.items()), key), _value(value)
        if isinstance(old, int | float) and isinstance(new, str):
            fail(f"config option '{key}'", f"be a number, as {old} is", f"'{new}'")
        config.merge_from_dict({key: new})
    return config


def _classes(node: Any) -> None:
    """Import every class, and turn ``type="package.Class"``, as a config in a work folder has it, into the class."""
    for key, child in list(node.items() if isinstance(node, Mapping) else enumerate(node)):
        if isinstance(child, Mapping | list | tuple):
            _classes(child)
        elif key == "type" and isinstance(child, str) and "." in child:
            module, _, name = child.rpartition(".")
            node[key] = LazyObject(module, name)  # remembers its name for the next time it is written
            node[key]  # imported now, so that a misspelt one is found here


def _without_streams(config: Config) -> bool:
    """Whether the model of a config is one that takes no streams."""
    taken = parameters_of(config.model["type"]) if "type" in config.get("model", {}) else None
    return taken is not None and "streams" not in taken and "streams" not in config


def _value(text: str) -> Any:
    """A Python literal, or the text itself."""
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text


def _similar(key: str) -> bool:
    return bool(get_close_matches(key, KEYS, n=1, cutoff=0.85))


def _find(config: Mapping[str, Any], key: str) -> Any:
    """What an option changes; a field that neither the config nor the class it is for has is refused."""
    node: Any = config
    walked: list[str] = []
    for part in key.split("."):
        choices = _fields(node)
        if part not in choices:
            where = f" of '{'.'.join(walked)}'" if walked else ""
            fail(
                f"config option '{key}'",
                f"name a field{where}: {', '.join(choices)}",
                f"'{part}'{nearest(part, choices)}",
            )
        walked.append(part)
        node = node.get(part) if isinstance(node, Mapping) else node[int(part)]
    return node


def _fields(node: Any) -> list[str]:
    """What a node of a config has, and what its class would take."""
    if isinstance(node, list | tuple):
        return [str(place) for place in range(len(node))]
    if not isinstance(node, Mapping):
        return []
    taken = parameters_of(node["type"]) if inspect.isclass(node.get("type")) else None
    return list(dict.fromkeys([*node, *sorted(taken or ())]))


def apply_dataset(config: Config, data: str | Path) -> Config:
    """Take index, protocol, classes and layouts from a prepared dataset.

    Raises:
        InputError: if the dataset lacks a stream of the config, or has another layout than its reader converts from.
    """
    index = load_index(data)
    own = index.metainfo.get("protocol")  # of one's own data, which have the one that their preparation made
    protocols = [own["name"]] if own else list(PROTOCOLS.get(index.dataset, {}))
    if config.data["protocol"] not in protocols:
        if not protocols:
            fail(f"dataset '{index.dataset}'", "have a protocol", "none")
        if not any(config.data["protocol"] in table for table in PROTOCOLS.values()):  # no other dataset's either
            check_choice(f"protocol of {index.dataset}", config.data["protocol"], protocols)
        config.data["protocol"] = protocols[0]
    config.data["index"] = str(Path(data))
    if "streams" not in config:
        return config
    config.model["num_classes"] = len(narrow(index, get_protocol(index.dataset, config.data["protocol"])).classes)
    for name, stream in config.streams.items():
        source = source_of(name, stream)
        check_source(name, source, index)
        layout = index.metainfo["streams"][source].get("layout")
        if layout is not None:
            fit_layout(name, stream, layout)
    return config


def apply_datasets(config: Config, data: Sequence[str | Path]) -> Config:
    """:func:`apply_dataset`, or several datasets where the config's ``data`` have ``sources``, as a lifter's.

    Raises:
        InputError: as there, or for several datasets that the config cannot take.
    """
    if "sources" in config.data:
        config.data["sources"] = [str(Path(each)) for each in data]
        return config
    if len(data) != 1:
        fail(f"--data of config '{config.filename}'", "name one prepared dataset", f"{len(data)}")
    return apply_dataset(config, data[0])


def complete_config(config: Config) -> Config:
    """Hand ``streams`` and ``data`` to the dataloaders and the model; doing it twice changes nothing.

    Raises:
        InputError: if the parts of a stream are for different joint layouts.
    """
    streams = config.get("streams", {})
    check_layouts(streams)
    reading = {name: {key: stream[key] for key in READ if key in stream} for name, stream in streams.items()}
    seeing = {name: {key: stream[key] for key in SEEN} for name, stream in streams.items()}
    for loader in LOADERS:
        if config.get(loader) is not None:
            dataset = config[loader]["dataset"]
            dataset.update(ConfigDict(config.data), seed=config.randomness["seed"])
            if streams:
                dataset.update(streams=ConfigDict(reading))
    if streams:
        config.model["streams"] = ConfigDict(seeing)
    return config
