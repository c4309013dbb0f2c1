"""Streams that are extracted from the recordings of an index, their status, and their addition to the index."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from triad.fusion.index.index import Index, load_index, write_index
from triad.modalities.atomic_files import write_json
from triad.modalities.checks import fail
from triad.modalities.extraction import State, StreamStore, Task
from triad.modalities.file_lock import file_lock
from triad.modalities.partial_files import remove_partial_files
from triad.modalities.skeleton import get_layout

FAILURES = "failures.json"
VIDEO = "rgb"


def extraction_tasks(index: Index, origin: str = VIDEO) -> dict[str, Task]:
    """Return ``{record id: task}`` with one task a recording, which all records that are cut from it share.

    Args:
        index: index of the dataset.
        origin: stream to extract from.

    Raises:
        InputError: If no record has that stream.
    """
    task_by_file: dict[tuple[str, int | None], Task] = {}
    tasks: dict[str, Task] = {}
    for record in index.records:
        entry = record["sources"].get(origin)
        if entry is not None:
            task = Task(record["id"], index.root / entry["path"], entry["num"])
            tasks[record["id"]] = task_by_file.setdefault((entry["path"], entry.get("clip")), task)
    if not tasks:
        fail(f"records of '{index.root / 'index.json'}'", f"have a source '{origin}' to extract from", "none")
    return tasks


def tasks_of_store(index: Index, store: StreamStore, origin: str = VIDEO) -> dict[str, Task]:
    """Return the tasks of a store: of the stream that its provenance names as its origin, else of ``origin``."""
    return extraction_tasks(index, str(store.provenance.get("origin", origin)))


@dataclass
class StreamStatus:
    """Progress of the extraction of a stream.

    Args:
        stream: name of the stream.
        done: finished recordings and the state of their files.
        failed: failed recordings and the reasons.
        damaged: recordings whose files must be made again, and the reasons.
        missing: recordings that were not tried yet.
        bytes: size of all finished files.
    """

    stream: str
    done: dict[Task, State] = field(default_factory=dict)
    failed: dict[Task, str] = field(default_factory=dict)
    damaged: dict[Task, str] = field(default_factory=dict)
    missing: list[Task] = field(default_factory=list)
    bytes: int = 0

    def counts(self) -> dict[str, int]:
        """Return the sums of the counts in all finished files, see :class:`triad.modalities.extraction.FileSummary`."""
        total: Counter[str] = Counter()
        for state in self.done.values():
            if state.summary is not None:
                total.update(state.summary.counts)
        return dict(total)

    def document(self) -> dict[str, Any]:
        """Return the status as a JSON document."""
        return {
            "stream": self.stream,
            "videos": len(self.done) + len(self.failed) + len(self.damaged) + len(self.missing),
            "done": len(self.done),
            "failed": reason_rows(self.failed),
            "damaged": reason_rows(self.damaged),
            "missing": sorted(task.id for task in self.missing),
            "bytes": self.bytes,
            "counts": self.counts(),
        }


def reason_rows(reasons: dict[Task, str]) -> list[dict[str, str]]:
    """Return rows with ``id``, ``video`` and ``reason``, in the order of ids."""
    rows = [{"id": task.id, "video": str(task.video), "reason": reason} for task, reason in reasons.items()]
    return sorted(rows, key=lambda row: row["id"])


def stream_status(store: StreamStore, tasks: Sequence[Task]) -> StreamStatus:
    """Return the status of a stream, after a look at the file of every task."""
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


def join_streams(root: Path, stores: Sequence[StreamStore], *, origin: str = VIDEO) -> list[StreamStatus]:
    """Write the index with all finished files of some streams, whichever run made them, and return their statuses.

    Only this function writes the index and ``failures.json`` of a stream. It holds a lock, reads the index anew, looks
    at every file and replaces the index whole, so that concurrent shards and runs of other streams lose no rows.

    Args:
        root: folder of the index.
        stores: stores of the streams' files.
        origin: stream from which they were extracted.

    Raises:
        InputError: If the index is missing or damaged, or cannot be written.
    """
    with file_lock(root / ".index.lock", wait=True):
        remove_partial_files(root, {"index"})
        old_index = load_index(root)
        index, statuses = _with_streams(old_index, stores, origin)
        for store, status in zip(stores, statuses, strict=True):
            remove_partial_files(store.folder, {Path(FAILURES).stem})
            write_json(store.folder / FAILURES, reason_rows(status.failed))
        if index != old_index:
            write_index(root / "index.json", index.metainfo, index.records)
    return statuses


def look_at_streams(
    root: Path, stores: Sequence[StreamStore], *, origin: str = VIDEO
) -> tuple[list[StreamStatus], bool]:
    """Return the statuses of some streams, and whether the index has just their finished files; nothing is written.

    Args:
        root: folder of the index.
        stores: stores of the streams' files.
        origin: stream from which they were extracted.

    Raises:
        InputError: If the index is missing or damaged.
    """
    old_index = load_index(root)
    index, statuses = _with_streams(old_index, stores, origin)
    return statuses, index == old_index


def _with_streams(index: Index, stores: Sequence[StreamStore], origin: str) -> tuple[Index, list[StreamStatus]]:
    """Return the index with all finished files of some streams, and the statuses of these."""
    statuses = []
    for store in stores:
        tasks = tasks_of_store(index, store, origin)
        status = stream_status(store, list(dict.fromkeys(tasks.values())))
        index = _add_stream(index, store, status.done, tasks, origin=str(store.provenance.get("origin", origin)))
        statuses.append(status)
    return index, statuses


def _add_stream(
    index: Index, store: StreamStore, done: dict[Task, State], tasks: dict[str, Task], *, origin: str
) -> Index:
    """Return the index with a stream; records of recordings that are not ``done`` lack it."""
    records = []
    for record in index.records:
        sources = {name: entry for name, entry in record["sources"].items() if name != store.stream}
        task = tasks.get(record["id"])
        summary = done[task].summary if task in done else None
        if task is not None and summary is not None:
            path = store.path_of(task).relative_to(index.root).as_posix()
            own_clock = "fps" in summary.entry  # of features, which have a rate of their own
            clock = {} if own_clock else _clock(sources[origin], summary.num)
            sources[store.stream] = {"path": path, **clock, **summary.entry}
        records.append({**record, "sources": sources})
    info: dict[str, Any] = {"modality": store.files.modality}
    if layout := store.provenance.get("layout"):  # of joints
        info |= {"layout": layout, "channels": get_layout(layout).dims}
    if classes := store.provenance.get("classes"):  # of objects
        info |= {"classes": classes}
    if channels := store.provenance.get("channels"):  # of features
        info |= {"channels": channels}
    streams = {**index.metainfo["streams"], store.stream: info}
    return Index(index.root, {**index.metainfo, "streams": streams}, records)


def _clock(origin: dict[str, Any], num: int) -> dict[str, Any]:
    """Return the clock of the first ``num`` entries of a source."""
    clock: dict[str, Any] = {"num": num}
    if origin.get("times") is not None:
        clock["times"] = origin["times"][:num]
    else:
        clock["fps"] = origin["fps"]
    if "offset" in origin:
        clock["offset"] = origin["offset"]
    return clock
