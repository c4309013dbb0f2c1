"""Relevance by gradient × input."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from triad.fusion.explanation.stream_score import StreamScore
from triad.fusion.models import Recognizer
from triad.modalities.checks import fail
from triad.modalities.skeleton.transforms import HeatmapTransform


def gradient_times_input(
    model: Recognizer, batch: Mapping[str, Any], *, stream: str, target: int | None = None
) -> Tensor:
    """Return the contribution of each joint at each time to the logit of a class: ``Σ_c x_c · ∂logit/∂x_c``.

    The gradient (Simonyan, Vedaldi, Zisserman 2014, Deep Inside Convolutional Networks) times the input (Shrikumar,
    Greenside, Shcherbina, Kundaje 2016, Not Just a Black Box). For a linear network the values sum to its logit minus
    that of an input of zeros, and equal occlusion (Ancona, Ceolini, Öztireli, Gross 2018, Towards Better Understanding
    of Gradient-Based Attribution Methods); for other networks they are a first-order estimate.

    ``x`` is the input of the network, after the transform: metres in a camera's frame have no meaningful zero. A bone
    or a motion counts for the joint and time whose place it takes. A heat map is proportional to the score of its
    joint, and counts through it. A value by which ``InterpolateMissing`` replaces a missing joint does not count.

    Args:
        model: recognizer in evaluation mode.
        batch: batch of one sample, as the loader returns it.
        stream: name of a skeleton stream.
        target: index of the class; None for the class that the stream predicts.

    Shapes: ``[M, T, V]``; joints that are not visible are 0.

    Raises:
        InputError: If the batch is not of one sample with that stream, there is no such class, or heat maps do not
            depend on scores.
    """
    score = StreamScore(model, batch, stream=stream)
    with torch.enable_grad(), torch.backends.cudnn.flags(enabled=False):  # cuDNN's LSTM has no gradient in evaluation
        if isinstance(score.transform, HeatmapTransform):
            if not score.transform.use_score:
                fail(f"heat maps of stream '{stream}'", "use scores", "use_score=False", "use occlusion")
            inputs = score.entry["scores"].detach().requires_grad_()  # [1, M, T, V]
            prepared = score.prepare({**score.entry, "scores": inputs})
        else:
            prepared = score.prepare(score.entry)
            inputs = prepared["data"].detach().requires_grad_()  # [1, M, C, T, V]
            prepared = {**prepared, "data": inputs}
        logits = score.logits(prepared)[0]
        (gradient,) = torch.autograd.grad(logits[score.choose_class(logits, target)], inputs)
    values = (gradient * inputs).detach()[0]
    if values.ndim == 4:
        values = values.sum(1)  # [M, C, T, V] -> [M, T, V]
        if bool(score.view["flip"][0] > 0):  # the network saw the mirror image
            values = values[..., list(score.transform.layout.mirror_index)]
    return values * score.visible
