"""3D skeletons of several prepared datasets in one layout, split so that nobody is on two sides."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from fusion.datasets import Protocol, get_protocol, select
from fusion.index import Index, Record, load_index
from modalities.atomic_files import read_arrays
from modalities.checks import fail
from modalities.skeleton import PoseLoader, Poses, convert, get_layout

STREAM = "skeleton"
CURE = "prepare the dataset again"
NUCLA_VAL, NUCLA_TEST = {"s08"}, {"s09", "s10"}


class Recording(NamedTuple):
    """One person's 3D skeleton over time.

    Attributes:
        dataset: name of where it is from.
        id: of its record.
        joints: metres (x right, y down, z away), float32 ``[T, V, 3]``; a lost one is in the middle of the seen ones.
        seen: bool ``[T, V]``.
    """

    dataset: str
    id: str
    joints: np.ndarray
    seen: np.ndarray


def _nucla(record: Record) -> str | None:
    """People new to the model, from a camera new to it too.

    The three cameras filmed the same performances at once: camera 3 trains nothing, so that who lifts for its
    ``cross_view`` protocol has seen nothing of the test, and what the others saw of the tested people is left out.
    """
    if record["subject"] in NUCLA_TEST:
        return "test" if record["camera"] == "v03" else None
    if record["camera"] == "v03":
        return None
    return "val" if record["subject"] in NUCLA_VAL else "train"


def rule_of(dataset: str) -> Protocol:
    """Who trains, validates and tests a lifter: ``cross_subject``, for N-UCLA with a camera left out besides.

    Raises:
        InputError: if the dataset has no such protocol.
    """
    return _nucla if dataset == "nucla" else get_protocol(dataset, "cross_subject")


def recordings_of(root: str | Path, *, split: str, layout: str) -> list[Recording]:
    """All persons of one split of a prepared dataset, in one 3D layout; of MiniHome the truth, not the measured ones.

    A person who is never seen is left out.

    Raises:
        InputError: if the dataset has no 3D skeletons, or a file is missing or damaged.
    """
    index = load_index(root)
    stored = index.metainfo["streams"].get(STREAM, {}).get("layout")
    if stored is None or get_layout(stored).dims != 3:
        fail(f"'{index.root}'", "have a 3D skeleton stream to learn from", f"layout {stored}")
    read = _truth if index.dataset == "minihome" else _stored(index, stored)
    found = []
    for record in select(index.records, rule_of(index.dataset), split):
        poses = convert(read(index, record), to=layout) if STREAM in record["sources"] else None
        for joints, scores in zip(*([] if poses is None else (poses.keypoints, poses.scores)), strict=True):
            seen = scores > 0
            if seen.any():
                joints[~seen] = joints[seen].mean(0)
                found.append(Recording(index.dataset, record["id"], joints, seen))
    return found


def _stored(index: Index, layout: str) -> Callable[[Index, Record], Poses]:
    """A function that reads a record's skeletons, from a packed store or from a file of its own."""
    loader = PoseLoader(get_layout(layout))

    def read(index: Index, record: Record) -> Poses:
        source = index.source(record, STREAM)
        if source is None:
            fail(f"record '{record['id']}'", f"have '{STREAM}'", "none", CURE)
        return loader.load(source)

    return read


def _truth(index: Index, record: Record) -> Poses:
    arrays = read_arrays(index.root / "truth" / f"{record['id']}.npz", cure="make MiniHome again")
    joints = arrays["joints"][None]  # [1, T, V, 3]
    return Poses(joints, np.ones(joints.shape[:3], np.float32), "minihome16")


def recordings_of_all(roots: Iterable[str | Path], *, split: str, layout: str) -> list[Recording]:
    """:func:`recordings_of` each dataset, one after the other.

    Raises:
        InputError: as there, or if there is no dataset.
    """
    found = [recording for root in roots for recording in recordings_of(root, split=split, layout=layout)]
    if not found:
        fail(f"split '{split}' of the lifter's datasets", "have skeletons", "none", "name prepared datasets: --data")
    return found
