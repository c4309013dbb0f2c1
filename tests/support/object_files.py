"""Small files of objects."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from triad.modalities.objects.object_file import StoredObjects, write_objects

CLASSES = ("person", "cup", "kite")


def write_object_file(path: Path, *, times: int = 3, classes: tuple[str, ...] = CLASSES) -> Path:
    """Write a cup that moves right and a kite that is less certain, in frames of 100 × 50, and return the path."""
    boxes = np.zeros((times, 3, 4), np.float32)
    boxes[:, 0] = [10, 10, 20, 30]
    boxes[:, 0, [0, 2]] += 10 * np.arange(times)[:, None]
    boxes[:, 1] = [60, 0, 90, 20]
    labels = np.tile([1, 2, 0], (times, 1))
    scores = np.tile(np.array([0.8, 0.4, 0.0], np.float32), (times, 1))
    write_objects(path, StoredObjects(boxes, labels, scores, classes, (50, 100), {"detector": "tiny"}))
    return path
