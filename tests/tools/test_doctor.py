"""The command doctor: exit codes, what it prints, and the state of this environment."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from triad.fusion import environment

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def doctor(monkeypatch: pytest.MonkeyPatch):
    from triad.tools import doctor

    return doctor


def probe_that_raises(error: BaseException):
    def probe() -> str:
        raise error

    return probe


@pytest.mark.parametrize("error", [ImportError("half installed"), RuntimeError("wrong version")])
def test_failed_required_check_exits_with_1(doctor, monkeypatch: pytest.MonkeyPatch, error):
    monkeypatch.setattr(
        environment, "CHECKS", [environment.Check("torch", probe_that_raises(error), "pip install '.[flow]'")]
    )
    result = CliRunner().invoke(doctor.main, ["--json"])
    assert result.exit_code == 1
    assert json.loads(result.stdout)["ok"] is False
    result = CliRunner().invoke(doctor.main, [])
    assert result.exit_code == 1
    assert "torch: pip install '.[flow]'" in result.stdout  # brackets are not taken for markup
    assert "a required dependency does not work" in result.stdout


def test_this_environment_passes_all_checks():
    """Run the real command: all that ``make setup`` installs works, and standard output is one JSON document."""
    process = subprocess.run(
        [sys.executable, "tools/doctor.py", "--json"], cwd=ROOT, text=True, capture_output=True, check=False
    )
    document = json.loads(process.stdout)
    assert document["ok"], [row for row in document["checks"] if row["status"] != "ok"]
    assert process.returncode == 0
    rows = {row["name"]: row["status"] for row in document["checks"]}
    assert all(rows[name] == "ok" for name in ("torch", "torchvision", "mmaction2", "mmpose", "video (PyAV)", "OpenCV"))
