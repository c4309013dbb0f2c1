"""Lifting of a stream of 2D poses of a prepared dataset: one file a recording, resumable, and the index."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from triad.fusion.index import Index, check_source, load_index
from triad.fusion.index.stream_index import StreamStatus, extraction_tasks, join_streams
from triad.modalities.atomic_files import StorageError, read_arrays, read_json
from triad.modalities.checks import InputError, fail
from triad.modalities.clips import Source
from triad.modalities.extraction import PROVENANCE, Shard, StreamStore, Task, lock_shard
from triad.modalities.file_names import join_name
from triad.modalities.partial_files import remove_partial_files
from triad.modalities.skeleton import PoseLoader, get_layout
from triad.modalities.skeleton.lifting import Lifter
from triad.modalities.skeleton.lifting.interfaces import LIFTED_PREFIX
from triad.modalities.skeleton.pose_estimation import AssembledPoses, PoseFiles, write_poses

CURE = "extract the poses again"


@dataclass
class LiftingSummary:
    """Summary of a run.

    Args:
        stream: name of the 3D stream.
        num_lifted: number of recordings that were lifted.
        num_skipped: number of recordings that were finished or had failed before.
        failures: reasons of this run's failures by recording.
        status: progress of the stream after the run.
    """

    stream: str
    num_lifted: int = 0
    num_skipped: int = 0
    failures: dict[str, str] = field(default_factory=dict)
    status: StreamStatus | None = None


def lift_stream(
    root: str | Path,
    stream: str,
    lifter: Lifter,
    *,
    retry_failed: bool = False,
    track: Callable[[Sequence[Task]], Iterable[Task]] = iter,
) -> LiftingSummary:
    """Lift every recording of a stream of 2D poses, and add the 3D stream to the index.

    Finished recordings are skipped; a recording that fails is recorded and stops nothing.

    Args:
        root: folder of the prepared dataset.
        stream: name of the 2D stream.
        lifter: lifter to run.
        retry_failed: lift recordings again that failed before.
        track: wrapper of the recordings that shows the progress.

    Raises:
        InputError: If the stream is missing or has no pixels, the 3D stream was made in another way, or another run
            is lifting it.
        StorageError: If nothing more can be written.
    """
    index = load_index(root)
    layout = get_layout(layout_to_lift(index, stream))
    tasks = extraction_tasks(index, stream)
    sources: dict[Task, Source] = {}
    for record in index.records:
        if (source := index.source(record, stream)) is not None:
            sources.setdefault(tasks[record["id"]], source)
    store = StreamStore(PoseFiles(lifted_name(stream)), index.root, lifting_provenance(index, stream, lifter))
    summary = LiftingSummary(store.stream)
    with lock_shard([store.folder], Shard()):
        remove_partial_files(store.folder, {Path(PROVENANCE).stem})
        store.prepare()
        store.remove_partial_files(sources)
        settled = {"done"} if retry_failed else {"done", "failed"}
        remaining = [task for task in sources if store.state(task).kind not in settled]
        summary.num_skipped = len(sources) - len(remaining)
        loader = PoseLoader(layout)
        for task in track(remaining):
            try:
                lift_recording(sources[task], loader, lifter, store.path_of(task), store.provenance)
            except StorageError:
                raise
            except InputError as error:
                store.record_failure(task, str(error))
                summary.failures[task.id] = str(error)
            else:
                store.clear_failure(task)
                summary.num_lifted += 1
    (summary.status,) = join_streams(index.root, [store], origin=stream)
    return summary


def lifted_name(stream: str) -> str:
    """Return the name of the 3D stream, e.g. ``lifted_rtmpose`` for ``pose_rtmpose``."""
    return f"{LIFTED_PREFIX}{stream.removeprefix('pose_')}"


def layout_to_lift(index: Index, stream: str) -> str:
    """Return the name of a stream's layout.

    Raises:
        InputError: If there is no such stream, or its joints are not 2D.
    """
    check_source(stream, stream, index)
    info = index.metainfo["streams"][stream]
    layout = info.get("layout")
    if layout is None or get_layout(layout).dims != 2:
        fail(f"stream '{stream}' to lift", "be of 2D poses", f"{info['modality']} of layout {layout}")
    return str(layout)


def lifting_provenance(index: Index, stream: str, lifter: Lifter) -> dict[str, Any]:
    """Return the provenance of the lifted files: the lifter's, and that of the 2D poses where it is stored."""
    path = join_name(index.root, stream) / PROVENANCE
    poses = read_json(path, cure=CURE) if path.is_file() else None
    return {**lifter.provenance, "lifted": {"stream": stream, "provenance": poses}}


def lift_recording(source: Source, loader: PoseLoader, lifter: Lifter, path: Path, provenance: dict[str, Any]) -> None:
    """Lift one recording into a pose file; tracks and interpolated poses stay marked.

    Args:
        source: 2D poses, and the size of their frames.
        loader: loader of the 2D poses.
        lifter: lifter to run.
        path: path of the file to write.
        provenance: provenance to store in it.

    Raises:
        InputError: If the poses are missing, damaged or of another layout, or the size of their frames is unknown.
    """
    if source.size_hw is None:
        fail(f"2D poses '{source.path}'", 'have "size": [H, W] of their frames in the index', "none")
    poses = loader.load(source)
    stored = read_arrays(source.path, cure=CURE) if source.clip is None else {}
    present = np.asarray((poses.scores > 0).any(-1))  # [M, T]
    persons = np.arange(len(present), dtype=np.int32)[:, None]
    tracks = np.where(present, persons, np.int32(-1))
    lifted = AssembledPoses(
        poses=lifter(poses, source.size_hw),
        tracks=stored.get("tracks", tracks),
        filled=stored.get("filled", np.zeros_like(present)),
        left_out=0,
    )
    write_poses(path, lifted, size_hw=source.size_hw, provenance=provenance)
