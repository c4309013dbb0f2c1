"""Extractor that counts frames, builders of extractors, and small videos, for tests of the extraction engine."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from triad.modalities.atomic_files import atomic_write, read_json
from triad.modalities.checks import InputError
from triad.modalities.extraction import Extractor, FileSummary, Task, open_run
from triad.modalities.flow import FlowExtractor
from triad.modalities.flow.estimators import build_estimator

NUM_FRAMES = 7


class CountExtractor:
    """Extractor that writes the numbers of frames of the chunks.

    Args:
        stream: name of the stream.
        setting: settings in its provenance.
        fail_above: brightness of the first pixel above which it raises an error.
        die_above: brightness of the first pixel above which it kills its process.
    """

    modality = "flow"
    suffix = ".json"
    length_offset = 0
    num_opened = 0

    def __init__(
        self, stream: str = "count", *, setting: Any = 1, fail_above: int | None = None, die_above: int | None = None
    ) -> None:
        self.stream = stream
        self.setting = setting
        self.fail_above = fail_above
        self.die_above = die_above

    @property
    def provenance(self) -> dict[str, Any]:
        return {"settings": self.setting}

    @contextmanager
    def open(self, path: Path, *, provenance: Mapping[str, Any], watch: Any) -> Iterator[CountExtractor]:
        CountExtractor.num_opened += 1
        self.chunks: list[int] = []
        with atomic_write(path) as temporary:
            temporary.write_text("half")
            yield self
            temporary.write_text(json.dumps({"chunks": self.chunks, "provenance": provenance}))

    def add(self, frames: np.ndarray) -> None:
        self.chunks.append(len(frames))
        brightness = frames[0, 0, 0, 0]
        if self.die_above is not None and brightness > self.die_above:
            os.kill(os.getpid(), signal.SIGKILL)
        if self.fail_above is not None and brightness > self.fail_above:
            raise ZeroDivisionError("a bug")

    def describe(self, path: Path) -> FileSummary:
        content = read_json(path, cure="extract again")
        return FileSummary(sum(content["chunks"]), content["provenance"], {"chunks": len(content["chunks"])})

    def verify(self, path: Path) -> None:
        if "bad" in path.read_text():
            raise InputError(f"'{path}' is bad")


def build_counter() -> list[Extractor]:
    return [CountExtractor()]


def build_dis() -> list[Extractor]:
    return [FlowExtractor(build_estimator("dis"))]


def build_dis_and_farneback() -> list[Extractor]:
    return [FlowExtractor(build_estimator(name)) for name in ("dis", "farneback")]


def shifted_frames(seed: int, num: int = NUM_FRAMES) -> list[np.ndarray]:
    """Return frames of 60 × 80 pixels whose texture moves right by a pixel a frame."""
    rng = np.random.default_rng(seed)
    texture = np.kron(rng.integers(0, 200, (12, 16, 3)), np.ones((5, 5, 1))).astype(np.uint8)
    return [np.roll(texture, shift, axis=1) for shift in range(num)]


def bright_frames() -> list[np.ndarray]:
    """Return frames that are brighter than those of :func:`shifted_frames`."""
    return [np.full((60, 80, 3), 250, np.uint8)] * NUM_FRAMES


def run_extraction(
    tasks: Sequence[Task], build: Callable[[], list[Extractor]], root: Path, **options: Any
) -> dict[str, str | None]:
    """Run an extraction to its end and return the reason why each task failed by id, None where it did not."""
    with open_run(tasks, build, root, **options) as run:
        return {outcome.task.id: " | ".join(outcome.errors.values()) or None for outcome in run}


def read_files(folder: Path) -> dict[str, bytes]:
    """Return the bytes of the files in a folder by name."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}
