"""Readings of nvidia-smi, which a script stands in for."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from triad.fusion.benchmarks.gpu_utilization import GpuUtilization
from triad.modalities.checks import InputError


def write_nvidia_smi(folder: Path, lines: str) -> None:
    """Write a command that prints lines and then waits, as the driver's does."""
    path = folder / "nvidia-smi"
    path.write_text(f"#!/bin/sh\nprintf '{lines}'\nexec sleep 60\n")
    path.chmod(0o755)


def test_readings_are_collected(tmp_path, monkeypatch):
    write_nvidia_smi(tmp_path, "10, 500\\n[N/A], 500\\n90, 700\\n80, 600\\n")
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    with GpuUtilization() as utilization:
        deadline = time.monotonic() + 10
        while len(utilization.percentages) < 3 and time.monotonic() < deadline:
            time.sleep(0.01)
    assert utilization.percentages == [10, 90, 80]
    assert utilization.megabytes == [500, 700, 600]
    assert utilization.median_after(1) == 85
    with pytest.raises(InputError, match="nvidia-smi"):
        utilization.median_after(3)


def test_missing_command_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(InputError, match="nvidia-smi"), GpuUtilization():
        pass
