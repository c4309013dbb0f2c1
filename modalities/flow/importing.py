"""Flow that somebody else has made, into flow files: an extractor, so that it is resumed, checked and listed alike."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from modalities.checks import fail
from modalities.extraction.stopwatch import Stopwatch
from modalities.flow.codec import FORMAT, FlowWriter
from modalities.flow.denseflow import BOUND, CURE, DenseflowPairs, find_folders
from modalities.flow.extractor import FlowFiles
from modalities.flow.field_codec import LIMIT, STEP

SAME_SHAPE = 0.02
"""How far height through width may differ between the flow and the video: encoders want even sides."""


class FlowImporter(FlowFiles):
    """Pairs of grey pictures as an extractor, see :class:`modalities.extraction.Extractor`.

    Videos are decoded all the same: their frames say how many fields there must be, and their shape.

    Args:
        name: of the stream, ``flow_<name>``.
        folder: holds a folder a video, see :mod:`modalities.flow.denseflow`.
        videos: file of each video by id.
        bound: pixels of the last step of a picture.

    Raises:
        InputError: if a folder cannot have the name, the bound is not positive, or the folder holds nothing of these
            videos.
    """

    def __init__(self, name: str, folder: Path, videos: Mapping[str, Path], *, bound: float = BOUND) -> None:
        super().__init__(f"flow_{name}")
        if re.fullmatch(r"[\w.-]+", name) is None:
            fail("name of imported flow", "be letters, digits, '_', '.' and '-'", f"'{name}'")
        if not 0 < bound <= LIMIT:
            fail("bound of imported flow", f"be pixels above 0, to {LIMIT:g}", bound)
        self.name, self.folder, self.bound = name, folder, bound
        self._folders = find_folders(folder, videos)

    @property
    def provenance(self) -> dict[str, Any]:
        return {
            "estimator": self.name,
            "imported": {"from": "pairs of 8-bit pictures", "bound": self.bound, "lossy": True},
            "stored": {"format": FORMAT, "step": STEP, "limit": LIMIT},
        }

    @contextmanager
    def open(self, path: Path, *, provenance: Mapping[str, Any], watch: Stopwatch) -> Iterator[_ImportSink]:
        folder = self._folders.get(path.stem)
        if folder is None:
            fail(f"'{self.folder}'", f"hold a folder of flow for '{path.stem}'", "none", CURE)
        with FlowWriter(path, provenance=provenance) as writer:
            yield (sink := _ImportSink(DenseflowPairs(folder, bound=self.bound), writer, watch))
            sink.finish()


class _ImportSink:
    """Takes as many pairs as frames call for."""

    def __init__(self, pairs: DenseflowPairs, writer: FlowWriter, watch: Stopwatch) -> None:
        self.pairs, self.writer, self.watch = pairs, writer, watch
        self.frames = 0

    def add(self, frames: np.ndarray) -> None:
        self.frames += len(frames)
        for place in range(self.writer.num, min(self.frames - 1, self.pairs.num)):
            with self.watch("import"):
                flow, clipped = self.pairs.read(place)
            self._check_shape(flow.shape[:2], frames.shape[1:3], place)
            with self.watch("write"):
                self.writer.add(flow[None])
            self.writer.clipped += clipped

    def finish(self) -> None:
        if self.pairs.num != self.frames - 1:
            must = f"hold {self.frames - 1} pairs, one less than the video has frames"
            fail(f"'{self.pairs.folder}'", must, self.pairs.num, "make this video's flow again")

    def _check_shape(self, flow_hw: tuple[int, ...], frame_hw: tuple[int, ...], place: int) -> None:
        ratio = flow_hw[0] / flow_hw[1] * frame_hw[1] / frame_hw[0]
        if abs(ratio - 1) > SAME_SHAPE:
            sizes = [f"{height} × {width}" for height, width in (frame_hw, flow_hw)]
            subject = f"pair {place} of '{self.pairs.folder}'"
            fail(subject, f"have the shape of the video's frames ({sizes[0]})", sizes[1], "vectors would turn")
