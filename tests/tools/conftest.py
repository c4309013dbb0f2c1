"""Commands as a user starts them, in this process: importing torch takes longer than most tests."""

from __future__ import annotations

import runpy
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
Done = tuple[int, str, str]


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Done]:
    """Run a tool as ``python tools/NAME.py …`` does: exit code, standard output, standard error."""
    monkeypatch.syspath_prepend(str(ROOT / "tools"))

    def run(name: str, *words: object) -> Done:
        monkeypatch.setattr(sys, "argv", [name, *map(str, words)])
        with pytest.raises(SystemExit) as done:
            runpy.run_path(str(ROOT / "tools" / name), run_name="__main__")
        return done.value.code, *capsys.readouterr()

    return run
