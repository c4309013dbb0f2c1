"""Two equal datasets to extract from, one of them undisturbed, and all files that extraction writes."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from tiny_networks import write_detector, write_heatmaps

POSE_OPTIONS = ("--pose", "tiny", "--pose-weights", "pose.onnx", "--detector", "detector.onnx")
"""Options of ``extract`` when it is started in one of the folders."""
NUM_GOOD = 59
"""Number of videos that are not corrupt."""


def copy_twice(tiny: Path, tmp_path: Path) -> tuple[Path, Path, str]:
    """Copy the tiny dataset twice, with networks for poses, and return the folders and the id of a corrupt video."""
    undisturbed = tmp_path / "undisturbed"
    data = tmp_path / "data"
    shutil.copytree(tiny, undisturbed)
    bad_video = sorted((undisturbed / "videos").iterdir())[7]
    bad_video.write_bytes(b"corrupt" * 99)
    write_detector(undisturbed / "detector.onnx", [(10, 10, 40, 50, 0.9)])
    write_heatmaps(undisturbed / "pose.onnx")
    shutil.copytree(undisturbed, data)
    return undisturbed, data, bad_video.stem


def read_written_files(data: Path, streams: Iterable[str], *, root: Path) -> dict[str, bytes]:
    """Return all files that extraction has written in a folder, except locks, as if the folder were ``root``."""
    paths = [data / "index.json", *(path for stream in streams for path in sorted((data / stream).rglob("*")))]
    files = {str(path.relative_to(data)): path.read_bytes() for path in paths if path.is_file() and path.stat().st_size}
    rename = (str(data).encode(), str(root).encode())  # reasons of failures name the video with its folder
    return {name: content.replace(*rename) if name.endswith(".json") else content for name, content in files.items()}


def num_written_files(num_streams: int) -> int:
    """Return the number of files at the end: the index; of each stream a file a video and three about all videos."""
    return 1 + num_streams * (NUM_GOOD + len(["provenance.json", "failures.json", "failed/ID.json"]))
