"""Feature files: the vectors of the windows of one video and what made them, as an ``.npz``.

``features`` float32 ``[T, C]``; ``present`` bool ``[T]``, False where a window had nothing to read;
``stride`` seconds from one entry to the next; ``entries`` number of entries of the stream that was read, by which a
file of another video is found out; ``provenance`` JSON in UTF-8. The archive keeps a CRC of each array.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from triad.modalities.atomic_files import read_arrays, write_arrays
from triad.modalities.checks import InputError, check_file, check_shape, fail, is_finite
from triad.modalities.extraction.interfaces import FileSummary

FORMAT = 1
CURE = "extract it again"
MAX_STRIDE = 1e4
"""Longest stride, seconds."""


class StoredFeatures(NamedTuple):
    """Features of one video.

    Attributes:
        data: float32 ``[T, C]``.
        present: whether a window had something to read, bool ``[T]``.
        stride: seconds from one entry to the next.
        num_entries: number of entries of the stream that was read.
        provenance: description of what made them.
    """

    data: np.ndarray
    present: np.ndarray
    stride: float
    num_entries: int
    provenance: Mapping[str, Any]


def write_features(path: Path, features: StoredFeatures) -> None:
    """Write a feature file whole or not at all; equal content gives equal bytes.

    Raises:
        InputError: If a value is not finite.
        StorageError: If the disk is full or the folder cannot be written.
    """
    if not is_finite(features.data):
        fail(f"features of '{path.stem}'", "be finite", "NaN or infinity", "check the checkpoint")
    write_arrays(
        path,
        features=features.data.astype(np.float32),
        present=features.present.astype(bool),
        stride=np.array(features.stride, np.float64),
        entries=np.array(features.num_entries, np.int64),
        provenance=np.frombuffer(json.dumps(dict(features.provenance), sort_keys=True).encode(), np.uint8),
    )


def read_features(path: Path) -> StoredFeatures:
    """Read a feature file.

    Raises:
        InputError: If the file is missing or damaged, or holds something else.
    """
    arrays = read_arrays(check_file("feature file", path, CURE), cure=CURE)
    missing = {"features", "present", "stride", "entries", "provenance"} - set(arrays)
    if missing:
        fail(f"feature file '{path}'", "hold features, present, stride and entries", f"no {min(missing)}", CURE)
    sizes = check_shape(f"features of '{path}'", arrays["features"], ["T", "C"])
    check_shape(f"present of '{path}'", arrays["present"], ["T"], T=sizes["T"])
    data = arrays["features"]
    if data.dtype != np.float32:
        fail(f"features of '{path}'", "be float32", data.dtype, CURE)
    if arrays["present"].dtype != np.bool_:
        fail(f"present of '{path}'", "be bool", arrays["present"].dtype, CURE)
    if not sizes["T"] or not sizes["C"]:
        fail(f"features of '{path}'", "hold a vector", list(arrays["features"].shape), CURE)
    if not is_finite(data):
        fail(f"features of '{path}'", "be finite", "NaN or infinity", CURE)
    stride = _read_number(path, arrays, "stride", "f")
    if not 0 < stride <= MAX_STRIDE:
        fail(f"stride of '{path}'", f"be seconds above 0 to {MAX_STRIDE:g}", stride, CURE)
    num_entries = int(_read_number(path, arrays, "entries", "iu"))
    return StoredFeatures(data, arrays["present"], stride, num_entries, _read_provenance(path, arrays["provenance"]))


class FeatureFiles:
    """Files of a feature stream, see :class:`triad.modalities.extraction.StreamFiles`.

    Their summary counts the entries of the stream that was read, by which the store tells a file of another video; how
    many vectors there are follows from the stride.

    Args:
        stream: name of the stream.
    """

    modality = "features"
    suffix = ".npz"
    length_offset = 0

    def __init__(self, stream: str) -> None:
        self.stream = stream

    def describe(self, path: Path) -> FileSummary:
        """Return the summary of a file; raise InputError if it is damaged."""
        features = read_features(path)
        channels = features.provenance.get("channels", features.data.shape[1])
        if channels != features.data.shape[1]:
            fail(f"vectors of '{path}'", f"have {channels} channels as it says", features.data.shape[1], CURE)
        counts = {"vectors": len(features.data), "empty": int((~features.present).sum())}
        entry = {"num": len(features.data), "fps": 1.0 / features.stride}
        return FileSummary(features.num_entries, features.provenance, counts, entry)

    def verify(self, path: Path) -> None:
        """Read all of a file; raise InputError if it is damaged."""
        read_features(path)


def _read_number(path: Path, arrays: Mapping[str, np.ndarray], name: str, kinds: str) -> float:
    array = arrays[name]
    if array.shape != () or array.dtype.kind not in kinds:
        fail(f"{name} of '{path}'", "be one number", f"{array.dtype} {list(array.shape)}", CURE)
    return array.item()


def _read_provenance(path: Path, array: np.ndarray) -> dict[str, Any]:
    try:
        provenance = json.loads(array.tobytes())
    except (ValueError, RecursionError) as error:
        raise InputError(f"provenance of '{path}' must be JSON, got {error}; {CURE}") from None
    if not isinstance(provenance, dict):
        fail(f"provenance of '{path}'", "be an object of JSON", type(provenance).__name__, CURE)
    return provenance
