"""Confidence of the pose estimator as an input channel."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from triad.modalities.checks import check_choice
from triad.modalities.device_constants import device_constant
from triad.modalities.skeleton.layouts import Layout


def _joint_scores(scores: Tensor, layout: Layout) -> Tensor:
    return scores


def _bone_scores(scores: Tensor, layout: Layout) -> Tensor:
    own = tuple(parent if parent >= 0 else joint for joint, parent in enumerate(layout.parents))
    parents = device_constant(own, scores.device)
    return (scores + scores[..., parents]) / 2


def _motion_scores(scores: Tensor, layout: Layout) -> Tensor:
    return torch.cat([(scores[:, :, 1:] + scores[:, :, :-1]) / 2, torch.zeros_like(scores[:, :, :1])], 2)


SCORE_CHANNELS: dict[str, Callable[[Tensor, Layout], Tensor]] = {
    "joint": _joint_scores,
    "bone": _bone_scores,  # the mean of its two ends
    "joint_motion": _motion_scores,  # the mean of its two times, 0 at the last
    "bone_motion": lambda scores, layout: _motion_scores(_bone_scores(scores, layout), layout),
}


def score_channel(description: str, scores: Tensor, layout: Layout) -> Tensor:
    """Return the confidence of a description, as pyskl and mmaction2 give it to 2D networks (Duan et al. 2022, PYSKL).

    Args:
        description: ``joint``, ``bone``, ``joint_motion`` or ``bone_motion``.
        scores: confidence of the joints, 0–1.
        layout: joint layout.

    Shapes: ``[B, M, T, V]`` -> the same.

    Raises:
        InputError: for another description.
    """
    return SCORE_CHANNELS[check_choice("score channel", description, SCORE_CHANNELS)](scores, layout)
