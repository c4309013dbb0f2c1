"""Half an hour of video takes hardly more memory than ten seconds, with flow and poses together."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from tiny_networks import write_detector, write_heatmaps

from fusion.index.index import write_index
from modalities.video import write_video

ROOT = Path(__file__).resolve().parents[2]
FPS, MORE = 30, 300
PEAK = """
import resource, runpy, sys
sys.argv = sys.argv[1:]
sys.path.insert(0, sys.argv[0].rpartition("/")[0])
try:
    runpy.run_path(sys.argv[0], run_name="__main__")
finally:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)
"""


def peak(folder: Path, seconds: int) -> float:
    """MB of memory that extraction in one process takes at most."""
    rng = np.random.default_rng(0)
    pictures = [rng.integers(0, 255, (48, 64, 3), np.uint8) for _ in range(8)]
    num = seconds * FPS
    write_video(folder / "v.mp4", itertools.islice(itertools.cycle(pictures), num), fps=FPS, crf=40)
    source = {"path": "v.mp4", "num": num, "fps": float(FPS)}
    metainfo = {"dataset": "folder", "classes": ["a"], "streams": {"rgb": {"modality": "rgb"}}}
    write_index(folder / "index.json", metainfo, [{"id": "v", "label": 0, "sources": {"rgb": source}}])
    pose = write_heatmaps(folder / "pose.onnx"), write_detector(folder / "detector.onnx", [(10, 10, 40, 50, 0.9)] * 2)
    words = ["--flow", "dis", "--pose", "tiny", "--pose-weights", pose[0], "--detector", pose[1], "--workers", 1]
    command = [sys.executable, "-c", PEAK, ROOT / "tools/extract.py", folder, *words, "--json"]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert [row["extracted"] for row in json.loads(done.stdout)["streams"]] == [1, 1]
    return int(done.stderr.split()[-1]) / 1024


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="memory is told in kB on Linux")
def test_half_an_hour_takes_hardly_more_memory_than_ten_seconds(tmp_path):
    short, long = peak(tmp_path / "short", 10), peak(tmp_path / "long", 1800)
    print(f"{short:.0f} MB, {long:.0f} MB")
    assert long - short < MORE
