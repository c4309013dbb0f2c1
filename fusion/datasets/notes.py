"""Notes of a preparation: what a user should know of recordings that were kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from triad.fusion.index import Record

MAX_NOTES = 10
"""Notes about videos in a report."""


def note_lines(notes: Mapping[str, list[str]]) -> list[str]:
    """Return a line for each note with the recordings that it concerns; of many notes the first ones."""
    lines = []
    for note, ids in notes.items():
        count_text = f" and {len(ids) - 1} more" if len(ids) > 1 else ""
        lines.append(f"video of '{ids[0]}'{count_text}: {note}")
    more = len(lines) - MAX_NOTES
    return lines if more <= 0 else [*lines[:MAX_NOTES], f"{more} more notes about videos"]


def overlap_notes(records: Iterable[Record]) -> list[str]:
    """Return a line about segments of one recording and class that share a time; none where there are none."""
    segments: dict[tuple[Any, Any], list[tuple[float, float, str]]] = {}
    for record in records:
        if record.get("end") is not None and isinstance(record.get("label"), int):
            recording = record.get("source_video") or record.get("recording")
            if recording is not None:
                span = (record.get("start") or 0.0, record["end"], record["id"])
                segments.setdefault((recording, record["label"]), []).append(span)
    overlapping: list[str] = []
    for spans in segments.values():
        last_end = -1.0
        for start, end, record_id in sorted(spans):
            if start < last_end:
                overlapping.append(record_id)
            last_end = max(last_end, end)
    if not overlapping:
        return []
    first = min(overlapping)
    subject = f"{len(overlapping)} segments overlap another of their class in their recording, such as '{first}'"
    return [f"{subject}: kept as annotated; evaluate localization takes those that overlap as one"]
