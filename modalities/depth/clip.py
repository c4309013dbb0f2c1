"""Clip of depth pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from triad.modalities.checks import check_shape, fail
from triad.modalities.clips import ShapeRepr, check_times


@dataclass(frozen=True, repr=False)
class DepthClip(ShapeRepr):
    """Depth pictures: distance along the optical axis, 0 where it is missing.

    Shapes: ``data`` float32 ``[T, H, W, 1]`` in metres, ``times`` seconds ``[T]``, ``valid`` bool ``[T]``.

    Raises:
        InputError: If shapes or dtypes differ.
    """

    modality: ClassVar[str] = "depth"
    data: np.ndarray
    times: np.ndarray
    valid: np.ndarray

    def __post_init__(self) -> None:
        sizes = check_shape("DepthClip.data", self.data, ["T", "H", "W", 1])
        if self.data.dtype != np.float32:
            fail("DepthClip.data", "be float32", self.data.dtype)
        check_times("DepthClip", self.times, self.valid, sizes["T"])
