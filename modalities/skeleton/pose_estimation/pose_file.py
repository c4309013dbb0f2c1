"""Pose files: the poses of one video and what made them, as an ``.npz``.

``keypoints`` and ``scores`` are those of :class:`Poses`, ``tracks`` and ``filled`` those of :class:`AssembledPoses`.
``size`` is height and width of the frames, ``counts`` the numbers of ``COUNTS``, ``provenance`` JSON in UTF-8. The
archive keeps a CRC of each array.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np
from numpy.lib import format as npy

from triad.modalities.archive_size import check_compressed_sizes
from triad.modalities.atomic_files import read_arrays, write_arrays
from triad.modalities.checks import InputError, check_file, fail
from triad.modalities.extraction.interfaces import FileSummary
from triad.modalities.skeleton.pose_estimation.assembling import AssembledPoses

FORMAT = 1
COUNTS = ("nobody", "filled", "left_out")
"""Frames without a person; interpolated poses; poses of persons that found no slot."""
MAX_DESCRIPTION = 1 << 24
"""Bytes of an array beside the poses, which is read without them."""
CURE = "extract it again"


def write_poses(
    path: Path, assembled: AssembledPoses, *, size_hw: tuple[int, int], provenance: Mapping[str, Any]
) -> None:
    """Write a pose file whole or not at all; equal content gives equal bytes.

    Args:
        path: path of the file.
        assembled: poses and their tracks.
        size_hw: height and width of the frames that pixels refer to.
        provenance: description of what made the poses.

    Raises:
        StorageError: If the disk is full or the folder cannot be written.
    """
    nobody = int((assembled.tracks < 0).all(0).sum())
    write_arrays(
        path,
        keypoints=assembled.poses.keypoints,
        scores=assembled.poses.scores,
        tracks=assembled.tracks,
        filled=assembled.filled,
        size=np.array(size_hw, np.int32),
        counts=np.array([nobody, int(assembled.filled.sum()), assembled.left_out], np.int64),
        provenance=np.frombuffer(json.dumps(dict(provenance), sort_keys=True).encode(), np.uint8),
    )


def describe_poses(path: Path) -> FileSummary:
    """Return the summary of a pose file without reading its joints.

    Raises:
        InputError: If the file is damaged.
    """
    check_file("pose file", path, CURE)
    try:
        with ZipFile(path) as archive:
            check_compressed_sizes(path, archive.infolist(), CURE)
            with archive.open("keypoints.npy") as file:
                npy.read_magic(file)
                shape, _, _ = npy.read_array_header_1_0(file)
            arrays = {name: _read_array(archive, name) for name in ("size", "counts", "provenance")}
        provenance = json.loads(arrays["provenance"].tobytes())
        counts = dict(zip(COUNTS, arrays["counts"].tolist(), strict=True))
        if len(shape) != 4 or not isinstance(provenance, dict):
            fail(f"'{path}'", "hold poses and their provenance", f"keypoints {list(shape)}", CURE)
        return FileSummary(shape[1], provenance, counts, {"size": arrays["size"].tolist()})
    except InputError:
        raise
    except Exception as error:  # zipfile, zlib, numpy and json raise half a dozen kinds
        fail(f"'{path}'", "be a readable pose file", f"{type(error).__name__}: {error}", CURE)


def verify_poses(path: Path) -> None:
    """Read all of a pose file and compare it with its CRCs.

    Raises:
        InputError: If it is damaged.
    """
    describe_poses(path)
    read_arrays(path, cure=CURE)


def _read_array(archive: ZipFile, name: str) -> np.ndarray:
    entry = archive.getinfo(f"{name}.npy")
    if entry.file_size > MAX_DESCRIPTION:
        raise ValueError(f"{entry.file_size} bytes of {name}")
    with archive.open(entry) as file:
        return npy.read_array(file, allow_pickle=False)
