"""Small dataset with videos, flow and packed skeletons, in which tests plant errors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from triad.fusion.datasets import Dataset
from triad.fusion.datasets.dataset_check import check_dataset
from triad.fusion.index import load_index
from triad.modalities.flow import FlowWriter
from triad.modalities.skeleton import Poses
from triad.modalities.video import write_video

FRAMES = 8
FPS = 10.0
NAMES = ("a", "b", "c")
TOY = Dataset(name="toy", files="", prepare=dict, protocols={})


def make_poses(name: str, frames: int = FRAMES, *, score: float = 1.0) -> Poses:
    keypoints = np.random.default_rng(list(name.encode())).normal(size=(1, frames, 15, 2)).astype(np.float32)
    return Poses(keypoints * score, np.full((1, frames, 15), score, np.float32), "jhmdb15")


def make_video(path: Path, frames: int = FRAMES) -> Path:
    rng = np.random.default_rng(list(path.stem.encode()))
    path.parent.mkdir(parents=True, exist_ok=True)
    write_video(path, list(rng.integers(0, 255, (frames, 24, 32, 3), np.uint8)), fps=FPS)
    return path


def write_flow(path: Path, fields: int = FRAMES - 1) -> None:
    with FlowWriter(path) as writer:
        writer.add(np.ones((fields, 24, 32, 2), np.float32))


def edit(root: Path, change: Any) -> None:
    """Change the index by a function of the records by id and the metainfo."""
    document = json.loads((root / "index.json").read_text())
    change({record["id"]: record for record in document["data_list"]}, document["metainfo"])
    (root / "index.json").write_text(json.dumps(document))


def truncate(path: Path, share: float) -> None:
    """Keep the first ``share`` of the bytes of a file."""
    path.write_bytes(path.read_bytes()[: int(share * path.stat().st_size)])


def find_problems(root: Path) -> dict[str | None, str]:
    """Return the problem of each id; every id has one at most."""
    rows = check_dataset(load_index(root))["problems"]
    problem_by_id = {row["id"]: row["problem"] for row in rows}
    assert len(problem_by_id) == len(rows)
    return problem_by_id
