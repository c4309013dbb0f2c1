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

from fusion.index import Index, Record, check_source
from modalities.atomic_files import read_arrays, write_arrays
from modalities.flow import FlowFile
from modalities.processes import available_cores, end_with_parent
from modalities.seeding import derive_rng
from modalities.trajectories import DESCRIPTORS, describe_clip
from modalities.video import read_frames

CURE = "remove it and run the command again"


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
        values = read_arrays(self.path(record), cure=CURE)[descriptor].astype(np.float32)
        width = 2 * self.length if descriptor == "trajectory" else values.shape[1]
        return np.pad(values, ((0, 0), (0, width - values.shape[1])))

    def compute(self, index: Index, record: Record) -> None:
        """Compute and write the descriptors of a clip.

        Raises:
            InputError: If its video or flow is missing or damaged.
        """
        sources = [index.source(record, stream) for stream in ("rgb", self.flow)]
        video, flow = sources
        if video is None or flow is None:
            arrays = {name: np.zeros((0, 1), np.float16) for name in DESCRIPTORS}
        else:
            frames = read_frames(video.path, np.arange(video.num), fps=video.fps)
            grey = np.stack([cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY) for frame in frames])
            fields = FlowFile(flow.path).read(np.arange(flow.num))
            _, descriptors = describe_clip(grey, fields, length=self.length)
            kept = self._draw(record, len(descriptors["trajectory"]))
            arrays = {name: values[kept].astype(np.float16) for name, values in descriptors.items()}
        write_arrays(self.path(record), **arrays)

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
        InputError: If the dataset lacks the video or the flow, or a file is damaged.
    """
    for stream in ("rgb", store.flow):
        check_source(stream, stream, index)
    missing = [record for record in records if not store.path(record).is_file()]
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
