"""Labels of a record over time: one of the whole record, several, or segments."""

from __future__ import annotations

from typing import Any, NamedTuple

from triad.fusion.index.index import Record, extent_of


class LabelSpan(NamedTuple):
    """Class index and the seconds in which it holds."""

    start: float
    end: float
    label: int


def label_spans(record: Record) -> list[LabelSpan]:
    """Return the labels of a record with their spans, in their order; none for a record without a label."""
    label: Any = record["label"]
    if label is None:
        return []
    items = label if isinstance(label, list) else [label]
    extent = extent_of(record)
    return [
        LabelSpan(item["start"], item["end"], item["label"])
        if isinstance(item, dict)
        else LabelSpan(extent.start, extent.end, item)
        for item in items
    ]
