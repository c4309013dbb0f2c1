"""Minutes of video take no more memory than seconds, in live mode with a slow reader too; soak.py runs hours of it."""

from __future__ import annotations

import sys

import pytest
import soak
from predicted_streams import train_streams

ALLOWED = 12
"""Megabytes by which memory may grow; what is kept of a window takes a few kilobytes."""
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="reads the memory of a process in /proc"),
]


@pytest.fixture(scope="module")
def models(tiny, tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    train_streams(tiny, folder)
    return folder


@pytest.mark.parametrize(("live", "minutes"), [(False, 3), (True, 1.5)], ids=["film", "live"])
def test_memory_is_flat(models, tmp_path, monkeypatch, live, minutes):
    monkeypatch.setattr(soak, "HEIGHT", 120)
    monkeypatch.setattr(soak, "WIDTH", 160)
    words = soak.write_soak(tmp_path, models, minutes, live=live)
    samples = list(soak.watch(words, tmp_path, slow_reader=live))
    print([round(sample.megabytes) for sample in samples])
    assert len(samples) > 20
    assert soak.growth(samples) < ALLOWED
    assert max(sample.files for sample in samples[len(samples) // 3 :]) <= 20
    assert max(sample.temporary_files for sample in samples) <= 1
    names = {path.name for path in (tmp_path / ("live" if live else "film")).iterdir()}
    assert names == {"annotated.mp4", "labels.csv", "labels.json", "predictions.npz"}
