"""Labels over time from the predictions of windows, which may overlap."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from triad.fusion.inference.ensemble import WindowPrediction

SEVERAL_THRESHOLD = 0.5


class Segment(NamedTuple):
    """A span of time in which one class is the likeliest.

    Attributes:
        start: first second.
        end: last second.
        label: index of the class.
        probability: mean probability of the class, 0–1.
    """

    start: float
    end: float
    label: int
    probability: float


def mean_probabilities_at(windows: Sequence[WindowPrediction], time: float) -> np.ndarray | None:
    """Return the mean class probabilities of the windows that cover a time, ``[K]``; None where none does.

    Args:
        windows: predictions of windows.
        time: time in seconds.
    """
    probabilities = [window.probabilities for window in windows if window.span.start <= time < window.span.end]
    return np.mean(probabilities, axis=0) if probabilities else None


def segments_from_windows(windows: Sequence[WindowPrediction]) -> list[Segment]:
    """Return the likeliest class at every time that a window covers; neighbours of one class are merged.

    Of models of several classes a clip, all classes of a probability of :data:`SEVERAL_THRESHOLD` or more; their
    segments may overlap, and there may be none.

    Args:
        windows: predictions of windows, in the order of time.
    """
    edges = sorted({round(edge, 6) for window in windows for edge in window.span})
    segments: list[Segment] = []
    open_segments: dict[int, int] = {}  # position of the last segment of each class
    first = 0
    for start, end in pairwise(edges):
        while first < len(windows) and windows[first].span.end <= start:
            first += 1
        stop = first
        while stop < len(windows) and windows[stop].span.start < end:
            stop += 1
        probabilities = mean_probabilities_at(windows[first:stop], (start + end) / 2)
        if probabilities is None:
            continue
        labels = [int(probabilities.argmax())]
        if windows[first].multi_label:
            labels = np.flatnonzero(probabilities >= SEVERAL_THRESHOLD).tolist()
        for label in labels:
            segment = Segment(start, end, label, float(probabilities[label]))
            position = open_segments.get(label)
            if position is not None and segments[position].end == start:
                segments[position] = _merge(segments[position], segment)
            else:
                open_segments[label] = len(segments)
                segments.append(segment)
    return segments


def _merge(first: Segment, second: Segment) -> Segment:
    lengths = (first.end - first.start, second.end - second.start)
    probability = (lengths[0] * first.probability + lengths[1] * second.probability) / sum(lengths)
    return Segment(first.start, second.end, first.label, probability)
