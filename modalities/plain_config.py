"""Configs in YAML and JSON, read as plain data: nothing in them is called, imported or expanded."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from mmengine.config import Config

from triad.modalities.checks import InputError, check_file, fail, printable

SUFFIXES = (".yaml", ".yml", ".json")
"""Files that this module reads; any other config is Python code, which its user has named."""
MAX_BYTES = 1 << 18
MAX_NODES = 20_000
"""Number of values of a config, each alias counted as often as it stands there."""
MAX_DEPTH = 40
MAX_BASES = 20
"""Number of files that one config may consist of."""
CURE = "give a config of configs/"


def read_plain_config(path: str | Path) -> Config:
    """Read a config in YAML or JSON together with its ``_base_`` files, which must be of these kinds too.

    Raises:
        InputError: If a file is missing, damaged, too large or too deep, holds tags of YAML other than those of plain
            values, imports modules, or bases on Python code.
    """
    return Config(_read(Path(path), []), filename=str(path), format_python_code=False)


def _read(path: Path, files: list[Path]) -> dict[str, Any]:
    path = check_file("config", path, CURE)
    if path.suffix not in SUFFIXES:
        cure = "bases of a config in YAML or JSON are of these kinds; write the config in Python"
        fail(
            f"_base_ of config '{files[-1]}'" if files else "config",
            f"be one of {', '.join(SUFFIXES)}",
            f"'{path}'",
            cure,
        )
    if len(files) == MAX_BASES:
        must = f"lead to at most {MAX_BASES} files"
        fail(f"_base_ of config '{files[0]}'", must, "more, or a file that bases on itself", "shorten the chain")
    files.append(path)
    if path.stat().st_size > MAX_BYTES:
        fail(f"config '{path}'", f"have at most {MAX_BYTES} bytes", path.stat().st_size, CURE)
    document = _parse(path)
    if not isinstance(document, dict):
        fail(f"config '{path}'", "define fields", type(document).__name__, CURE)
    _check_size(document, path)
    if document.pop("custom_imports", None) is not None:
        fail(f"config '{path}'", "import nothing", "custom_imports", "write the config in Python")
    bases = document.pop("_base_", [])
    bases = [bases] if isinstance(bases, str) else bases
    if not isinstance(bases, list) or not all(isinstance(base, str) and "\0" not in base for base in bases):
        fail(f"_base_ of config '{path}'", "be a path or a list of paths", printable(bases), CURE)
    merged: dict[str, Any] = {}
    for base in bases:
        fields = _read(path.parent / base, files)
        if twice := sorted(merged.keys() & fields.keys()):
            fail(f"_base_ of config '{path}'", "define each field once", f"{', '.join(twice)} twice")
        merged |= fields
    try:
        return Config._merge_a_into_b(copy.deepcopy(document), merged)
    except (TypeError, KeyError) as error:
        raise InputError(f"config '{path}' does not fit its _base_: {printable(error)}; {CURE}") from error


def _parse(path: Path) -> Any:
    try:
        text = path.read_text("utf-8-sig")
        return json.loads(text) if path.suffix == ".json" else yaml.load(text, _PlainLoader)
    except yaml.MarkedYAMLError as error:
        line = f" in line {error.problem_mark.line + 1}" if error.problem_mark else ""
        got = f"{printable(error.problem)}{line}"
    except RecursionError:
        got = f"more than {MAX_DEPTH} levels"
    except (ValueError, yaml.YAMLError, OverflowError, ArithmeticError, LookupError, TypeError) as error:
        got = printable(error)
    fail(f"config '{path}'", f"be plain {'JSON' if path.suffix == '.json' else 'YAML'}", got, CURE)


class _PlainLoader(yaml.SafeLoader):
    """PyYAML's safe loader without merge keys, which grow with every level, and of limited depth."""

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        for key, _ in node.value:
            if key.tag == "tag:yaml.org,2002:merge":
                raise yaml.MarkedYAMLError(problem="a merge key '<<'", problem_mark=key.start_mark)

    def fetch_flow_collection_start(self, TokenClass: Any) -> None:
        if self.flow_level >= MAX_DEPTH:
            raise RecursionError
        super().fetch_flow_collection_start(TokenClass)


def _check_size(document: Any, path: Path) -> None:
    """Count the values of a document without following aliases further than the limits."""
    left = [(document, 0)]
    num_nodes = 0
    while left:
        node, depth = left.pop()
        num_nodes += 1
        if num_nodes > MAX_NODES or depth > MAX_DEPTH:
            must = f"hold at most {MAX_NODES} values in {MAX_DEPTH} levels"
            fail(f"config '{path}'", must, "more, or values that hold themselves", CURE)
        if isinstance(node, Mapping):
            if not all(isinstance(key, str) for key in node):
                key = next(key for key in node if not isinstance(key, str))
                fail(f"keys of config '{path}'", "be text", printable(repr(key)), CURE)
            left.extend((child, depth + 1) for child in node.values())
        elif isinstance(node, list):
            left.extend((child, depth + 1) for child in node)
        elif isinstance(node, str) and node.startswith("{{"):
            fail(f"config '{path}'", "hold no templates", printable(node), "write the value itself")
        elif not isinstance(node, str | int | float | bool | None):
            fail(f"config '{path}'", "hold text, numbers, lists and mappings", type(node).__name__, CURE)


def check_python(subject: str, path: str | Path, cure: str) -> Path:
    """Return the path of a config in Python, whose code runs because its user has named it.

    Args:
        subject: name of the file in errors.
        path: path to check.
        cure: advice in errors.

    Raises:
        InputError: If there is no such file, or it is of another kind: mmengine would run code of YAML as well.
    """
    path = check_file(subject, path, cure)
    if path.suffix != ".py":
        fail(subject, "be a config in Python (.py)", f"'{path}'", cure)
    return path
