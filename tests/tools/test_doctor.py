"""Checks of the environment: each stands alone, and what fails names the command that repairs it."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from click.testing import CliRunner

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def doctor(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.syspath_prepend(ROOT / "tools")
    import doctor

    return doctor


def probe_that_raises(error: BaseException):
    def probe() -> str:
        raise error

    return probe


def test_checks_do_not_stop_each_other(doctor):
    def noisy() -> str:
        print("output of a library that is imported")
        return "1.0"

    checks = [
        doctor.Check(
            "crash", probe_that_raises(OSError("cannot load libx.so\nsecond line")), "repair it", required=False
        ),
        doctor.Check("absent", probe_that_raises(doctor.MissingError("no GPU")), "buy it", required=False),
        doctor.Check("package", lambda: version("no-such-distribution"), required=False),
        doctor.Check("fine", noisy, "never shown"),
    ]
    assert doctor.examine(checks) == {
        "ok": True,
        "checks": [
            {
                "name": "crash",
                "status": "broken",
                "detail": "OSError: cannot load libx.so (optional)",
                "cure": "repair it",
            },
            {"name": "absent", "status": "missing", "detail": "no GPU (optional)", "cure": "buy it"},
            {
                "name": "package",
                "status": "missing",
                "detail": "no-such-distribution is not installed (optional)",
                "cure": "make setup",
            },
            {"name": "fine", "status": "ok", "detail": "1.0", "cure": ""},
        ],
    }


@pytest.mark.parametrize("error", [ImportError("half installed"), RuntimeError("wrong version")])
def test_failed_required_check_exits_with_1(doctor, monkeypatch: pytest.MonkeyPatch, error):
    monkeypatch.setattr(doctor, "CHECKS", [doctor.Check("torch", probe_that_raises(error), "pip install '.[flow]'")])
    result = CliRunner().invoke(doctor.doctor, ["--json"])
    assert result.exit_code == 1
    assert json.loads(result.stdout)["ok"] is False
    result = CliRunner().invoke(doctor.doctor, [])
    assert result.exit_code == 1
    assert "torch: pip install '.[flow]'" in result.stdout  # brackets are not taken for markup
    assert "a required dependency does not work" in result.stdout


def test_version_outside_setup_cfg_is_broken(doctor, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    setup = tmp_path / "setup.cfg"
    setup.write_text(
        "[options]\ninstall_requires =\n    # why\n    numpy >=1000\n[options.extras_require]\nx =\n    av\n"
    )
    monkeypatch.setattr(doctor, "SETUP", setup)
    with pytest.raises(RuntimeError, match=r"numpy [\d.]+ is installed, setup.cfg requires >=1000"):
        doctor.required_version("numpy")
    assert doctor.required_version("av") == version("av")


def test_compiler_without_headers_is_broken(doctor, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    fake = tmp_path / "fake-c++"
    fake.write_text("#!/bin/sh\necho 'Python.h: no such file' >&2\nexit 1\n")
    fake.chmod(0o755)
    monkeypatch.setenv("CXX", str(fake))
    with pytest.raises(RuntimeError, match=r"fake-c\+\+: Python.h: no such file"):
        doctor.check_compiler()
    monkeypatch.delenv("CXX")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(doctor.MissingError, match=r"no C\+\+ compiler"):
        doctor.check_compiler()


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
