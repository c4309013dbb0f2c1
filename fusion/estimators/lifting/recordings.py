"""3D skeletons of prepared datasets in one layout, split so that no person is in two splits."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from triad.fusion.datasets import Protocol, get_protocol, select
from triad.fusion.index import Index, Record, load_index
from triad.modalities.atomic_files import read_arrays
from triad.modalities.checks import fail
from triad.modalities.skeleton import PoseLoader, Poses, convert, get_layout

STREAM = "skeleton"
CURE = "prepare the dataset again"
NUCLA_VAL_SUBJECTS = {"s08"}
NUCLA_TEST_SUBJECTS = {"s09", "s10"}
NUCLA_TEST_CAMERA = "v03"


class Recording(NamedTuple):
    """One person's 3D skeleton over time.

    Attributes:
        dataset: name of the dataset.
        id: id of the record.
        joints: metres (x right, y down, z away), float32 ``[T, V, 3]``; a missing joint lies at the mean of the visible
            ones.
        visible: bool ``[T, V]``.
    """

    dataset: str
    id: str
    joints: np.ndarray
    visible: np.ndarray


def nucla_split(record: Record) -> str | None:
    """Return the split of a record of Northwestern-UCLA: tested people and the camera that films them are new.

    The three cameras filmed the same performances at the same time. Camera 3 trains nothing, so that a lifter may be
    used under the ``cross_view`` protocol; what the other cameras filmed of the tested people is left out.
    """
    if record["subject"] in NUCLA_TEST_SUBJECTS:
        return "test" if record["camera"] == NUCLA_TEST_CAMERA else None
    if record["camera"] == NUCLA_TEST_CAMERA:
        return None
    return "val" if record["subject"] in NUCLA_VAL_SUBJECTS else "train"


def lifting_protocol(dataset: str) -> Protocol:
    """Return the protocol of lifters: ``cross_subject``, or :func:`nucla_split` for Northwestern-UCLA.

    Raises:
        InputError: If the dataset has no such protocol.
    """
    return nucla_split if dataset == "nucla" else get_protocol(dataset, "cross_subject")


def load_recordings(root: str | Path, *, split: str, layout: str) -> list[Recording]:
    """Return all persons of one split of a prepared dataset in one 3D layout.

    MiniHome gives its true joints, not the measured ones. A person who is never visible is left out.

    Args:
        root: folder of the dataset.
        split: ``train``, ``val`` or ``test``.
        layout: name of the 3D layout.

    Raises:
        InputError: If the dataset has no 3D skeletons, or a file is missing or damaged.
    """
    index = load_index(root)
    stored = index.metainfo["streams"].get(STREAM, {}).get("layout")
    if stored is None or get_layout(stored).dims != 3:
        fail(f"'{index.root}'", "have a 3D skeleton stream to learn from", f"layout {stored}")
    read = _read_truth if index.dataset == "minihome" else _make_reader(stored)
    recordings = []
    for record in select(index.records, lifting_protocol(index.dataset), split):
        if STREAM not in record["sources"]:
            continue
        poses = convert(read(index, record), to=layout)
        for joints, scores in zip(poses.keypoints, poses.scores, strict=True):
            visible = scores > 0
            if visible.any():
                joints[~visible] = joints[visible].mean(0)
                recordings.append(Recording(index.dataset, record["id"], joints, visible))
    return recordings


def load_all_recordings(roots: Iterable[str | Path], *, split: str, layout: str) -> list[Recording]:
    """Return the recordings of several datasets, one dataset after the other, see :func:`load_recordings`.

    Raises:
        InputError: like :func:`load_recordings`; or if there are no recordings.
    """
    recordings = [recording for root in roots for recording in load_recordings(root, split=split, layout=layout)]
    if not recordings:
        fail(f"split '{split}' of the lifter's datasets", "have skeletons", "none", "name prepared datasets: --data")
    return recordings


def _make_reader(layout: str) -> Callable[[Index, Record], Poses]:
    """Return a function that reads a record's stored skeletons."""
    loader = PoseLoader(get_layout(layout))

    def read(index: Index, record: Record) -> Poses:
        source = index.source(record, STREAM)
        if source is None:
            fail(f"record '{record['id']}'", f"have '{STREAM}'", "none", CURE)
        return loader.load(source)

    return read


def _read_truth(index: Index, record: Record) -> Poses:
    arrays = read_arrays(index.root / "truth" / f"{record['id']}.npz", cure="make MiniHome again")
    joints = arrays["joints"][None]  # [1, T, V, 3]
    return Poses(joints, np.ones(joints.shape[:3], np.float32), "minihome16")
