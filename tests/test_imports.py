"""Who may import whom (design.md), and that importing the packages is light."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from modalities.modality import MODALITIES

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted(path for package in ("modalities", "fusion") for path in (ROOT / package).rglob("*.py"))
HEAVY = {"mmaction", "mmpose", "ptlflow"}


class Imported(NamedTuple):
    module: str
    when_loaded: bool  # rather than when a function is called


def imports_of(source: str, *, package: str) -> Iterator[Imported]:
    """Every module that a source names in an import; ``from a import b`` names both ``a`` and ``a.b``."""
    tree = ast.parse(source)
    late = {
        inner
        for outer in ast.walk(tree)
        if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(outer)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            parents = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*parents, *([node.module] if node.module else [])])
            names = [base, *(f"{base}.{alias.name}" for alias in node.names)]
        else:
            continue
        yield from (Imported(name, node not in late) for name in names)


def imports_in(path: Path) -> list[Imported]:
    return list(imports_of(path.read_text("utf-8"), package=".".join(path.relative_to(ROOT).parent.parts)))


def within(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def test_imports_of_sees_every_way_to_import():
    source = "import a.b as c\nfrom ..flow import codec\ndef f():\n    from mmaction import models\n"
    assert set(imports_of(source, package="modalities.rgb")) == {
        Imported("a.b", True),
        Imported("modalities.flow", True),
        Imported("modalities.flow.codec", True),
        Imported("mmaction", False),
        Imported("mmaction.models", False),
    }


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_import_rules(path: Path):
    where = path.relative_to(ROOT).parts
    tools = {tool.stem for tool in (ROOT / "tools").glob("*.py")} | {"tools"}
    forbidden = tools | {"decord"}
    if where[0] == "modalities":
        forbidden |= {"fusion"}
        if where[1] in MODALITIES:
            forbidden |= {f"modalities.{other}" for other in MODALITIES if other != where[1]}
    for module, when_loaded in imports_in(path):
        assert not [name for name in forbidden if within(module, name)], f"{path.relative_to(ROOT)} imports {module}"
        heavy = module.partition(".")[0] in HEAVY
        assert not (heavy and when_loaded), f"{path.relative_to(ROOT)} imports {module} when it is loaded"


def modules_after(code: str) -> tuple[float, set[str]]:
    """Seconds that ``code`` takes in a fresh interpreter, and the top-level packages it leaves imported."""
    script = (
        f"import json, sys, time\nstart = time.perf_counter()\n{code}\nseconds = time.perf_counter() - start\n"
        "print(json.dumps([seconds, sorted({name.partition('.')[0] for name in sys.modules})]))"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, text=True, capture_output=True, check=True)
    seconds, names = json.loads(done.stdout.splitlines()[-1])
    return seconds, set(names)


def test_importing_the_packages_is_light():
    seconds, names = modules_after("import modalities, fusion")
    assert {"modalities", "fusion"} <= names
    assert seconds < 3
    assert not names & (HEAVY | {"bitsandbytes", "decord"})


def test_no_module_pulls_in_the_heavy_libraries():
    """Also not through a library between: loading all of ours leaves the adapters' libraries alone."""
    modules = [".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in SOURCES]
    _, names = modules_after("\n".join(f"import {module}" for module in modules))
    assert "torch" in names
    assert not names & (HEAVY | {"decord"})
