"""A clip: the data of one stream within one span, when each entry was, and which entries are real."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from modalities.checks import check_shape, fail, is_finite


def _check_clock(kind: str, times: np.ndarray, valid: np.ndarray, count: int) -> None:
    check_shape(f"{kind}.times", times, ["T"], T=count)
    check_shape(f"{kind}.valid", valid, ["T"], T=count)
    if valid.dtype != np.bool_:
        fail(f"{kind}.valid", "be bool", valid.dtype)


@dataclass(frozen=True, repr=False)
class _Shown:
    def __repr__(self) -> str:
        shown = (
            f"{name}={value.dtype}{list(value.shape)}" if isinstance(value, np.ndarray) else f"{name}={value!r}"
            for name, value in vars(self).items()
        )
        return f"{type(self).__name__}({', '.join(shown)})"


@dataclass(frozen=True, repr=False)
class RgbClip(_Shown):
    """Frames of a video.

    Shapes: ``data`` uint8 ``[T, H, W, 3]``, ``times`` seconds ``[T]``, ``valid`` bool ``[T]``.

    Raises:
        InputError: if shapes or dtypes differ.
    """

    modality: ClassVar[str] = "rgb"
    data: np.ndarray
    times: np.ndarray
    valid: np.ndarray

    def __post_init__(self) -> None:
        sizes = check_shape("RgbClip.data", self.data, ["T", "H", "W", 3])
        if self.data.dtype != np.uint8:
            fail("RgbClip.data", "be uint8", self.data.dtype)
        _check_clock("RgbClip", self.times, self.valid, sizes["T"])


@dataclass(frozen=True, repr=False)
class FlowClip(_Shown):
    """Optical flow: where each pixel goes within ``dt`` seconds.

    Entry ``t`` leads from the frame shown at ``times[t]`` to the one ``dt`` later, whatever the clip's stride; a
    video of N frames has N−1 of them.

    Shapes: ``data`` float32 ``[T, H, W, 2]`` in pixels, ``(u, v)``; ``times`` ``[T]``; ``valid`` bool ``[T]``.

    Raises:
        InputError: if shapes or dtypes differ, or ``dt`` is not positive.
    """

    modality: ClassVar[str] = "flow"
    data: np.ndarray
    dt: float
    times: np.ndarray
    valid: np.ndarray

    def __post_init__(self) -> None:
        sizes = check_shape("FlowClip.data", self.data, ["T", "H", "W", 2])
        if self.data.dtype != np.float32:
            fail("FlowClip.data", "be float32", self.data.dtype)
        if not self.dt > 0:
            fail("FlowClip.dt", "be a positive number of seconds", self.dt)
        _check_clock("FlowClip", self.times, self.valid, sizes["T"])


@dataclass(frozen=True, repr=False)
class PoseClip(_Shown):
    """Joints of up to M persons.

    An absent person or joint has score 0; its coordinates are 0 and mean nothing.

    Shapes: ``keypoints`` float32 ``[M, T, V, C]`` (C = 3: metres in the camera frame; C = 2: pixels), ``scores``
    float32 ``[M, T, V]`` in 0–1, ``pixels`` float32 ``[M, T, V, 2]`` where known, ``times`` ``[T]``, ``valid`` ``[T]``.

    Args:
        layout: name of the joint layout, see ``modalities.skeleton.layouts``.

    Raises:
        InputError: if shapes or dtypes differ or a value is not finite.
    """

    modality: ClassVar[str] = "skeleton"
    keypoints: np.ndarray
    scores: np.ndarray
    layout: str
    times: np.ndarray
    valid: np.ndarray
    pixels: np.ndarray | None = None

    def __post_init__(self) -> None:
        sizes = check_shape("PoseClip.keypoints", self.keypoints, ["M", "T", "V", "C"])
        check_shape("PoseClip.scores", self.scores, ["M", "T", "V"], **sizes)
        if self.pixels is not None:
            check_shape("PoseClip.pixels", self.pixels, ["M", "T", "V", 2], **sizes)
        for name in ("keypoints", "scores", "pixels"):
            array = getattr(self, name)
            if array is not None and array.dtype != np.float32:
                fail(f"PoseClip.{name}", "be float32", array.dtype)
            if array is not None and not is_finite(array):
                fail(f"PoseClip.{name}", "be finite", "NaN or infinity", "mark lost joints by score 0")
        _check_clock("PoseClip", self.times, self.valid, sizes["T"])
