"""From the index to what is made of one of its streams, videos mostly, and back into the index."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fusion.index.index import Index, load_index, write_index
from modalities.atomic_files import remove_partial_files, write_json
from modalities.checks import fail
from modalities.extraction import State, StreamStore, Task
from modalities.file_lock import file_lock
from modalities.skeleton.layouts import get_layout

FAILURES = "failures.json"
VIDEO = "rgb"


def tasks_of(index: Index, origin: str = VIDEO) -> dict[str, Task]:
    """One task a recording: ``{record id: task}``; records cut from one recording share its task.

    Args:
        index: of the dataset.
        origin: the stream whose recordings they are.

    Raises:
        InputError: if no record has that stream.
    """
    first: dict[tuple[str, int | None], Task] = {}
    tasks: dict[str, Task] = {}
    for record in index.records:
        entry = record["sources"].get(origin)
        if entry is not None:
            task = Task(record["id"], index.root / entry["path"], entry["num"])
            tasks[record["id"]] = first.setdefault((entry["path"], entry.get("clip")), task)
    if not tasks:
        fail(f"records of '{index.root / 'index.json'}'", f"have a source '{origin}' to extract from", "none")
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
        """Counts over all finished files, see :class:`modalities.extraction.FileSummary`."""
        total: Counter[str] = Counter()
        for state in self.done.values():
            if state.summary is not None:
                total.update(state.summary.counts)
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


def join(root: Path, stores: Sequence[StreamStore], *, origin: str = VIDEO) -> list[StreamStatus]:
    """Write the index again with all files of these streams that are there now, whoever made them.

    Only this writes the index and ``failures.json`` of a stream: it holds a lock, reads the index anew, looks at every
    file and replaces the index whole, so that neither shards, nor runs of other streams, nor another joining lose rows.

    Args:
        root: folder of the index.
        stores: of the streams' files.
        origin: the stream that they were made of.

    Raises:
        InputError: if the index is missing or damaged, or cannot be written.
    """
    with file_lock(root / ".index.lock", wait=True):
        remove_partial_files(root, {"index"})
        before = index = load_index(root)
        tasks = tasks_of(index, origin)
        statuses = []
        for store in stores:
            remove_partial_files(store.folder, {Path(FAILURES).stem})
            status = status_of(store, list(dict.fromkeys(tasks.values())))
            write_json(store.folder / FAILURES, rows_of(status.failed))
            index = add_stream(index, store, status.done, tasks, origin=origin)
            statuses.append(status)
        if index != before:
            write_index(root / "index.json", index.metainfo, index.records)
    return statuses


def add_stream(
    index: Index, store: StreamStore, done: dict[Task, State], tasks: dict[str, Task], *, origin: str
) -> Index:
    """The index with a stream; a record whose recording has no finished file lacks it.

    Args:
        index: of the dataset.
        store: of the stream's files.
        done: the recordings that have one.
        tasks: the recording of each record.
        origin: the stream that the files were made of, whose clock they have.
    """
    records = []
    for record in index.records:
        sources = {name: entry for name, entry in record["sources"].items() if name != store.stream}
        task = tasks.get(record["id"])
        summary = done[task].summary if task in done else None
        if task is not None and summary is not None:
            path = store.path_of(task).relative_to(index.root).as_posix()
            sources[store.stream] = {"path": path, **_clock(sources[origin], summary.num), **summary.entry}
        records.append({**record, "sources": sources})
    info: dict[str, Any] = {"modality": store.files.modality}
    if layout := store.provenance.get("layout"):  # of joints
        info |= {"layout": layout, "channels": get_layout(layout).dims}
    streams = {**index.metainfo["streams"], store.stream: info}
    return Index(index.root, {**index.metainfo, "streams": streams}, records)


def _clock(origin: dict[str, Any], num: int) -> dict[str, Any]:
    """A recording's own clock, for the first ``num`` of its entries."""
    clock: dict[str, Any] = {"num": num}
    if origin.get("times") is not None:
        clock["times"] = origin["times"][:num]
    else:
        clock["fps"] = origin["fps"]
    if "offset" in origin:
        clock["offset"] = origin["offset"]
    return clock
