"""Library code has no ``assert``: ``python -O`` drops it, and what it says helps nobody."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted(path for package in ("modalities", "fusion", "tools") for path in (ROOT / package).rglob("*.py"))


def asserts_in(source: str) -> list[int]:
    """The lines on which an ``assert`` stands."""
    return [node.lineno for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Assert)]


def test_asserts_are_found_wherever_they_stand():
    assert asserts_in("def f(x):\n    if x:\n        assert x\n    return 'assert'\nassert f\n") == [5, 3]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_assert(path: Path):
    assert asserts_in(path.read_text("utf-8")) == []
