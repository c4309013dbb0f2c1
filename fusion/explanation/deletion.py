"""Whether a map of relevance means something: hide what it names, and see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor

from fusion.explanation.stream_score import StreamScore
from fusion.models import Recognizer
from modalities.checks import check_shape, fail


class Deletion(NamedTuple):
    """Probability of the class before, and by how much it falls without the named joints and without random ones."""

    probability: float
    relevant: float
    random: float


def deletion(
    model: Recognizer,
    batch: Mapping[str, Any],
    relevance: Tensor,
    *,
    stream: str,
    count: int,
    target: int | None = None,
    among: Sequence[int] | None = None,
    draws: int = 10,
    seed: int = 0,
) -> Deletion:
    """Hide the ``count`` joints of most relevance over the whole time, against as many drawn at random.

    After Samek, Binder, Montavon, Lapuschkin, Müller 2017, Evaluating the Visualization of What a Deep Neural Network
    Has Learned, and the deletion metric of Petsiuk, Das, Saenko 2018, RISE. Joints are hidden as in
    :func:`~fusion.explanation.occlusion.occlusion`; a joint of each person counts by itself.

    Args:
        model: in evaluation.
        batch: of one sample, as the loader gives it.
        relevance: for the same class.
        stream: of skeletons.
        count: how many joints are hidden.
        target: the class; None for the one that the stream itself predicts.
        among: joints that may be hidden, drawn or named; None for all. A transform that centres, turns or scales bodies
            by some joints breaks without them, whatever the network knows: leave them out to ask the network alone.
        draws: sets of random joints, over which the mean is taken.
        seed: of the draws; sets differ between samples.

    Shapes: ``relevance`` ``[M, T, V]``.

    Raises:
        InputError: if the batch is not of one sample with that stream, there is no such class, the relevance is
            of another, or no more joints than are to be hidden may be.
    """
    score = StreamScore(model, batch, stream=stream)
    seen = score.seen
    persons, times, joints = seen.shape
    check_shape(f"relevance of stream '{stream}'", relevance, [persons, times, joints])
    allowed = torch.ones(joints, dtype=torch.bool, device=seen.device)
    if among is not None:
        allowed = torch.zeros_like(allowed).index_fill(0, torch.tensor(among, device=seen.device), True)
    shown = (seen.any(1) & allowed).flatten().nonzero()[:, 0]  # [S] of M·V
    if not 0 < count < len(shown):
        fail("number of joints to hide", f"be in 1–{len(shown) - 1}, fewer than may be", count)
    order = relevance.sum(1).flatten().to(shown.device)[shown].argsort(descending=True, stable=True)
    rng = np.random.default_rng([seed, *batch["id"][0].encode()])
    drawn = [torch.from_numpy(rng.permutation(len(shown))[:count]).to(shown.device) for _ in range(draws)]
    hidden = torch.zeros(draws + 2, persons * joints, dtype=torch.bool, device=shown.device)  # the first hides nothing
    for row, chosen in enumerate([order[:count], *drawn], start=1):
        hidden[row, shown[chosen]] = True
    with torch.no_grad():
        spread = hidden.view(-1, persons, 1, joints).expand(-1, -1, times, -1)
        probability = score.logits(score.prepare(score.hide(spread))).softmax(-1)  # [2 + draws, K]
    known = probability[:, score.choose(probability[0], target)]
    drop = known[0] - known[1:]
    return Deletion(float(known[0]), float(drop[0]), float(drop[1:].mean()))
