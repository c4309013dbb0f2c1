"""Clips of pictures: as a batch, and as full samples whose cost is counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import Tensor


def stack_clips(clips: Sequence[Any]) -> dict[str, Tensor]:
    """Stack clips that have ``data``; all of one shape.

    Shapes: ``data`` ``[B, T, …]``, ``valid`` bool ``[B, T]``, ``times`` seconds ``[B, T]``.
    """
    return {
        name: torch.from_numpy(np.stack([getattr(clip, name) for clip in clips])) for name in ("data", "valid", "times")
    }


def fill_times(clip: Any, persons: int) -> Any:
    """Return a clip with all its times valid; pictures have no persons to fill."""
    return replace(clip, valid=np.ones_like(clip.valid))
