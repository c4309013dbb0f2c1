"""Occlusion."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any, NamedTuple

import torch
from torch import Tensor

from fusion.explanation.stream_score import StreamScore
from fusion.models import Recognizer
from modalities.checks import fail


class _Piece(NamedTuple):
    person: int
    start: int
    end: int
    joint: int


def occlusion(
    model: Recognizer,
    batch: Mapping[str, Any],
    *,
    stream: str,
    target: int | None = None,
    parts: int = 1,
    rows: int = 64,
) -> Tensor:
    """What the logit of a class loses when a joint is hidden for a while, shared by the times that are hidden.

    After Zeiler & Fergus 2014, Visualizing and Understanding Convolutional Networks, with a joint in place of a square.
    A hidden joint is one that the sensor lost (score 0), so that all the model does about lost joints counts: one that
    interpolates them misses little of a short gap, and one that centres or turns bodies by some joints depends on them.

    Args:
        model: in evaluation.
        batch: of one sample, as the loader gives it.
        stream: of skeletons.
        target: the class; None for the one that the stream itself predicts.
        parts: equal stretches (to a time) that the times are cut into; a joint is hidden for one of them at once.
        rows: copies a forward pass.

    Shapes: ``[M, T, V]``; joints that were not seen are 0. The sum over a stretch is what the logit loses by it.

    Raises:
        InputError: if the batch is not of one sample with that stream, there is no such class, or ``parts`` or
            ``rows`` is below 1.
    """
    for name, number in (("parts", parts), ("rows", rows)):
        if number < 1:
            fail(f"{name} of an occlusion", "be at least 1", number)
    score = StreamScore(model, batch, stream=stream)
    seen = score.seen
    values = torch.zeros(seen.shape, device=seen.device)
    pieces = list(_pieces(seen, parts))
    for first in range(0, len(pieces), rows):
        group = pieces[first : first + rows]
        hidden = torch.zeros(len(group) + 1, *seen.shape, dtype=torch.bool, device=seen.device)  # [N, M, T, V]
        for row, (person, start, end, joint) in enumerate(group):
            hidden[row, person, start:end, joint] = True
        # the whole sample goes with every group, as sums round otherwise in batches of another size
        with torch.no_grad():
            logits = score.logits(score.prepare(score.hide(hidden)))
        target = score.choose(logits[-1], target)
        gone = hidden[:-1] & seen
        lost = (logits[-1, target] - logits[:-1, target]) / gone.sum((1, 2, 3))
        values += (lost[:, None, None, None] * gone).sum(0)
    return values


def _pieces(seen: Tensor, parts: int) -> Iterator[_Piece]:
    """Every joint in every stretch in which it is seen."""
    persons, times, joints = seen.shape
    bounds = [part * times // parts for part in range(parts + 1)]
    for start, end in pairwise(sorted(set(bounds))):  # no more stretches than times
        shown = seen[:, start:end].any(1).tolist()
        for person in range(persons):
            yield from (_Piece(person, start, end, joint) for joint in range(joints) if shown[person][joint])
