"""From the index to what is extracted from its videos, and back into the index."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fusion.data.index import Index, load_index, write_index
from modalities.checks import fail
from modalities.extraction import State, StreamStore, Task
from modalities.file_lock import file_lock
from modalities.skeleton.layouts import get_layout
from modalities.store import sweep, write_json

FAILURES = "failures.json"


def video_tasks(index: Index) -> dict[str, Task]:
    """One task a video: ``{record id: task}``; records cut from one video share its task.

    Raises:
        InputError: if no record has a video.
    """
    by_video: dict[str, Task] = {}
    tasks: dict[str, Task] = {}
    for record in index.records:
        entry = record["sources"].get("rgb")
        if entry is None:
            continue
        first = Task(record["id"], index.root / entry["path"], entry["num"])
        tasks[record["id"]] = by_video.setdefault(entry["path"], first)
    if not tasks:
        fail(f"records of '{index.root / 'index.json'}'", "have videos to extract from", "none with an 'rgb' source")
    return tasks


@dataclass
class StreamStatus:
    """How far the extraction of a stream is.

    Args:
        stream: its name.
        done: what each finished video's file holds.
        failed: why, by video.
        damaged: files that are there and must be made again: why, by video.
        missing: videos that nobody has tried yet.
        bytes: of all finished files.
    """

    stream: str
    done: dict[Task, State] = field(default_factory=dict)
    failed: dict[Task, str] = field(default_factory=dict)
    damaged: dict[Task, str] = field(default_factory=dict)
    missing: list[Task] = field(default_factory=list)
    bytes: int = 0

    def counts(self) -> dict[str, int]:
        """Counts over all finished files, see :class:`modalities.extraction.Held`."""
        total: Counter[str] = Counter()
        for state in self.done.values():
            if state.held is not None:
                total.update(state.held.counts)
        return dict(total)

    def document(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "stream": self.stream,
            "videos": len(self.done) + len(self.failed) + len(self.damaged) + len(self.missing),
            "done": len(self.done),
            "failed": rows_of(self.failed),
            "damaged": rows_of(self.damaged),
            "missing": sorted(task.id for task in self.missing),
            "bytes": self.bytes,
            "counts": self.counts(),
        }


def rows_of(reasons: dict[Task, str]) -> list[dict[str, str]]:
    """Rows ``id``, ``video``, ``reason`` in the order of ids."""
    rows = [{"id": task.id, "video": str(task.video), "reason": reason} for task, reason in reasons.items()]
    return sorted(rows, key=lambda row: row["id"])


def status_of(store: StreamStore, tasks: Sequence[Task]) -> StreamStatus:
    """Look at the file of every task."""
    status = StreamStatus(store.stream)
    for task in tasks:
        state = store.state(task)
        if state.kind == "done":
            status.done[task] = state
            status.bytes += store.path_of(task).stat().st_size
        elif state.kind == "missing":
            status.missing.append(task)
        else:
            getattr(status, state.kind)[task] = state.reason
    return status


def join(root: Path, stores: Sequence[StreamStore]) -> list[StreamStatus]:
    """Write the index again with all files of these streams that are there now, whoever made them.

    Only this writes the index and ``failures.json`` of a stream: it holds a lock, reads the index anew, looks at every
    file and replaces the index whole, so that neither shards, nor runs of other streams, nor another joining lose rows.

    Raises:
        InputError: if the index is missing or damaged, or cannot be written.
    """
    with file_lock(root / ".index.lock", wait=True):
        sweep(root, {"index"})
        before = index = load_index(root)
        tasks = video_tasks(index)
        statuses = []
        for store in stores:
            sweep(store.folder, {Path(FAILURES).stem})
            status = status_of(store, list(dict.fromkeys(tasks.values())))
            write_json(store.folder / FAILURES, rows_of(status.failed))
            index = add_stream(index, store, status.done, tasks)
            statuses.append(status)
        if index != before:
            write_index(root / "index.json", index.metainfo, index.records)
    return statuses


def add_stream(index: Index, store: StreamStore, done: dict[Task, State], tasks: dict[str, Task]) -> Index:
    """The index with a stream; a record whose video has no finished file lacks it.

    Args:
        index: of the dataset.
        store: of the stream's files.
        done: the videos that have one.
        tasks: the video of each record.
    """
    records = []
    for record in index.records:
        sources = {name: entry for name, entry in record["sources"].items() if name != store.stream}
        task = tasks.get(record["id"])
        held = done[task].held if task in done else None
        if task is not None and held is not None:
            path = store.path_of(task).relative_to(index.root).as_posix()
            sources[store.stream] = {"path": path, **_clock(sources["rgb"], held.num), **held.entry}
        records.append({**record, "sources": sources})
    info: dict[str, Any] = {"modality": store.files.modality}
    if layout := store.provenance.get("layout"):  # of joints
        info |= {"layout": layout, "channels": get_layout(layout).dims}
    streams = {**index.metainfo["streams"], store.stream: info}
    return Index(index.root, {**index.metainfo, "streams": streams}, records)


def _clock(video: dict[str, Any], num: int) -> dict[str, Any]:
    """The video's own clock, for the first ``num`` of its frames."""
    clock: dict[str, Any] = {"num": num}
    if video.get("times") is not None:
        clock["times"] = video["times"][:num]
    else:
        clock["fps"] = video["fps"]
    if "offset" in video:
        clock["offset"] = video["offset"]
    return clock
