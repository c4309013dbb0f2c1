"""Extractor of detected objects, and its files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from triad.modalities.checks import fail
from triad.modalities.extraction import FileSummary
from triad.modalities.objects.detector import ObjectDetector
from triad.modalities.objects.object_file import (
    FORMAT,
    MAX_OBJECTS,
    StoredObjects,
    describe_objects,
    pad_objects,
    read_objects,
    write_objects,
)
from triad.modalities.stopwatch import Stopwatch


class ObjectFiles:
    """Files of a stream of objects, see :class:`triad.modalities.extraction.StreamFiles`.

    Args:
        stream: name of the stream.
    """

    modality = "objects"
    suffix = ".npz"
    length_offset = 0

    def __init__(self, stream: str) -> None:
        self.stream = stream

    def describe(self, path: Path) -> FileSummary:
        """Return the summary of a file; raise InputError if it is damaged."""
        return describe_objects(path)

    def verify(self, path: Path) -> None:
        """Read all of a file; raise InputError if it is damaged."""
        read_objects(path)


class ObjectExtractor(ObjectFiles):
    """Extractor of a detector, see :class:`triad.modalities.extraction.Extractor`.

    A video without objects has a file too, in which every frame is empty.

    Args:
        name: name of the stream after ``objects_``.
        detector: detector of objects.

    Raises:
        InputError: If the name holds other characters than letters, digits and _.
    """

    def __init__(self, name: str, detector: ObjectDetector) -> None:
        if not re.fullmatch(r"[A-Za-z0-9_]+", name):
            fail("--objects", "be a name of letters, digits and _, which its stream will have", f"'{name}'")
        super().__init__(f"objects_{name}")
        self.detector = detector

    @property
    def provenance(self) -> dict[str, Any]:
        return {**self.detector.provenance, "stored": {"format": FORMAT, "objects": MAX_OBJECTS}}

    @contextmanager
    def open(self, path: Path, *, provenance: Mapping[str, Any], watch: Stopwatch) -> Iterator[_ObjectSink]:
        sink = _ObjectSink(self.detector, watch)
        yield sink
        arrays = pad_objects(sink.frames, MAX_OBJECTS)
        write_objects(path, StoredObjects(*arrays, self.detector.classes, sink.size_hw, provenance))


class _ObjectSink:
    """Collects the objects of all frames; the frames themselves are not kept."""

    def __init__(self, detector: ObjectDetector, watch: Stopwatch) -> None:
        self.detector = detector
        self.watch = watch
        self.frames: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
        self.size_hw = (0, 0)

    def add(self, frames: np.ndarray) -> None:
        self.size_hw = (frames.shape[1], frames.shape[2])
        with self.watch("objects"):
            self.frames += self.detector(frames)
