"""2D pose streams of a prepared dataset as 3D ones: a file a recording, resumable, and the index."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from fusion.data.extracted import FAILURES, StreamStatus, rows_of, status_of
from fusion.data.index import Index, load_index, write_index
from fusion.data.streams import check_source
from modalities.checks import InputError, fail
from modalities.extraction import Shard, StreamStore, Task
from modalities.extraction.shard import claim
from modalities.extraction.stream_store import PROVENANCE
from modalities.file_lock import file_lock
from modalities.skeleton.estimation.assembling import Assembled
from modalities.skeleton.estimation.extractor import PoseFiles
from modalities.skeleton.estimation.pose_file import write_poses
from modalities.skeleton.layouts import get_layout
from modalities.skeleton.lifting.contract import Lifter
from modalities.skeleton.poses import Poses
from modalities.skeleton.reader import read_skeleton
from modalities.skeleton.store import PoseStore
from modalities.source import Source
from modalities.store import StorageError, read_arrays, read_json, sweep, write_json

KEPT = ("num", "fps", "times", "offset", "size")
"""What the lifted stream's rows take over from those of the 2D one."""


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
    tasks = lift_tasks(index, stream)
    sources = {task: source for task, source in tasks.values()}
    store = StreamStore(PoseFiles(lifted_name(stream)), index.root, provenance_of(index, stream, lifter))
    done = Lifting(store.stream)
    with claim([store.folder], Shard()):
        sweep(store.folder, {Path(PROVENANCE).stem})
        store.prepare()
        store.sweep(sources)
        settled = {"done"} if retry_failed else {"done", "failed"}
        left = [task for task in sources if store.state(task).kind not in settled]
        done.skipped = len(sources) - len(left)
        stores: dict[Path, PoseStore] = {}
        for task in track(left):
            try:
                lift_one(sources[task], layout, lifter, store.path_of(task), store.provenance, stores)
            except StorageError:
                raise
            except InputError as error:
                store.remember(task, str(error))
                done.failures[task.id] = str(error)
            else:
                store.forget(task)
                done.made += 1
    done.status = join_lifted(index.root, stream, store, lifter.layout)
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


def lift_tasks(index: Index, stream: str) -> dict[str, tuple[Task, Source]]:
    """One task a recording: ``{record id: (task, source)}``; records cut from one recording share its task."""
    found: dict[tuple[Path, int | None], tuple[Task, Source]] = {}
    tasks = {}
    for record in index.records:
        source = index.source(record, stream)
        if source is not None:
            task = Task(record["id"], source.path, source.num)
            tasks[record["id"]] = found.setdefault((source.path, source.clip), (task, source))
    return tasks


def provenance_of(index: Index, stream: str, lifter: Lifter) -> dict[str, Any]:
    """What makes the lifted files: the lifter, and what made the 2D poses, where that is known."""
    path = index.root / stream / PROVENANCE
    poses = read_json(path, cure="extract the poses again") if path.is_file() else None
    return {**lifter.provenance, "lifted": {"stream": stream, "provenance": poses}}


def lift_one(
    source: Source,
    layout: str,
    lifter: Lifter,
    path: Path,
    provenance: dict[str, Any],
    stores: dict[Path, PoseStore],
) -> None:
    """Lift one recording into a pose file; tracks and filled poses stay marked.

    Raises:
        InputError: if the poses are missing, damaged or of another layout, or their frames' size is not known.
    """
    if source.size_hw is None:
        fail(f"2D poses '{source.path}'", 'have "size": [H, W] of their frames in the index', "none")
    known = get_layout(layout)
    if source.clip is None:
        arrays = read_skeleton(source.path, dims=2, joints=known.num_joints, num=source.num)
        kept = read_arrays(source.path, cure="extract the poses again")
        flat = Poses(arrays["keypoints"], arrays["scores"], layout)
    else:
        if source.path not in stores:
            stores[source.path] = PoseStore(source.path)
        flat, kept = stores[source.path].read(source.clip), {}
    shown = (flat.scores > 0).any(-1)  # [M, T]
    tracks = np.where(shown, np.arange(shown.shape[0], dtype=np.int32)[:, None], np.int32(-1))
    found = Assembled(
        lifter(flat, source.size_hw), kept.get("tracks", tracks), kept.get("filled", np.zeros_like(shown)), 0
    )
    write_poses(path, found, size_hw=source.size_hw, provenance=provenance)


def join_lifted(root: Path, stream: str, store: StreamStore, layout: str) -> StreamStatus:
    """Write the index again with all files of the 3D stream that are there now, as extraction does.

    Raises:
        InputError: if the index is missing or damaged, or cannot be written.
    """
    with file_lock(root / ".index.lock", wait=True):
        sweep(root, {"index"})
        sweep(store.folder, {Path(FAILURES).stem})
        index = load_index(root)
        tasks = lift_tasks(index, stream)
        status = status_of(store, list(dict.fromkeys(task for task, _ in tasks.values())))
        write_json(store.folder / FAILURES, rows_of(status.failed))
        records = []
        for record in index.records:
            sources = {name: entry for name, entry in record["sources"].items() if name != store.stream}
            task, _ = tasks.get(record["id"], (None, None))
            if task in status.done:
                path = store.path_of(task).relative_to(index.root).as_posix()
                entry = {key: value for key, value in sources[stream].items() if key in KEPT}
                sources[store.stream] = {**entry, "path": path}
            records.append({**record, "sources": sources})
        info = {"modality": "skeleton", "layout": layout, "channels": get_layout(layout).dims}
        streams = {**index.metainfo["streams"], store.stream: info}
        if (new := Index(index.root, {**index.metainfo, "streams": streams}, records)) != index:
            write_index(root / "index.json", new.metainfo, new.records)
    return status
