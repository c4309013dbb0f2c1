"""Relevance by occlusion."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any, NamedTuple

import torch
from torch import Tensor

from triad.fusion.explanation.stream_score import StreamScore
from triad.fusion.models import Recognizer
from triad.modalities.checks import fail


class _Occlusion(NamedTuple):
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
    num_intervals: int = 1,
    batch_size: int = 64,
) -> Tensor:
    """Return the drop of the logit of a class when a joint is hidden in an interval, divided among its times.

    After Zeiler & Fergus 2014, Visualizing and Understanding Convolutional Networks, with a joint in place of a square.
    A joint is hidden as if the sensor had lost it (score 0), so that the model's handling of missing joints counts: one
    that interpolates them loses little by a short gap, and one that centres or rotates bodies by some joints depends on
    them.

    Args:
        model: recognizer in evaluation mode.
        batch: batch of one sample, as the loader returns it.
        stream: name of a skeleton stream.
        target: index of the class; None for the class that the stream predicts.
        num_intervals: number of equal intervals (to a time) in each of which joints are hidden.
        batch_size: number of occluded copies in a forward pass.

    Shapes: ``[M, T, V]``; joints that are not visible are 0. The sum over an interval is the drop of the logit.

    Raises:
        InputError: If the batch is not of one sample with that stream, there is no such class, or ``num_intervals`` or
            ``batch_size`` is below 1.
    """
    for name, number in (("num_intervals", num_intervals), ("batch_size", batch_size)):
        if number < 1:
            fail(f"{name} of an occlusion", "be at least 1", number)
    score = StreamScore(model, batch, stream=stream)
    visible = score.visible
    values = torch.zeros(visible.shape, device=visible.device)
    occlusions = list(_iter_occlusions(visible, num_intervals))
    for first in range(0, len(occlusions), batch_size):
        chunk = occlusions[first : first + batch_size]
        hidden = torch.zeros(len(chunk) + 1, *visible.shape, dtype=torch.bool, device=visible.device)  # [N, M, T, V]
        for row, (person, start, end, joint) in enumerate(chunk):
            hidden[row, person, start:end, joint] = True
        # the whole sample goes with every chunk, as sums round otherwise in batches of another size
        with torch.no_grad():
            logits = score.logits(score.prepare(score.hide(hidden)))
        target = score.choose_class(logits[-1], target)
        hidden_visible = hidden[:-1] & visible
        drops = (logits[-1, target] - logits[:-1, target]) / hidden_visible.sum((1, 2, 3))
        values += (drops[:, None, None, None] * hidden_visible).sum(0)
    return values


def _iter_occlusions(visible: Tensor, num_intervals: int) -> Iterator[_Occlusion]:
    """Give every joint in every interval in which it is visible; ``visible`` is bool ``[M, T, V]``."""
    num_persons, num_times, num_joints = visible.shape
    bounds = {interval * num_times // num_intervals for interval in range(num_intervals + 1)}
    for start, end in pairwise(sorted(bounds)):  # no more intervals than times
        in_interval = visible[:, start:end].any(1).tolist()
        for person in range(num_persons):
            for joint in range(num_joints):
                if in_interval[person][joint]:
                    yield _Occlusion(person, start, end, joint)
