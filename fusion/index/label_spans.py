"""Labels of a record over time: one of the whole record, several, or segments; and those of a span of a video."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np

from triad.fusion.index.index import Record, extent_of
from triad.modalities.checks import fail


class LabelSpan(NamedTuple):
    """Class index and the seconds in which it holds."""

    start: float
    end: float
    label: int


def label_indices(record: Record) -> list[int]:
    """Return the class indices of a record, each once and in their order; none for a record without a label."""
    label: Any = record["label"]
    items = label if isinstance(label, list) else [] if label is None else [label]
    return list(dict.fromkeys(item["label"] if isinstance(item, dict) else item for item in items))


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


def single_label(record: Record, cure: str) -> int | None:
    """Return the one class index of a record; None where it is unlabelled.

    Args:
        record: record of an index.
        cure: advice for a record with a list of labels.

    Raises:
        InputError: If it has a list of labels.
    """
    label: Any = record["label"]
    if isinstance(label, list):
        fail(f"label of record '{record['id']}'", "be one class", f"a list of {len(label)}", cure)
    return None if label is None else int(label)


def labels_within(spans: Iterable[tuple[float, float, int]], start: float, end: float, num_classes: int) -> np.ndarray:
    """Return which classes a part of a video shows: those that fill half of it, or lie in it with half of their span.

    Args:
        spans: start, end and class index of the labels of the video.
        start: first second of the part.
        end: its last second.
        num_classes: number K of classes.

    Shapes: returns bool ``[K]``.
    """
    labels = np.zeros(num_classes, dtype=bool)
    for label_start, label_end, label in spans:
        shared = min(end, label_end) - max(start, label_start)
        if shared > 0 and shared >= 0.5 * min(end - start, label_end - label_start):
            labels[label] = True
    return labels


def video_key(record: Record) -> tuple[Any, ...]:
    """Return what records that are cut from one video share: the file of its frames, or of its first stream."""
    sources = record["sources"]
    if not sources:
        return (record["id"],)
    entry = sources.get("rgb") or sources[min(sources)]
    return entry["path"], entry.get("clip")
