"""Simulated datasets as large as Northwestern-UCLA's skeletons and as J-HMDB's 14 classes, prepared for training."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from triad.fusion.benchmarks.input_videos import NUM_CLIPS, write_videos
from triad.fusion.datasets.nucla import ACTIONS
from triad.fusion.index import write_index
from triad.modalities.skeleton import Poses, write_store
from triad.modalities.video import probe

NUCLA_LAYOUT = "kinect20"
NUCLA_CLIPS = {"v01": 510, "v02": 510, "v03": 464}
"""Number of clips of each camera."""
JHMDB_CLASSES = 14
JHMDB_CLIPS = {"train": 349, "val": 84, "test": 176}
"""Number of clips of each part of the first official split."""


def write_nucla(folder: Path) -> None:
    """Write random skeletons of one person with 20 to 60 frames of 20 joints."""
    rng = np.random.default_rng(0)
    records = []
    with write_store(folder / "skeleton.safetensors", layout=NUCLA_LAYOUT) as store:
        for camera, num_clips in NUCLA_CLIPS.items():
            for number in range(num_clips):
                name = f"{camera}_{number:03}"
                num_frames = int(rng.integers(20, 61))
                keypoints = rng.normal(0, 1, (1, num_frames, 20, 3)).astype(np.float32)
                clip = store.add(name, Poses(keypoints, np.ones(keypoints.shape[:3], np.float32), NUCLA_LAYOUT))
                source = {"path": "skeleton.safetensors", "clip": clip, "num": num_frames, "fps": 30.0}
                fields = {"label": number % len(ACTIONS), "subject": f"s{1 + number % 10:02}", "camera": camera}
                records.append({"id": name, **fields, "sources": {"skeleton": source}})
    streams = {"skeleton": {"modality": "skeleton", "layout": NUCLA_LAYOUT, "channels": 3}}
    write_index(
        folder / "index.json", {"dataset": "nucla", "classes": list(ACTIONS.values()), "streams": streams}, records
    )


def write_jhmdb(folder: Path) -> None:
    """Write videos of MiniHome in J-HMDB's form; several clips of the index share one of them."""
    sources: list[dict[str, Any]] = []
    for path in write_videos(folder / "videos", num=NUM_CLIPS):
        info = probe(path)
        sources.append({"path": str(path.relative_to(folder)), "num": info.num_frames, "fps": info.fps})
    records = []
    for subset, num_clips in JHMDB_CLIPS.items():
        for number in range(num_clips):
            name = f"{subset}_{number:03}"
            official = {split: "test" if subset == "test" else "train" for split in ("split1", "split2", "split3")}
            fields = {"label": number % JHMDB_CLASSES, "source_video": name, "official": official}
            records.append({"id": name, **fields, "sources": {"rgb": sources[number % len(sources)]}})
    classes = [f"class_{number:02}" for number in range(JHMDB_CLASSES)]
    write_index(
        folder / "index.json",
        {"dataset": "jhmdb", "classes": classes, "streams": {"rgb": {"modality": "rgb"}}},
        records,
    )
