"""Long recordings cut into records: one for each annotated segment, which all share the recording's files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from fusion.datasets.writer import Dropped
from fusion.index.index import Record
from modalities.checks import InputError, fail


class Segment(NamedTuple):
    """An annotated action.

    Attributes:
        label: class index.
        first, end: frames, from 0; the action is over when ``end`` is shown.
        fields: what else its record says.
    """

    label: int
    first: int
    end: int
    fields: Mapping[str, Any] = {}


def cut(
    recording: str, segments: Sequence[Segment], *, fields: Mapping[str, Any], classes: int, fps: float
) -> tuple[tuple[Record, ...], list[Dropped]]:
    """A record a segment, in their order and so numbered; labels of a time are those of all records that span it.

    Args:
        recording: its name, ``source_video`` of its records.
        segments: of the recording; they may overlap.
        fields: what all records say.
        classes: how many there are.
        fps: frames per second of the annotation.

    Returns:
        the records, and the segments that are none.
    """
    records: list[Record] = []
    dropped: list[Dropped] = []
    for number, segment in enumerate(segments):
        name = f"{recording}_{number:04d}"
        try:
            _check(segment, classes)
        except InputError as error:
            dropped.append({"id": name, "reason": str(error)})
            continue
        clock = {"start": segment.first / fps, "end": segment.end / fps}
        records.append(
            {"id": name, "label": segment.label, "source_video": recording, **fields, **segment.fields, **clock}
        )
    return tuple(records), dropped


def _check(segment: Segment, classes: int) -> None:
    if not 0 <= segment.label < classes:
        fail("class of a segment", f"be from 0 to {classes - 1}", segment.label)
    if not 0 <= segment.first < segment.end:
        fail("segment", "end after it begins", f"frames {segment.first} to {segment.end}")
