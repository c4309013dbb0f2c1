"""Extraction of flow and poses from a long video takes hardly more memory than from a short one."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from tiny_networks import write_detector, write_heatmaps

from triad.fusion.index import write_index
from triad.modalities.video import write_video

ROOT = Path(__file__).resolve().parents[2]
FPS = 30
MAX_DIFFERENCE = 300
"""Megabytes."""
SCRIPT = """
import resource, runpy, sys
sys.argv = sys.argv[1:]
sys.path.insert(0, sys.argv[0].rpartition("/")[0])
try:
    runpy.run_path(sys.argv[0], run_name="__main__")
finally:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)
"""
"""Runs a tool and prints its peak of memory."""


def measure_peak(folder: Path, seconds: int) -> float:
    """Return the peak of memory of an extraction in one process, in megabytes."""
    rng = np.random.default_rng(0)
    images = [rng.integers(0, 255, (48, 64, 3), np.uint8) for _ in range(8)]
    num_frames = seconds * FPS
    write_video(folder / "v.mp4", itertools.islice(itertools.cycle(images), num_frames), fps=FPS, crf=40)
    source = {"path": "v.mp4", "num": num_frames, "fps": float(FPS)}
    metainfo = {"dataset": "folder", "classes": ["a"], "streams": {"rgb": {"modality": "rgb"}}}
    write_index(folder / "index.json", metainfo, [{"id": "v", "label": 0, "sources": {"rgb": source}}])
    weights = write_heatmaps(folder / "pose.onnx")
    detector = write_detector(folder / "detector.onnx", [(10, 10, 40, 50, 0.9)] * 2)
    options = ["--flow", "dis", "--pose", "tiny", "--pose-weights", weights, "--detector", detector, "--workers", 1]
    command = [sys.executable, "-c", SCRIPT, ROOT / "tools/extract.py", folder, *options, "--json"]
    process = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    assert process.returncode == 0, process.stderr
    assert [row["extracted"] for row in json.loads(process.stdout)["streams"]] == [1, 1]
    return int(process.stderr.split()[-1]) / 1024


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="memory is in kB on Linux")
def test_memory_does_not_grow_with_length(tmp_path):
    ten_seconds = measure_peak(tmp_path / "short", 10)
    half_an_hour = measure_peak(tmp_path / "long", 1800)
    print(f"{ten_seconds:.0f} MB, {half_an_hour:.0f} MB")
    assert half_an_hour - ten_seconds < MAX_DIFFERENCE
