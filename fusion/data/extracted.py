"""From the index to what is extracted from its videos, and back into the index."""

from __future__ import annotations

from typing import Any

from fusion.data.index import Index, write_index
from modalities.checks import InputError, fail
from modalities.extraction import Extractor, Task, file_of


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


def add_stream(index: Index, extractor: Extractor, *, modality: str, lag: int) -> tuple[Index, dict[str, Any]]:
    """Write the index again with a stream whose files are there; a record whose file is missing lacks it.

    Args:
        index: of the dataset.
        extractor: that made the files.
        modality: of the stream.
        lag: how many entries a file has less than its video has frames (1 for flow).

    Returns:
        The index, and sums over all files of what :meth:`Extractor.describe` says.

    Raises:
        InputError: if a file is damaged or has another number of entries than its video tells.
    """
    tasks = video_tasks(index)
    records = []
    sums: dict[str, Any] = {}
    for record in index.records:
        sources = {name: entry for name, entry in record["sources"].items() if name != extractor.stream}
        path = file_of(tasks[record["id"]], extractor, index.root) if record["id"] in tasks else None
        if path is not None and path.exists():
            video = sources["rgb"]
            held = extractor.describe(path)
            if held["num"] != video["num"] - lag:
                cure = "delete it and extract again"
                raise InputError(f"'{path}' must have {video['num'] - lag} entries, got {held['num']}; {cure}")
            sums = {key: sums.get(key, 0) + value for key, value in held.items()}
            sources[extractor.stream] = {"path": path.relative_to(index.root).as_posix(), **_clock(video, held["num"])}
        records.append({**record, "sources": sources})
    streams = {**index.metainfo["streams"], extractor.stream: {"modality": modality}}
    return write_index(index.root / "index.json", {**index.metainfo, "streams": streams}, records), sums


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
