"""2D pose streams of a prepared dataset as 3D ones: a file a recording, resumable, and the index."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from fusion.index import Index, check_source, load_index
from fusion.index.stream_index import StreamStatus, extraction_tasks, join_streams
from modalities.atomic_files import StorageError, read_arrays, read_json, remove_partial_files
from modalities.checks import InputError, fail
from modalities.clips import Source
from modalities.extraction import PROVENANCE, Shard, StreamStore, Task, lock_shard
from modalities.skeleton import PoseLoader, get_layout
from modalities.skeleton.lifting.interfaces import Lifter
from modalities.skeleton.pose_estimation import AssembledPoses, PoseFiles, write_poses


@dataclass
class Lifting:
    """What a run has done.

    Args:
        stream: name of the 3D stream.
        made: files of this run.
        skipped: recordings that were finished before.
        failures: reason by recording, of this run.
        status: how far the stream is now.
    """

    stream: str
    made: int = 0
    skipped: int = 0
    failures: dict[str, str] = field(default_factory=dict)
    status: StreamStatus | None = None


def lifted_name(stream: str) -> str:
    """``pose_rtmpose`` becomes ``lifted_rtmpose``, ``skeleton`` becomes ``lifted_skeleton``."""
    return f"lifted_{stream.removeprefix('pose_')}"


def lift_stream(
    root: str | Path,
    stream: str,
    lifter: Lifter,
    *,
    retry_failed: bool = False,
    track: Callable[[Sequence[Task]], Iterable[Task]] = iter,
) -> Lifting:
    """Lift every recording of a stream of 2D poses, and add the 3D stream to the index.

    What is finished is skipped; what fails is remembered and stops nothing.

    Args:
        root: folder of the prepared dataset.
        stream: name of the 2D stream.
        lifter: from 2D to 3D.
        retry_failed: try those again that failed before.
        track: shows progress.

    Raises:
        InputError: if the stream is missing or has no pixels, the 3D stream was made in another way, or another run is
            at it.
        StorageError: when nothing more can be written.
    """
    index = load_index(root)
    layout = layout_of(index, stream)
    tasks = extraction_tasks(index, stream)
    sources: dict[Task, Source] = {}
    for record in index.records:
        if (source := index.source(record, stream)) is not None:
            sources.setdefault(tasks[record["id"]], source)
    store = StreamStore(PoseFiles(lifted_name(stream)), index.root, provenance_of(index, stream, lifter))
    done = Lifting(store.stream)
    with lock_shard([store.folder], Shard()):
        remove_partial_files(store.folder, {Path(PROVENANCE).stem})
        store.prepare()
        store.remove_partial_files(sources)
        settled = {"done"} if retry_failed else {"done", "failed"}
        left = [task for task in sources if store.state(task).kind not in settled]
        done.skipped = len(sources) - len(left)
        loader = PoseLoader(get_layout(layout))
        for task in track(left):
            try:
                lift_one(sources[task], loader, lifter, store.path_of(task), store.provenance)
            except StorageError:
                raise
            except InputError as error:
                store.record_failure(task, str(error))
                done.failures[task.id] = str(error)
            else:
                store.clear_failure(task)
                done.made += 1
    (done.status,) = join_streams(index.root, [store], origin=stream)
    return done


def layout_of(index: Index, stream: str) -> str:
    """The layout of a stream that can be lifted.

    Raises:
        InputError: if there is no such stream, or its joints have no pixels.
    """
    check_source(stream, stream, index)
    info = index.metainfo["streams"][stream]
    layout = info.get("layout")
    if layout is None or get_layout(layout).dims != 2:
        fail(f"stream '{stream}' to lift", "be of 2D poses", f"{info['modality']} of layout {layout}")
    return str(layout)


def provenance_of(index: Index, stream: str, lifter: Lifter) -> dict[str, Any]:
    """What makes the lifted files: the lifter, and what made the 2D poses, where that is known."""
    path = index.root / stream / PROVENANCE
    poses = read_json(path, cure="extract the poses again") if path.is_file() else None
    return {**lifter.provenance, "lifted": {"stream": stream, "provenance": poses}}


def lift_one(
    source: Source,
    loader: PoseLoader,
    lifter: Lifter,
    path: Path,
    provenance: dict[str, Any],
) -> None:
    """Lift one recording into a pose file; tracks and filled poses stay marked.

    Raises:
        InputError: if the poses are missing, damaged or of another layout, or their frames' size is not known.
    """
    if source.size_hw is None:
        fail(f"2D poses '{source.path}'", 'have "size": [H, W] of their frames in the index', "none")
    flat = loader.load(source)
    kept = read_arrays(source.path, cure="extract the poses again") if source.clip is None else {}
    shown = (flat.scores > 0).any(-1)  # [M, T]
    tracks = np.where(shown, np.arange(shown.shape[0], dtype=np.int32)[:, None], np.int32(-1))
    found = AssembledPoses(
        lifter(flat, source.size_hw), kept.get("tracks", tracks), kept.get("filled", np.zeros_like(shown)), 0
    )
    write_poses(path, found, size_hw=source.size_hw, provenance=provenance)
