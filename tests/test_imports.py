"""Importing the packages is light; who may import whom is checked by import-linter (``.importlinter``)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted(path for package in ("modalities", "fusion") for path in (ROOT / "triad" / package).rglob("*.py"))
HEAVY = {"mmaction", "mmpose", "ptlflow", "decord"}


def imported_packages(code: str) -> tuple[float, set[str]]:
    """Seconds that ``code`` takes in a fresh interpreter, and the top-level packages it leaves imported."""
    script = (
        f"import json, sys, time\nstart = time.perf_counter()\n{code}\nseconds = time.perf_counter() - start\n"
        "print(json.dumps([seconds, sorted({name.partition('.')[0] for name in sys.modules})]))"
    )
    process = subprocess.run([sys.executable, "-c", script], cwd=ROOT, text=True, capture_output=True, check=True)
    seconds, names = json.loads(process.stdout.splitlines()[-1])
    return seconds, set(names)


def test_importing_packages_is_light():
    seconds, names = imported_packages("import triad.modalities, triad.fusion")
    assert "triad" in names
    assert seconds < 3
    assert not names & (HEAVY | {"bitsandbytes"})


def test_no_module_imports_heavy_libraries():
    """Also not through a library between: loading all of ours leaves the adapters' libraries alone."""
    modules = [".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in SOURCES]
    _, names = imported_packages("\n".join(f"import {module}" for module in modules))
    assert "torch" in names
    assert not names & HEAVY


def test_a_copy_without_links_is_found(tmp_path):
    (tmp_path / "triad").mkdir()
    (tmp_path / "triad/__init__.py").write_text((ROOT / "triad/__init__.py").read_text())
    (tmp_path / "fusion").mkdir()
    (tmp_path / "fusion/__init__.py").touch()
    (tmp_path / "triad/fusion").write_text("../fusion")  # as git without links writes it
    script = "import triad.fusion; print(triad.fusion.__file__, triad.CONFIGS)"
    process = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, text=True, capture_output=True, check=True)
    assert process.stdout.split() == [f"{tmp_path}/fusion/__init__.py", f"{tmp_path}/configs"]


@pytest.mark.parametrize("package", ["modalities", "fusion"])
def test_packages_have_one_name(package):
    process = subprocess.run([sys.executable, "-c", f"import {package}"], cwd=ROOT, text=True, capture_output=True)
    assert process.returncode == 1
    assert process.stderr.splitlines()[-1].startswith(f"ImportError: import triad.{package}")
