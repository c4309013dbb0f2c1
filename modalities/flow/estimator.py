"""The contract of everything that makes flow from frames."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

from modalities.checks import check_shape, fail

FlowOfVideo = Callable[[np.ndarray], np.ndarray]
"""The flow of one video in several calls; the first frame of each is the last one of the call before."""


class FlowEstimator(Protocol):
    """From consecutive frames to the flow between each and the next.

    Attributes:
        name: of the estimator; its stream is ``flow_<name>``.
        provenance: everything that decides the result: settings, SHA-256 of the weights, versions of the libraries.

    Shapes of ``__call__``: uint8 ``[T, H, W, 3]``, RGB -> float32 ``[T−1, H, W, 2]``, pixels per frame interval.
    """

    name: str

    @property
    def provenance(self) -> dict[str, Any]: ...

    def open(self) -> FlowOfVideo:
        """For one video: what may carry over from call to call, such as its flow so far, never leaves it."""
        ...

    def __call__(self, frames: np.ndarray) -> np.ndarray: ...


def check_frames(frames: np.ndarray) -> tuple[int, int, int]:
    """Number, height and width of frames fit for an estimator.

    Raises:
        InputError: if they are not uint8 ``[T, H, W, 3]`` with at least two of them.
    """
    sizes = check_shape("frames", frames, ["T", "H", "W", 3])
    if frames.dtype != np.uint8:
        fail("frames", "be uint8", frames.dtype)
    if sizes["T"] < 2:
        fail("frames", "be two or more, because flow leads from one to the next", sizes["T"])
    return sizes["T"], sizes["H"], sizes["W"]
