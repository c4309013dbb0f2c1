"""From answers about windows, which may overlap, to one label at every time."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from fusion.inference.ensemble import WindowPrediction


class Segment(NamedTuple):
    """A part of a video in which the same class is likeliest.

    Attributes:
        start, end: seconds.
        label: index of the class.
        share: its mean probability.
    """

    start: float
    end: float
    label: int
    share: float


def shares_at(answers: Sequence[WindowPrediction], time: float) -> np.ndarray | None:
    """Mean probability of each class over the windows that show a time, ``[K]``; None where none does."""
    over = [answer.shares for answer in answers if answer.span.start <= time < answer.span.end]
    return np.mean(over, axis=0) if over else None


def segments_of(answers: Sequence[WindowPrediction]) -> list[Segment]:
    """The likeliest class at every time that a window shows; neighbours with the same one are joined."""
    edges = sorted({round(edge, 6) for answer in answers for edge in answer.span})
    segments: list[Segment] = []
    first = 0
    for start, end in pairwise(edges):
        while first < len(answers) and answers[first].span.end <= start:
            first += 1
        last = first
        while last < len(answers) and answers[last].span.start < end:
            last += 1
        shares = shares_at(answers[first:last], (start + end) / 2)
        if shares is None:
            continue
        label = int(shares.argmax())
        piece = Segment(start, end, label, float(shares[label]))
        if segments and segments[-1].label == label and segments[-1].end == start:
            piece = _joined(segments.pop(), piece)
        segments.append(piece)
    return segments


def _joined(before: Segment, after: Segment) -> Segment:
    lengths = (before.end - before.start, after.end - after.start)
    share = (lengths[0] * before.share + lengths[1] * after.share) / sum(lengths)
    return Segment(before.start, after.end, before.label, share)
