"""Batch of one person's joints in pixels, and of frames beside it, for transforms that read both."""

from __future__ import annotations

import torch
from torch import Tensor

from triad.modalities.skeleton.layouts import get_layout

UPRIGHT = {
    "nose": (50, 10),
    **{f"{side}_{joint}": (50 + sign * x, y) for side, sign in (("left", 1), ("right", -1)) for joint, x, y in (
        ("eye", 2, 8), ("ear", 4, 9), ("shoulder", 10, 20), ("elbow", 20, 30), ("wrist", 30, 40),
        ("hip", 8, 50), ("knee", 8, 65), ("ankle", 8, 80),
    )},
}  # fmt: skip
"""Pixels of a person with spread arms, of joints by the names of COCO."""


def pose_entry(*, times: int = 2, persons: int = 1) -> dict[str, Tensor]:
    """Return a batch of one sample, in which the first person stands upright and others are absent."""
    layout = get_layout("coco17")
    data = torch.zeros(1, persons, times, layout.num_joints, 2)
    scores = torch.zeros(1, persons, times, layout.num_joints)
    data[:, 0] = torch.tensor([UPRIGHT[joint] for joint in layout.joints], dtype=torch.float32)
    scores[:, 0] = 0.9
    return {
        "data": data,
        "scores": scores,
        "valid": torch.ones(1, persons, times, dtype=torch.bool),
        "times": torch.linspace(0, 1, times, dtype=torch.float64)[None],
        "present": torch.ones(1, dtype=torch.bool),
    }


def video_entry(*, times: int = 2, size: tuple[int, int] = (100, 100)) -> dict[str, Tensor]:
    """Return a batch of one sample of random frames, of the span of :func:`pose_entry`."""
    return {
        "data": torch.randint(0, 256, (1, times, *size, 3), dtype=torch.uint8),
        "valid": torch.ones(1, times, dtype=torch.bool),
        "times": torch.linspace(0, 1, times, dtype=torch.float64)[None],
        "present": torch.ones(1, dtype=torch.bool),
    }
