"""Object files: the detected objects of one video and what made them, as an ``.npz``.

``boxes`` float32 ``[T, K, 4]`` in pixels of the frames, ``labels`` int16 ``[T, K]`` and ``scores`` float32 ``[T, K]``,
0 where a frame has fewer objects, by descending score; ``classes`` the names that labels refer to, JSON in UTF-8;
``size`` height and width of the frames; ``provenance`` JSON. The archive keeps a CRC of each array.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from triad.modalities.atomic_files import read_arrays, write_arrays
from triad.modalities.checks import InputError, check_file, check_shape, fail
from triad.modalities.extraction.interfaces import FileSummary

FORMAT = 1
MAX_OBJECTS = 16
"""Objects a frame that are stored, the most certain ones."""
CURE = "extract it again"
_KINDS = {"boxes": "f", "labels": "iu", "scores": "f", "size": "iu"}  # of dtypes


class StoredObjects(NamedTuple):
    """Objects of one video.

    Attributes:
        boxes: float32 ``[T, K, 4]``, pixels of the frames from their corner.
        labels: int64 ``[T, K]``, indices of ``classes``.
        scores: float32 ``[T, K]``, 0 where there is no object.
        classes: names of the classes.
        size_hw: height and width of the frames, pixels.
        provenance: description of what made them.
    """

    boxes: np.ndarray
    labels: np.ndarray
    scores: np.ndarray
    classes: tuple[str, ...]
    size_hw: tuple[int, int]
    provenance: Mapping[str, Any]


def write_objects(path: Path, objects: StoredObjects) -> None:
    """Write an object file whole or not at all; equal content gives equal bytes.

    Raises:
        StorageError: If the disk is full or the folder cannot be written.
    """
    write_arrays(
        path,
        boxes=objects.boxes.astype(np.float32),
        labels=objects.labels.astype(np.int16),
        scores=objects.scores.astype(np.float32),
        classes=_to_bytes(list(objects.classes)),
        size=np.array(objects.size_hw, np.int32),
        provenance=_to_bytes(dict(objects.provenance)),
    )


def read_objects(path: Path) -> StoredObjects:
    """Read an object file.

    Raises:
        InputError: If the file is missing or damaged, or holds something else.
    """
    arrays = read_arrays(check_file("object file", path, CURE), cure=CURE)
    missing = {"boxes", "labels", "scores", "classes", "size", "provenance"} - set(arrays)
    if missing:
        fail(f"object file '{path}'", "hold boxes, labels, scores and classes", f"no {min(missing)}", CURE)
    sizes = check_shape(f"boxes of '{path}'", arrays["boxes"], ["T", "K", 4])
    for name in ("labels", "scores"):
        check_shape(f"{name} of '{path}'", arrays[name], ["T", "K"], **sizes)
    for name, kinds in _KINDS.items():
        if arrays[name].dtype.kind not in kinds:
            must = "be whole numbers" if kinds == "iu" else "be numbers"
            fail(f"{name} of '{path}'", must, arrays[name].dtype, CURE)
    if arrays["size"].shape != (2,) or not (arrays["size"] > 0).all():
        fail(f"size of '{path}'", "be height and width, at least 1 pixel", arrays["size"].tolist(), CURE)
    classes = _from_bytes(arrays["classes"], path)
    provenance = _from_bytes(arrays["provenance"], path)
    labels = arrays["labels"].astype(np.int64)
    if not isinstance(classes, list) or not all(isinstance(name, str) for name in classes):
        fail(f"classes of '{path}'", "be a list of names", type(classes).__name__, CURE)
    if not isinstance(provenance, dict):
        fail(f"provenance of '{path}'", "be an object of JSON", type(provenance).__name__, CURE)
    if labels.size and not (labels.min() >= 0 and labels.max() < max(len(classes), 1)):
        fail(f"labels of '{path}'", f"be 0 to {len(classes) - 1}", f"{labels.min()} to {labels.max()}", CURE)
    if not np.isfinite(arrays["boxes"]).all():
        fail(f"boxes of '{path}'", "be finite", "NaN or infinity", CURE)
    height, width = (int(side) for side in arrays["size"])
    boxes = arrays["boxes"].astype(np.float32)
    return StoredObjects(
        boxes, labels, arrays["scores"].astype(np.float32), tuple(classes), (height, width), provenance
    )


def describe_objects(path: Path) -> FileSummary:
    """Return the summary of an object file, which is small enough to be read whole.

    Raises:
        InputError: If the file is damaged.
    """
    objects = read_objects(path)
    found = int((objects.scores > 0).sum())
    counts = {"objects": found, "empty": int((objects.scores <= 0).all(1).sum())}
    return FileSummary(len(objects.boxes), objects.provenance, counts, {"size": list(objects.size_hw)})


def pad_objects(
    frames: Sequence[tuple[np.ndarray, np.ndarray, np.ndarray]], num_objects: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the objects of highest score of each frame, padded with score 0.

    Args:
        frames: boxes ``[N, 4]``, labels ``[N]`` and scores ``[N]`` of each frame.
        num_objects: number K of objects that are kept.

    Shapes: float32 ``[T, K, 4]``, int64 ``[T, K]``, float32 ``[T, K]``.
    """
    boxes = np.zeros((len(frames), num_objects, 4), np.float32)
    labels = np.zeros((len(frames), num_objects), np.int64)
    scores = np.zeros((len(frames), num_objects), np.float32)
    for time, (frame_boxes, frame_labels, frame_scores) in enumerate(frames):
        order = np.argsort(-frame_scores, kind="stable")[:num_objects]
        boxes[time, : len(order)] = frame_boxes[order]
        labels[time, : len(order)] = frame_labels[order]
        scores[time, : len(order)] = frame_scores[order]
    return boxes, labels, scores


def _to_bytes(document: Any) -> np.ndarray:
    return np.frombuffer(json.dumps(document, sort_keys=True).encode(), np.uint8)


def _from_bytes(array: np.ndarray, path: Path) -> Any:
    try:
        return json.loads(array.tobytes())
    except ValueError as error:
        raise InputError(f"'{path}' must hold readable names, got {error}; {CURE}") from None
