"""Writer of OpenPose's JSON: a folder of one file a frame."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import numpy as np

from triad.modalities.atomic_files import make_parent, storage_errors
from triad.modalities.checks import fail
from triad.modalities.partial_files import partial_path, sweep_partial_files
from triad.modalities.skeleton.convert import convert
from triad.modalities.skeleton.poses import Poses

LAYOUTS = ("openpose25", "openpose18", "coco17")
"""Layouts that OpenPose itself writes; others become the first one, by the names of their joints."""


def write_openpose(folder: Path, poses: Poses, *, name: str) -> str:
    """Write ``NAME_000000000000_keypoints.json`` … into a new folder, which appears when all files are there.

    ``person_id`` is the number of the person, so that the reader tells them apart.

    Args:
        folder: path of the folder, which must not exist or be empty.
        poses: poses in pixels, or in metres with their pixels.
        name: beginning of the files' names.

    Returns:
        the name of the layout that was written.

    Raises:
        InputError: If the poses have no pixels, or the folder holds something.
        StorageError: If the disk is full or the folder cannot be written.
    """
    layout = poses.layout if poses.layout in LAYOUTS else LAYOUTS[0]
    flat = convert(poses, to=layout)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        fail("folder to export to", "be new or empty", f"'{folder}'", "name another one")
    temporary = partial_path(folder)
    try:
        with storage_errors(folder):
            make_parent(folder)
            sweep_partial_files(folder.parent)
            temporary.mkdir()
            for frame in range(flat.num):
                text = json.dumps({"version": 1.3, "people": _people(flat, frame)})
                (temporary / f"{name}_{frame:012d}_keypoints.json").write_text(text, "utf-8")
            os.replace(temporary, folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)  # it was moved, or never made
    return layout


def _people(poses: Poses, frame: int) -> list[dict[str, Any]]:
    people = []
    for person in range(len(poses.keypoints)):
        scores = poses.scores[person, frame]
        if scores.any():
            rows = np.concatenate([poses.keypoints[person, frame], scores[:, None]], axis=1)
            rows[scores <= 0] = 0
            numbers = [round(float(value), 4) for value in rows.ravel()]
            people.append({"person_id": [person], "pose_keypoints_2d": numbers})
    return people
