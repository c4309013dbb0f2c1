"""``import triad``: light, and every public name is there."""

from __future__ import annotations

import subprocess
import sys

import pytest

import triad
from triad.modalities.checks import InputError


def test_every_public_name_exists():
    assert dir(triad) == sorted(triad.__all__)
    for name in triad.__all__:
        assert getattr(triad, name) is not None
    with pytest.raises(AttributeError, match="module 'triad' has no attribute 'lode'"):
        triad.lode  # noqa: B018


def test_import_loads_no_library():
    script = "import sys, triad; print(sorted({'torch', 'numpy', 'mmengine'} & set(sys.modules)))"
    process = subprocess.run([sys.executable, "-c", script], text=True, capture_output=True, check=True)
    assert process.stdout == "[]\n"


def test_own_clips_are_prepared(tmp_path):
    with pytest.raises(InputError, match=r"did you mean 'folder'"):
        triad.prepare("foldr", tmp_path, tmp_path / "out")
    with pytest.raises(InputError, match=r"paths of dataset 'folder' must be .*out, got 1 paths"):
        triad.prepare("folder", tmp_path)
    with pytest.raises(InputError, match=r"option of dataset 'folder' must be one of .*layout.*, got 'lay_out'"):
        triad.prepare("folder", tmp_path, tmp_path / "out", lay_out="x")
    assert not (tmp_path / "out").exists()
