"""An extraction that nothing disturbs and one that something befalls: equal folders before, equal bytes after."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from tiny_networks import write_detector, write_heatmaps

POSE = ("--pose", "tiny", "--pose-weights", "pose.onnx", "--detector", "detector.onnx")
"""Words for ``extract``, started in one of the folders."""
NUM_GOOD = 59


def two_folders(tiny: Path, tmp_path: Path) -> tuple[Path, Path, str]:
    """The tiny dataset twice, with networks for poses; the id of its one corrupt video."""
    whole, data = tmp_path / "whole", tmp_path / "data"
    shutil.copytree(tiny, whole)
    bad = sorted((whole / "videos").iterdir())[7]
    bad.write_bytes(b"corrupt" * 99)
    write_detector(whole / "detector.onnx", [(10, 10, 40, 50, 0.9)])
    write_heatmaps(whole / "pose.onnx")
    shutil.copytree(whole, data)
    return whole, data, bad.stem


def written(data: Path, streams: Iterable[str], *, named: Path) -> dict[str, bytes]:
    """All that extraction has written in a folder, locks apart, as if the folder were called ``named``."""
    paths = [data / "index.json", *(path for stream in streams for path in sorted((data / stream).rglob("*")))]
    found = {str(path.relative_to(data)): path.read_bytes() for path in paths if path.is_file() and path.stat().st_size}
    move = (str(data).encode(), str(named).encode())  # reasons of failures name the video with its folder
    return {name: content.replace(*move) if name.endswith(".json") else content for name, content in found.items()}


def num_written(streams: int) -> int:
    """How many files that is at the end: the index, and of each stream a file a video and what is said of all."""
    return 1 + streams * (NUM_GOOD + len(["provenance.json", "failures.json", "failed/ID.json"]))
