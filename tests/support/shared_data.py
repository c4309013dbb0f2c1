"""Real datasets and weights for tests: one environment variable, one reason to skip."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

VARIABLE = "TRIAD_DATA"
ROOT = Path(os.environ.get(VARIABLE) or "/nonexistent")


def shared_path(name: str) -> Path:
    """Return the path of a dataset or weights file in the folder that ``TRIAD_DATA`` names; it may not exist."""
    return ROOT / name


def needs_shared(name: str) -> pytest.MarkDecorator:
    """Return a mark that skips a test if the folder does not hold ``name``."""
    reason = f"needs {name} in the folder that {VARIABLE} names"
    return pytest.mark.skipif(not shared_path(name).exists(), reason=reason)


def skip_without(name: str) -> None:
    """Skip the running test or fixture if the folder does not hold ``name``."""
    if not shared_path(name).exists():
        pytest.skip(f"needs {name} in the folder that {VARIABLE} names")
