"""Videos of an index: the records that are cut from each, its name and its length."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, count
from pathlib import PurePosixPath
from typing import Any

from triad.fusion.index.index import Index, Record, extent_of
from triad.fusion.index.label_spans import video_key


def group_by_video(records: Iterable[Record]) -> dict[str, list[Record]]:
    """Return the records of each video by a name that is unique to it."""
    groups: dict[tuple[Any, ...], list[Record]] = {}
    for record in records:
        groups.setdefault(video_key(record), []).append(record)
    named: dict[str, list[Record]] = {}
    # where several share a name, the one with files and the most actions has it, others another one
    for key, group in sorted(groups.items(), key=lambda item: (not item[1][0]["sources"], -len(item[1]))):
        file_name = " ".join(str(part) for part in key if part is not None)
        numbered_names = (f"{file_name} ({number})" for number in count(2))
        names = chain((_name_of(group), str(group[0]["id"]), file_name), numbered_names)
        named[next(name for name in names if name not in named)] = group
    return dict(sorted(named.items()))


def _name_of(records: Sequence[Record]) -> str:
    first = records[0]
    if len(records) == 1 and "start" not in first:
        return str(first["id"])
    for field in ("source_video", "recording"):
        if isinstance(first.get(field), str) and first[field]:
            return str(first[field])
    entry = video_key(first)
    return PurePosixPath(str(entry[0])).stem if entry[-1] is None else str(first["id"])


def video_duration(name: str, record: Record, index: Index) -> float:
    """Return the seconds of a video: those of the annotation, otherwise of its files."""
    durations = index.metainfo.get("durations")
    duration = durations.get(name) if isinstance(durations, dict) else None
    if isinstance(duration, int | float) and not isinstance(duration, bool) and 0 < duration < 1e9:
        return float(duration)
    whole = {key: value for key, value in record.items() if key not in ("start", "end")}
    return extent_of(whole).end
