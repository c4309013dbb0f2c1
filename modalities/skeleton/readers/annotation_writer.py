"""Annotation pickles of pyskl and mmaction2, written."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from triad.modalities.atomic_files import atomic_write
from triad.modalities.checks import check_choice, fail
from triad.modalities.skeleton.layouts import custom_definition, get_layout
from triad.modalities.skeleton.readers.annotations import Annotation
from triad.modalities.skeleton.readers.pose_arrays import axes_of


def write_annotations(
    path: str | Path,
    clips: Iterable[Annotation],
    *,
    splits: Mapping[str, Sequence[str]],
    classes: Sequence[str] = (),
    dtype: str = "float32",
) -> None:
    """Write a file that ``read_annotations`` reads, and that pyskl and mmaction2 train on.

    Joints of NTU RGB+D and of Kinect are in their axes there. 3D clips have no scores: a missing joint lies at the
    origin. Pixels of 3D layouts are left out.

    Args:
        path: path of the file, ending with ``.pkl``.
        clips: clips, all of one layout.
        splits: ids of the clips of each split.
        classes: names of the classes, kept with the layout under keys that others do not read.
        dtype: ``float32``, or ``float16`` as in the published files.

    Raises:
        InputError: If ids are not unique, a split names an unknown clip, layouts differ, or a 2D clip has no size.
        StorageError: If the disk is full or the folder cannot be written.
    """
    check_choice("dtype of annotations", dtype, ("float16", "float32"))
    rows: dict[str, dict[str, Any]] = {}
    layout = None
    for clip in clips:
        if clip.id in rows:
            fail("ids of annotations", "differ", f"'{clip.id}' twice")
        if clip.poses.layout != (layout := layout or clip.poses.layout):
            fail(f"layout of clip '{clip.id}'", f"be '{layout}' as the clips before it", f"'{clip.poses.layout}'")
        rows[clip.id] = _to_row(clip, dtype)
    for split, names in splits.items():
        if unknown := [name for name in names if name not in rows]:
            fail(f"split '{split}'", "name clips of the file", f"'{unknown[0]}'")
    if not rows:
        fail(f"annotations '{path}'", "have clips", "none")
    document: dict[str, Any] = {
        "split": {split: list(names) for split, names in splits.items()},
        "annotations": list(rows.values()),
        "layout": layout,
        "classes": list(classes),
    }
    definition = custom_definition(layout or "")
    if definition is not None:
        document["layout_definition"] = definition
    with atomic_write(path) as temporary, temporary.open("wb") as file:
        pickle.dump(document, file, protocol=4)


def _to_row(clip: Annotation, dtype: str) -> dict[str, Any]:
    poses = clip.poses
    layout = get_layout(poses.layout)
    points = np.where(poses.scores[..., None] > 0, poses.keypoints, np.float32(0))  # in 3D the only mark of missing
    with np.errstate(over="ignore"):
        points = (points * axes_of(layout) if layout.dims == 3 else points).astype(dtype)
    if not np.isfinite(points).all():
        fail(f"keypoints of clip '{clip.id}'", f"fit {dtype}", "larger ones", "use float32")
    row: dict[str, Any] = {"frame_dir": clip.id, "label": clip.label, "keypoint": points, "total_frames": poses.num}
    if layout.dims == 2:
        if clip.size is None:
            fail(f"size of 2D clip '{clip.id}'", "be its frames' height and width", "none")
        row["keypoint_score"] = poses.scores.astype(dtype)
    if clip.fps is not None:
        row["fps"] = float(clip.fps)
    if clip.size is not None:
        row["img_shape"] = row["original_shape"] = (int(clip.size[0]), int(clip.size[1]))
    return row
