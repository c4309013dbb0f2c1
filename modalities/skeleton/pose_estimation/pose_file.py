"""Poses of one video and what made them, as an ``.npz`` that the reader of skeletons reads.

``keypoints``, ``scores``: of :class:`Poses`; ``tracks``, ``filled``: of :class:`Assembled`; ``size``: height and width
of the frames; ``counts``: see ``COUNTS``; ``provenance``: JSON in UTF-8. The archive keeps a CRC of each.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np
from numpy.lib import format as npy

from modalities.atomic_files import read_arrays, write_arrays
from modalities.checks import InputError, check_file, fail
from modalities.extraction.interfaces import FileSummary
from modalities.skeleton.pose_estimation.assembling import Assembled

FORMAT = 1
COUNTS = ("nobody", "filled", "left_out")
"""Frames in which nobody is; poses that were filled in; poses of people for whom there was no room."""
CURE = "extract it again"


def write_poses(path: Path, found: Assembled, *, size_hw: tuple[int, int], provenance: Mapping[str, Any]) -> None:
    """Write a file whole or not at all; equal content is equal bytes."""
    nobody = int((found.tracks < 0).all(0).sum())
    write_arrays(
        path,
        keypoints=found.poses.keypoints,
        scores=found.poses.scores,
        tracks=found.tracks,
        filled=found.filled,
        size=np.array(size_hw, np.int32),
        counts=np.array([nobody, int(found.filled.sum()), found.left_out], np.int64),
        provenance=np.frombuffer(json.dumps(dict(provenance), sort_keys=True).encode(), np.uint8),
    )


def describe_poses(path: Path) -> FileSummary:
    """What a file holds, without reading its joints.

    Raises:
        InputError: if the file is damaged.
    """
    check_file("pose file", path, CURE)
    try:
        with ZipFile(path) as archive:
            with archive.open("keypoints.npy") as file:
                npy.read_magic(file)
                shape, _, _ = npy.read_array_header_1_0(file)
            small = {name: _array(archive, name) for name in ("size", "counts", "provenance")}
        provenance = json.loads(small["provenance"].tobytes())
        counts = dict(zip(COUNTS, small["counts"].tolist(), strict=True))
        if len(shape) != 4 or not isinstance(provenance, dict):
            fail(f"'{path}'", "hold poses and what made them", f"keypoints {list(shape)}", CURE)
        return FileSummary(shape[1], provenance, counts, {"size": small["size"].tolist()})
    except InputError:
        raise
    except Exception as error:  # zipfile, zlib, numpy and json raise half a dozen kinds
        fail(f"'{path}'", "be a readable pose file", f"{type(error).__name__}: {error}", CURE)


def verify_poses(path: Path) -> None:
    """Read all of a file, against its CRCs.

    Raises:
        InputError: if it is damaged.
    """
    describe_poses(path)
    read_arrays(path, cure=CURE)


def _array(archive: ZipFile, name: str) -> np.ndarray:
    with archive.open(f"{name}.npy") as file:
        return npy.read_array(file, allow_pickle=False)
