"""Clip of detected objects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from triad.modalities.checks import check_shape, fail, is_finite
from triad.modalities.clips import ShapeRepr, check_times


@dataclass(frozen=True, repr=False)
class ObjectClip(ShapeRepr):
    """Objects of up to K boxes a time; where there are fewer, the score is 0 and box and label have no meaning.

    Args:
        vocabulary: name of the vocabulary that labels refer to, see :mod:`triad.modalities.objects.vocabularies`.

    Shapes: ``boxes`` float32 ``[T, K, 4]``, ``(x1, y1, x2, y2)`` in pixels of the canvas from its corner; ``labels``
    int64 ``[T, K]``; ``scores`` float32 ``[T, K]`` in 0–1; ``times`` seconds ``[T]``; ``valid`` bool ``[T]``.

    Raises:
        InputError: If shapes or dtypes differ or a box is not finite.
    """

    modality: ClassVar[str] = "objects"
    boxes: np.ndarray
    labels: np.ndarray
    scores: np.ndarray
    vocabulary: str
    times: np.ndarray
    valid: np.ndarray

    def __post_init__(self) -> None:
        sizes = check_shape("ObjectClip.boxes", self.boxes, ["T", "K", 4])
        check_shape("ObjectClip.labels", self.labels, ["T", "K"], **sizes)
        check_shape("ObjectClip.scores", self.scores, ["T", "K"], **sizes)
        for name, dtype in (("boxes", np.float32), ("labels", np.int64), ("scores", np.float32)):
            if getattr(self, name).dtype != dtype:
                fail(f"ObjectClip.{name}", f"be {np.dtype(dtype)}", getattr(self, name).dtype)
        if not is_finite(self.boxes):
            fail("ObjectClip.boxes", "be finite", "NaN or infinity", "mark absent objects by score 0")
        check_times("ObjectClip", self.times, self.valid, sizes["T"])
