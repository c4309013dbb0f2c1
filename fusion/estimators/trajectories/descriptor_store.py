"""Descriptors of the trajectories of every clip, computed once and kept in a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from urllib.parse import quote

import cv2
import numpy as np

from triad.fusion.index import Index, Record, check_source, extent_of
from triad.modalities.atomic_files import read_arrays, read_json, write_arrays, write_json
from triad.modalities.checks import fail
from triad.modalities.flow import FlowFile
from triad.modalities.letterbox import resize
from triad.modalities.processes import available_cores, end_with_parent
from triad.modalities.seeding import derive_rng
from triad.modalities.trajectories import describe_clip
from triad.modalities.video import read_frames

CURE = "remove it and run the command again"
BEFORE_END = 1e-4
"""Seconds before the end of a span at which its last frame is on display."""


def _grey(frame: np.ndarray, *, size_hw: tuple[int, int]) -> np.ndarray:
    return cv2.cvtColor(resize(frame, size_hw), cv2.COLOR_RGB2GRAY)


def _without_progress(records: Iterable[Record], *, total: int) -> Iterable[Record]:
    return records


@dataclass(frozen=True)
class DescriptorStore:
    """Folder with one file of descriptors a clip.

    Args:
        folder: folder of the files.
        flow: stream of the flow that points are tracked through.
        length: displacements of a trajectory.
        max_trajectories: number of trajectories that are kept of a clip, drawn at random.
    """

    folder: Path
    flow: str
    length: int = 15
    max_trajectories: int = 2000

    def path(self, record: Record) -> Path:
        return self.folder / self.flow / f"{quote(record['id'], safe=' ')}.npz"

    def read(self, record: Record, descriptor: str) -> np.ndarray:
        """Return one descriptor of a clip, float32 ``[K, C]``; short trajectories of short clips are padded with zeros.

        Raises:
            InputError: If the file is missing or damaged.
        """
        arrays = read_arrays(self.path(record), cure=CURE)
        if descriptor not in arrays:
            fail(f"'{self.path(record)}'", f"hold '{descriptor}'", f"only {', '.join(arrays)}", CURE)
        values = arrays[descriptor].astype(np.float32)
        width = 2 * self.length if descriptor == "trajectory" else values.shape[1]
        return np.pad(values, ((0, 0), (0, width - values.shape[1])))

    def compute(self, index: Index, record: Record) -> None:
        """Compute and write the descriptors of a clip.

        Raises:
            InputError: If its video or flow is missing or damaged.
        """
        frames, fields = self._read_clip(index, record)
        _, descriptors = describe_clip(frames, fields, length=self.length)
        kept = self._draw(record, len(descriptors["trajectory"]))
        write_arrays(
            self.path(record), **{name: values[kept].astype(np.float16) for name, values in descriptors.items()}
        )

    def is_finished(self, index: Index, record: Record) -> bool:
        """Return True if the descriptors of a clip are there and younger than its flow."""
        path = self.path(record)
        flow = index.source(record, self.flow)
        if not path.is_file():
            return False
        return flow is None or not flow.path.is_file() or flow.path.stat().st_mtime <= path.stat().st_mtime

    def claim(self, index: Index) -> None:
        """Note whose descriptors the folder holds: ids of two datasets may be the same.

        Raises:
            InputError: If they are those of another dataset.
        """
        path = self.folder / "dataset.json"
        if path.is_file():
            owner = read_json(path, cure=CURE)
            if owner != {"root": str(index.root)}:
                got = f"those of {owner.get('root') if isinstance(owner, dict) else owner!r}"
                fail(f"descriptors in '{self.folder}'", f"be those of '{index.root}'", got, "give another --work-dir")
        else:
            write_json(path, {"root": str(index.root)})

    def _read_clip(self, index: Index, record: Record) -> tuple[np.ndarray, np.ndarray]:
        """Return the grey frames of a record's span and the flow between them; no flow where it has none.

        Frames are scaled to the size of the flow, that of ``NAME@SIDE`` too.

        Shapes: uint8 ``[N, H, W]``, float32 ``[N − 1, H, W, 2]``.
        """
        video, flow = (index.source(record, stream) for stream in ("rgb", self.flow))
        if video is not None and flow is not None:
            span = extent_of(record)
            first, last = video.locate(np.array([span.start, span.end - BEFORE_END])).tolist()
            if last > first:
                fields = FlowFile(flow.path).read(np.arange(first, last))
                grey = partial(_grey, size_hw=fields.shape[1:3])
                return read_frames(video.path, np.arange(first, last + 1), fps=video.fps, transform=grey), fields
        return np.zeros((1, 1, 1), np.uint8), np.zeros((0, 1, 1, 2), np.float32)

    def _draw(self, record: Record, total: int) -> np.ndarray:
        rng = derive_rng(0, record["id"])
        return np.sort(rng.permutation(total)[: self.max_trajectories])


def extract_descriptors(
    store: DescriptorStore,
    index: Index,
    records: Sequence[Record],
    *,
    num_workers: int | None = None,
    progress: Callable[..., Iterable[Record]] = _without_progress,
) -> None:
    """Compute the descriptors of the clips that the store lacks.

    Args:
        store: store to fill.
        index: index of the dataset.
        records: clips.
        num_workers: number of processes; by default one a core.
        progress: wrapper of an iterable, with its length ``total``, that shows the progress.

    Raises:
        InputError: If the dataset lacks the video or the flow, a file is damaged, or the store is another dataset's.
    """
    for stream in ("rgb", store.flow):
        check_source(stream, stream, index)
    modality = index.metainfo["streams"][store.flow].get("modality")
    if modality != "flow":
        fail(f"stream '{store.flow}'", "be of flow", f"one of {modality}")
    store.claim(index)
    missing = [record for record in records if not store.is_finished(index, record)]
    for _ in progress(_computed(store, index, missing, num_workers or available_cores()), total=len(missing)):
        pass


def _computed(store: DescriptorStore, index: Index, records: Sequence[Record], num_workers: int) -> Iterator[Record]:
    if num_workers == 1 or len(records) < 2:
        for record in records:
            store.compute(index, record)
            yield record
        return
    pool = ProcessPoolExecutor(num_workers, mp_context=get_context("spawn"), initializer=_start_worker)
    with pool:
        yield from (record for record, _ in zip(records, pool.map(partial(store.compute, index), records), strict=True))


def _start_worker() -> None:
    end_with_parent()
    cv2.setNumThreads(1)
