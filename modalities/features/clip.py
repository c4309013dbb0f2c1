"""Clip of features."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from triad.modalities.checks import check_shape, fail, is_finite
from triad.modalities.clips import ShapeRepr, check_times


@dataclass(frozen=True, repr=False)
class FeatureClip(ShapeRepr):
    """One vector a time.

    Shapes: ``data`` float32 ``[T, C]``; ``times`` seconds ``[T]``; ``valid`` bool ``[T]``.

    Raises:
        InputError: If shapes or dtypes differ or a value is not finite.
    """

    modality: ClassVar[str] = "features"
    data: np.ndarray
    times: np.ndarray
    valid: np.ndarray

    def __post_init__(self) -> None:
        sizes = check_shape("FeatureClip.data", self.data, ["T", "C"])
        if self.data.dtype != np.float32:
            fail("FeatureClip.data", "be float32", self.data.dtype)
        if not is_finite(self.data):
            fail("FeatureClip.data", "be finite", "NaN or infinity", "extract the features again")
        check_times("FeatureClip", self.times, self.valid, sizes["T"])
