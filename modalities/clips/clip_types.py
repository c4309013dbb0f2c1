"""Clips: the data of one stream within one span, the time of each entry, and which entries are real."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from triad.modalities.checks import MAX_COORDINATE, check_shape, fail, find_implausible, is_finite


def check_times(clip: str, times: np.ndarray, valid: np.ndarray, num: int) -> None:
    """Check the times of a clip.

    Args:
        clip: name of the clip's class, for messages.
        times: seconds, ``[T]``.
        valid: whether each time is real, bool ``[T]``.
        num: number of entries, T.

    Raises:
        InputError: If a shape or dtype differs.
    """
    check_shape(f"{clip}.times", times, ["T"], T=num)
    check_shape(f"{clip}.valid", valid, ["T"], T=num)
    if valid.dtype != np.bool_:
        fail(f"{clip}.valid", "be bool", valid.dtype)


@dataclass(frozen=True, repr=False)
class ShapeRepr:
    """Base of clips, whose ``repr`` shows dtypes and shapes instead of values."""

    def __repr__(self) -> str:
        fields = (
            f"{name}={value.dtype}{list(value.shape)}" if isinstance(value, np.ndarray) else f"{name}={value!r}"
            for name, value in vars(self).items()
        )
        return f"{type(self).__name__}({', '.join(fields)})"


@dataclass(frozen=True, repr=False)
class RgbClip(ShapeRepr):
    """Frames of a video.

    Args:
        cropped: whether the frames are the view of the sample, at the size of the network's input, instead of whole.

    Shapes: ``data`` uint8 ``[T, H, W, 3]``, ``times`` seconds ``[T]``, ``valid`` bool ``[T]``.

    Raises:
        InputError: If shapes or dtypes differ.
    """

    modality: ClassVar[str] = "rgb"
    data: np.ndarray
    times: np.ndarray
    valid: np.ndarray
    cropped: bool = False

    def __post_init__(self) -> None:
        sizes = check_shape("RgbClip.data", self.data, ["T", "H", "W", 3])
        if self.data.dtype != np.uint8:
            fail("RgbClip.data", "be uint8", self.data.dtype)
        check_times("RgbClip", self.times, self.valid, sizes["T"])


@dataclass(frozen=True, repr=False)
class FlowClip(ShapeRepr):
    """Optical flow: the motion of each pixel within ``dt`` seconds.

    Entry ``t`` leads from the frame on display at ``times[t]`` to the one ``dt`` later, whatever the clip's stride; a
    video of N frames has N−1 entries.

    With a stack, time ``t`` holds L consecutive fields, of which the first leads from that frame; near the end of the
    file the stack is moved back until it fits.

    Args:
        dt: seconds of the motion.
        cropped: whether the fields are the view of the sample, at the size of the network's input and in its pixels,
            instead of whole.

    Shapes: ``data`` float32 ``[T, H, W, 2]``, with a stack ``[T, L, H, W, 2]``, in pixels, ``(u, v)``; ``times``
    seconds ``[T]``; ``valid`` bool ``[T]``.

    Raises:
        InputError: If shapes or dtypes differ, or ``dt`` is not positive.
    """

    modality: ClassVar[str] = "flow"
    data: np.ndarray
    dt: float
    times: np.ndarray
    valid: np.ndarray
    cropped: bool = False

    def __post_init__(self) -> None:
        stack_axis = ["L"] if self.data.ndim == 5 else []
        sizes = check_shape("FlowClip.data", self.data, ["T", *stack_axis, "H", "W", 2])
        if self.data.dtype != np.float32:
            fail("FlowClip.data", "be float32", self.data.dtype)
        if not self.dt > 0:
            fail("FlowClip.dt", "be a positive number of seconds", self.dt)
        check_times("FlowClip", self.times, self.valid, sizes["T"])


@dataclass(frozen=True, repr=False)
class PoseClip(ShapeRepr):
    """Joints of up to M persons.

    An absent person or joint has score 0; its coordinates are 0 and without meaning.

    Args:
        layout: name of the joint layout, see ``triad.modalities.skeleton.layouts``.

    Shapes: ``keypoints`` float32 ``[M, T, V, C]`` (C = 3: metres in the camera frame; C = 2: pixels), ``scores``
    float32 ``[M, T, V]`` in 0–1, ``pixels`` float32 ``[M, T, V, 2]`` where known (NaN where one is not), ``times``
    seconds ``[T]``, ``valid`` bool ``[T]``.

    Raises:
        InputError: If shapes or dtypes differ or a value is not finite.
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
            if array is not None and not (is_finite(array) or (name == "pixels" and not np.isinf(array).any())):
                fail(f"PoseClip.{name}", "be finite", "NaN or infinity", "mark lost joints by score 0")
            if array is not None and (implausible := find_implausible(array)) is not None:
                must = f"be within ±{MAX_COORDINATE:g} metres or pixels"
                fail(f"PoseClip.{name}", must, f"{implausible[1]:g}", "prepare again, which names the clip")
        check_times("PoseClip", self.times, self.valid, sizes["T"])
