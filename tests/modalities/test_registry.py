"""Every class that a config names is found by its name in a process that imported nothing but the packages."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from triad.fusion.training.config import build_config
from triad.fusion.training.zoo import find_leaves

ROOT = Path(__file__).resolve().parents[2]
CONFIGS = [*find_leaves(ROOT / "configs"), *sorted((ROOT / "configs/estimators").glob("*.py"))]
LOOK_UP = """
import json, sys
import triad.modalities, triad.fusion
from mmengine import registry as roots
names = json.loads(sys.stdin.read())
parents = [root for root in vars(roots).values() if isinstance(root, roots.Registry) and "triad" in root.children]
found = {name: [root.name for root in parents if root.get(f"triad.{name}") is not None] for name in names}
bare = {name: any(root.children["triad"].get(name) is not None for root in parents) for name in names}
print(json.dumps([found, bare]))
"""


def own_types(node: Any) -> Iterator[str]:
    if isinstance(node, Mapping):
        target = node.get("type")
        if (inspect.isclass(target) or inspect.isfunction(target)) and target.__module__.startswith("triad."):
            yield target.__name__
        for child in node.values():
            yield from own_types(child)
    elif isinstance(node, list | tuple):
        for child in node:
            yield from own_types(child)


@pytest.fixture(scope="module")
def look_ups() -> tuple[dict[str, list[str]], dict[str, bool]]:
    names = sorted({name for path in CONFIGS for name in own_types(dict(build_config(path).items()))})
    assert {"Recognizer", "SeparableSTA", "RgbTransform", "PoseReader", "ActionMetric", "FlowPairs"} <= set(names)
    process = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", LOOK_UP],
        input=json.dumps(names),
        cwd=ROOT,
        text=True,
        capture_output=True,
        check=True,
    )
    return tuple(json.loads(process.stdout.splitlines()[-1]))


def test_mmengine_finds_each_name_once(look_ups):
    registries, _ = look_ups
    assert {name: found for name, found in registries.items() if len(found) != 1} == {}


def test_own_registries_find_bare_names(look_ups):
    _, found = look_ups
    assert [name for name, is_found in found.items() if not is_found] == []
