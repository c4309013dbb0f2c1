"""Files are read by this process and by others, and their results come in order."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from triad.fusion.datasets import prefetch as prefetching
from triad.fusion.datasets.prefetch import prefetch
from triad.modalities.atomic_files import read_json, write_json


def read(path: Path) -> tuple[int, int]:
    return read_json(path, cure="mend it"), os.getpid()


@pytest.fixture
def paths(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / f"{number}.json" for number in range(30)]
    for number, path in enumerate(paths):
        write_json(path, number)
    paths[20].write_text("{")
    return paths


@pytest.mark.parametrize(("workers", "num_read_here"), [(1, 3), (2, 3), (2, 100)])
def test_results_come_in_order(monkeypatch, paths, workers, num_read_here):
    monkeypatch.setattr(prefetching, "NUM_READ_HERE", num_read_here)
    values, readers = [], []
    for path, take in prefetch(paths, read, workers=workers):
        assert path == paths[len(values)]
        if path == paths[20]:
            with pytest.raises(ValueError, match=r"'.*20.json' must be JSON, got .*; mend it"):
                take()
            values.append(20)
        else:
            value, reader = take()
            values.append(value)
            readers.append(reader)
    assert values == list(range(30))
    other_processes = {reader for reader in readers if reader != os.getpid()}
    assert bool(other_processes) == (workers > 1 and num_read_here < 30)
    assert readers[:num_read_here].count(os.getpid()) == min(num_read_here, len(readers))


def test_paths_are_taken_lazily(monkeypatch, paths):
    monkeypatch.setattr(prefetching, "NUM_READ_HERE", 2)
    taken = []
    reading = prefetch((taken.append(path) or path for path in paths), read, workers=2)
    for _ in range(3):
        next(reading)
    assert len(taken) == 2 + 4 * 2 + 1  # two here, then four a worker and the one that is handed out
    reading.close()
