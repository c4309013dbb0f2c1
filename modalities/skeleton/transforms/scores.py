"""How sure the estimator was, as one more channel."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from modalities.checks import check_choice
from modalities.skeleton.layouts import Layout


def _of_joints(scores: Tensor, layout: Layout) -> Tensor:
    return scores


def _of_bones(scores: Tensor, layout: Layout) -> Tensor:
    parents = [parent if parent >= 0 else joint for joint, parent in enumerate(layout.parents)]
    return (scores + scores[..., parents]) / 2


def _of_motion(scores: Tensor, layout: Layout) -> Tensor:
    return torch.cat([(scores[:, :, 1:] + scores[:, :, :-1]) / 2, torch.zeros_like(scores[:, :, :1])], 2)


SCORES: dict[str, Callable[[Tensor, Layout], Tensor]] = {
    "joint": _of_joints,
    "bone": _of_bones,  # the mean of its two ends
    "joint_motion": _of_motion,  # the mean of its two times, 0 at the last
    "bone_motion": lambda scores, layout: _of_motion(_of_bones(scores, layout), layout),
}


def scores_of(stream: str, scores: Tensor, layout: Layout) -> Tensor:
    """Scores of what a stream shows, as pyskl and mmaction2 give them to 2D networks (Duan et al. 2022, PYSKL).

    Args:
        stream: joint, bone, joint_motion or bone_motion.
        scores: of the joints, 0–1.
        layout: their layout.

    Shapes: ``[B, M, T, V]`` -> the same.

    Raises:
        InputError: for another stream.
    """
    return SCORES[check_choice("stream of scores", stream, SCORES)](scores, layout)
