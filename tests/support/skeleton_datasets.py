"""Prepared datasets of small 3D skeletons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from triad.fusion.index import write_index
from triad.modalities.atomic_files import write_arrays
from triad.modalities.skeleton import get_layout

NUM_TIMES = 5


def write_skeletons(out: Path, *, dataset: str, layout: str, rows: Sequence[Mapping[str, Any]]) -> Path:
    """Write a dataset in which everybody walks to the right and misses the left wrist in the third frame.

    Args:
        out: folder of the dataset.
        dataset: name of the dataset, whose protocols apply.
        layout: name of the joint layout.
        rows: fields of each record, with its ``id``.
    """
    num_joints = get_layout(layout).num_joints
    wrist = get_layout(layout).index("left_wrist")
    records = []
    for seed, row in enumerate(rows):
        rng = np.random.default_rng(seed)
        joints = rng.normal(0, 0.4, (1, 1, num_joints, 3)) + np.linspace(0, 1, NUM_TIMES)[None, :, None, None]
        scores = np.ones((1, NUM_TIMES, num_joints), np.float32)
        joints[:, 2, wrist] = 0
        scores[:, 2, wrist] = 0
        write_arrays(out / f"skeleton/{row['id']}.npz", keypoints=joints.astype(np.float32), scores=scores)
        source = {"path": f"skeleton/{row['id']}.npz", "num": NUM_TIMES, "fps": 30.0}
        records.append({"label": 0, "sources": {"skeleton": source}, **row})
    streams = {"skeleton": {"modality": "skeleton", "layout": layout, "channels": 3}}
    write_index(out / "index.json", {"dataset": dataset, "classes": ["walk"], "streams": streams}, records)
    return out
