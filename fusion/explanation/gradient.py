"""Gradient × input."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from fusion.explanation.stream_score import StreamScore
from fusion.models import Recognizer
from modalities.checks import fail
from modalities.skeleton.transforms import HeatmapTransform


def gradient_times_input(
    model: Recognizer, batch: Mapping[str, Any], *, stream: str, target: int | None = None
) -> Tensor:
    """How far each joint at each time carries the logit of a class: ``Σ_c x_c · ∂logit/∂x_c``.

    The gradient (Simonyan, Vedaldi, Zisserman 2014, Deep Inside Convolutional Networks) times what it is the gradient
    of (Shrikumar, Greenside, Shcherbina, Kundaje 2016, Not Just a Black Box). For a network that is linear the values
    sum to its logit minus the one of an input of zeros, and equal occlusion (Ancona, Ceolini, Öztireli, Gross 2018,
    Towards Better Understanding of Gradient-Based Attribution Methods); for others they are what a first step would do.

    ``x`` is what the network reads, after the transform: metres in a camera's frame have no zero that means anything. A
    bone or a motion counts for the joint and time in whose place it stands. Heat maps are taken apart by what they are
    proportional to, each joint's score. What ``InterpolateMissing`` put in place of a joint that was
    not measured is not counted.

    Args:
        model: in evaluation.
        batch: of one sample, as the loader gives it.
        stream: of skeletons.
        target: the class; None for the one that the stream itself predicts.

    Shapes: ``[M, T, V]``; joints that were not seen are 0.

    Raises:
        InputError: if the batch is not of one sample with that stream, there is no such class, or heat maps do
            not depend on scores.
    """
    score = StreamScore(model, batch, stream=stream)
    with torch.enable_grad(), torch.backends.cudnn.flags(enabled=False):  # cuDNN's LSTM has no gradient in evaluation
        if isinstance(score.transform, HeatmapTransform):
            if not score.transform.use_score:
                fail(f"heat maps of stream '{stream}'", "use scores", "use_score=False", "use occlusion")
            reached = score.entry["scores"].detach().requires_grad_()  # [1, M, T, V]
            prepared = score.prepare({**score.entry, "scores": reached})
        else:
            prepared = score.prepare(score.entry)
            reached = prepared["data"].detach().requires_grad_()  # [1, M, C, T, V]
            prepared = {**prepared, "data": reached}
        logits = score.logits(prepared)[0]
        (gradient,) = torch.autograd.grad(logits[score.choose(logits, target)], reached)
    values = (gradient * reached).detach()[0]
    if values.ndim == 4:
        values = values.sum(1)  # [M, C, T, V] -> [M, T, V]
        if bool(score.view["flip"][0] > 0):  # the network saw the mirror image
            values = values[..., list(score.transform.layout.mirror_index)]
    return values * score.seen
