"""All poses of one recording, as file readers return them and stores keep them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from triad.modalities.checks import MAX_COORDINATE, InputError, check_shape, fail, find_implausible, is_finite
from triad.modalities.skeleton.layouts import get_layout


@dataclass(frozen=True)
class Poses:
    """Joints of persons, frame by frame.

    Args:
        keypoints: metres in the camera frame, or pixels for a 2D layout; 0 where a joint is missing.
        scores: confidence of each joint; 0 for a missing one. All joints of an absent person are missing.
        layout: name of the joint layout.
        pixels: positions in the image of the joints of a 3D layout, where they are known; NaN for a joint whose own is
            not.

    Shapes: float32 ``[M, T, V, C]``, ``[M, T, V]``, ``[M, T, V, 2]``; at least one person and one time.

    Raises:
        InputError: If shapes, dtypes or the layout do not fit, or a value is NaN (of pixels: may be), infinite, or
            beyond a million metres or pixels.
    """

    keypoints: np.ndarray
    scores: np.ndarray
    layout: str
    pixels: np.ndarray | None = None

    def __post_init__(self) -> None:
        layout = get_layout(self.layout)
        axes: list[str | int] = ["M", "T", layout.num_joints]
        sizes = check_shape("Poses.keypoints", self.keypoints, [*axes, layout.dims])
        check_shape("Poses.scores", self.scores, axes, **sizes)
        if self.pixels is not None:
            check_shape("Poses.pixels", self.pixels, [*axes, 2], **sizes)
        if 0 in self.keypoints.shape:
            fail("Poses.keypoints", "hold a person and a time", f"{self.keypoints.shape = }")
        for name in ("keypoints", "scores", "pixels"):
            array = getattr(self, name)
            if array is None:
                continue
            if array.dtype != np.float32:
                fail(f"Poses.{name}", "be float32", array.dtype)
            if (name != "pixels" or np.isinf(array).any()) and not is_finite(array):  # NaN is an unknown pixel
                index = np.argwhere(~np.isfinite(array))[0].tolist()
                raise InputError(
                    f"Poses.{name} must be finite, got {array[tuple(index)]} at {index}; mark missing joints by score 0"
                )
            if (implausible := find_implausible(array)) is not None:
                place, value = implausible
                must = f"be within ±{MAX_COORDINATE:g} metres or pixels"
                fail(f"Poses.{name}", must, f"{value:g} at {place}", "correct it, or mark missing joints by score 0")

    @property
    def pixel_scores(self) -> np.ndarray:
        """Confidence of each joint's position in the image, 0 where it is not known, ``[M, T, V]``."""
        if self.pixels is None:
            return np.zeros_like(self.scores)
        return np.where(np.isnan(self.pixels).any(-1), np.float32(0), self.scores)

    @property
    def num(self) -> int:
        """Number of times."""
        return self.keypoints.shape[1]


def pad_poses(poses: Poses, num: int) -> Poses:
    """Return poses with times at the end at which nobody is seen, so that there are ``num``."""
    missing = num - poses.num
    if missing <= 0:
        return poses
    arrays = [poses.keypoints, poses.scores, *([] if poses.pixels is None else [poses.pixels])]
    padded = [np.pad(array, [(0, 0), (0, missing), *[(0, 0)] * (array.ndim - 2)]) for array in arrays]
    return Poses(padded[0], padded[1], poses.layout, *padded[2:])
