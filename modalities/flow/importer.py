"""Import of flow that other tools have computed: an extractor, so that it is resumed, checked and listed alike."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from triad.modalities.checks import fail
from triad.modalities.flow.extractor import FlowFiles
from triad.modalities.flow.storage.denseflow import BOUND, CURE
from triad.modalities.flow.storage.field_codec import LIMIT, STEP
from triad.modalities.flow.storage.flow_file import FORMAT, FlowWriter
from triad.modalities.flow.storage.flow_folders import PICTURES, FlowFields, find_flow
from triad.modalities.stopwatch import Stopwatch

ASPECT_TOLERANCE = 0.02
"""Largest relative difference in aspect ratio of the flow and the video: encoders want even sides."""


class FlowImporter(FlowFiles):
    """Importer of pairs of images or fields of floats, see :class:`triad.modalities.extraction.Extractor`.

    Videos are decoded all the same: their frames say how many fields there must be, and their shape.

    Args:
        name: name of the flow; its stream is ``flow_<name>``.
        folder: folder with one folder per video, see :func:`triad.modalities.flow.storage.flow_folders.find_flow`.
        videos: path of each video by id.
        bound: pixels of the last step of an image.

    Raises:
        InputError: If the name is no folder name, the bound is not positive, or the folder holds no flow of these
            videos, or flow of both kinds.
    """

    def __init__(self, name: str, folder: Path, videos: Mapping[str, Path], *, bound: float = BOUND) -> None:
        super().__init__(f"flow_{name}")
        if re.fullmatch(r"[\w.-]+", name) is None:
            fail("name of imported flow", "be letters, digits, '_', '.' and '-'", f"'{name}'")
        if not 0 < bound <= LIMIT:
            fail("bound of imported flow", f"be pixels above 0, to {LIMIT:g}", bound)
        self.name = name
        self.folder = folder
        self.bound = bound
        self._locations = find_flow(folder, videos)
        kinds = {location.kind for location in self._locations.values()}
        if len(kinds) > 1:
            fail(f"'{folder}'", "hold flow of one kind", " and ".join(sorted(kinds)), "import one after the other")
        (self._kind,) = kinds

    @property
    def provenance(self) -> dict[str, Any]:
        return {
            "estimator": self.name,
            "imported": {"from": PICTURES, "bound": self.bound, "lossy": True}
            if self._kind == PICTURES
            else {"from": self._kind},
            "stored": {"format": FORMAT, "step": STEP, "limit": LIMIT},
        }

    @contextmanager
    def open(self, path: Path, *, provenance: Mapping[str, Any], watch: Stopwatch) -> Iterator[_ImportSink]:
        location = self._locations.get(path.name.removesuffix(self.suffix))
        if location is None:
            fail(f"'{self.folder}'", f"hold a folder of flow for '{path.stem}'", "none", CURE)
        with FlowWriter(path, provenance=provenance) as writer:
            yield (sink := _ImportSink(location.open(bound=self.bound), writer, watch))
            sink.finish()


class _ImportSink:
    """Sink that writes one pair for each frame after the first."""

    def __init__(self, pairs: FlowFields, writer: FlowWriter, watch: Stopwatch) -> None:
        self.pairs = pairs
        self.writer = writer
        self.watch = watch
        self.num_frames = 0

    def add(self, frames: np.ndarray) -> None:
        self.num_frames += len(frames)
        for index in range(self.writer.num, min(self.num_frames - 1, self.pairs.num)):
            with self.watch("import"):
                flow, clipped = self.pairs.read(index)
            self._check_aspect(flow.shape[:2], frames.shape[1:3], index)
            with self.watch("write"):
                self.writer.add(flow[None])
            self.writer.clipped += clipped

    def finish(self) -> None:
        if self.pairs.num != self.num_frames - 1:
            must = f"hold {self.num_frames - 1} pairs, one less than the video has frames"
            fail(f"'{self.pairs.folder}'", must, self.pairs.num, "make this video's flow again")

    def _check_aspect(self, flow_hw: tuple[int, ...], frame_hw: tuple[int, ...], index: int) -> None:
        ratio = flow_hw[0] / flow_hw[1] * frame_hw[1] / frame_hw[0]
        if abs(ratio - 1) > ASPECT_TOLERANCE:
            frame_size, flow_size = (f"{height} × {width}" for height, width in (frame_hw, flow_hw))
            subject = f"pair {index} of '{self.pairs.folder}'"
            fail(subject, f"have the shape of the video's frames ({frame_size})", flow_size, "vectors would turn")
