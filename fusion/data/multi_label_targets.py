"""Labels of a span of a video that may show several classes at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from triad.fusion.index import LabelSpan, Record, label_spans, labels_within, video_key
from triad.modalities.clips import Span

UNLABELLED = -1


class MultiLabelTargets:
    """Labels of spans, from all records of the same video.

    A record that is a segment of a video has the classes of the other segments too, see
    :func:`~triad.fusion.index.labels_within`.

    Args:
        records: records of all splits.
        num_classes: number K of classes.

    Shapes: returns int ``[K]`` of zeros and ones; −1 for a video without a label.
    """

    def __init__(self, records: Iterable[Record], num_classes: int) -> None:
        self.num_classes = num_classes
        spans: dict[tuple[Any, ...], list[LabelSpan]] = {}
        for record in records:
            if record["label"] is not None:
                spans.setdefault(video_key(record), []).extend(label_spans(record))
        self._spans = {video: np.array(rows, dtype=np.float64).reshape(-1, 3) for video, rows in spans.items()}

    def at_times(self, record: Record, times: np.ndarray) -> np.ndarray:
        """Return the labels of single moments of a record's video.

        Shapes: seconds ``[T]`` -> int ``[T, K]`` of zeros and ones; −1 for a video without a label.
        """
        rows = self._spans.get(video_key(record))
        if rows is None:
            return np.full((len(times), self.num_classes), UNLABELLED)
        labels = np.zeros((len(times), self.num_classes), np.int64)
        for start, end, label in rows:
            labels[(times >= start) & (times < end), int(label)] = 1
        return labels

    def __call__(self, record: Record, span: Span) -> np.ndarray:
        rows = self._spans.get(video_key(record))
        if rows is None:
            return np.full(self.num_classes, UNLABELLED)
        near = rows[(rows[:, 0] < span.end) & (rows[:, 1] > span.start)].tolist()
        spans = [(start, end, int(label)) for start, end, label in near]
        return labels_within(spans, span.start, span.end, self.num_classes).astype(np.int64)
