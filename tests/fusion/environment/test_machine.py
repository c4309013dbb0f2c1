from __future__ import annotations

from pathlib import Path

import pytest

from triad.fusion.environment import MissingError
from triad.fusion.environment.machine import check_compiler


def test_compiler_without_headers_is_broken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    fake = tmp_path / "fake-c++"
    fake.write_text("#!/bin/sh\necho 'Python.h: no such file' >&2\nexit 1\n")
    fake.chmod(0o755)
    monkeypatch.setenv("CXX", str(fake))
    with pytest.raises(RuntimeError, match=r"fake-c\+\+: Python.h: no such file"):
        check_compiler()
    monkeypatch.delenv("CXX")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingError, match=r"no C\+\+ compiler"):
        check_compiler()
