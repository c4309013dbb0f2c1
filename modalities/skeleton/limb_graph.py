"""Graph of bones and of joints that act together without a bone: hands and feet, elbows and knees, both hands."""

from __future__ import annotations

import torch
from torch import Tensor

from triad.modalities.skeleton.layouts import Layout

BONE = 5.0
LINK = 2.0
"""Weights of a bone and of a link of :func:`limb_links`, as published."""
_SIDES = ("left", "right")


def limb_links(layout: Layout) -> tuple[tuple[int, int], ...]:
    """Return the pairs of joints that act together without a bone between them (Das et al. 2020, VPN).

    Published by number for Kinect's 25 joints and found here by name: hand and ankle, and elbow and knee, of each side;
    both hands; both elbows. The wrist is the hand of a layout without hands.
    """
    end = "hand" if "left_hand" in layout.joints else "wrist"
    same_side = [(f"{side}_{a}", f"{side}_{b}") for side in _SIDES for a, b in ((end, "ankle"), ("elbow", "knee"))]
    across = [(f"left_{joint}", f"right_{joint}") for joint in (end, "elbow")]
    return tuple((layout.index(first), layout.index(second)) for first, second in (*same_side, *across))


def limb_adjacency(layout: Layout) -> Tensor:
    """Return the weights of bones and of :func:`limb_links`, symmetric, with a diagonal of zeros.

    Shapes: float32 ``[V, V]``.
    """
    weights = torch.zeros(layout.num_joints, layout.num_joints)
    for edges, weight in ((layout.bones, BONE), (limb_links(layout), LINK)):
        for first, second in edges:
            weights[first, second] = weights[second, first] = weight
    return weights


def normalise_adjacency(weights: Tensor) -> Tensor:
    """Return ``D^-½ (A + I) D^-½`` of weights ``A``, ``D`` the sums of the rows of ``A + I``.

    Shapes: ``[V, V]`` -> ``[V, V]``.
    """
    with_loops = weights + torch.eye(len(weights))
    scale = with_loops.sum(1).rsqrt()
    return scale[:, None] * with_loops * scale
