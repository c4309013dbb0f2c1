"""Interface of flow estimators."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

from triad.modalities.checks import check_shape, fail

VideoFlow = Callable[[np.ndarray], np.ndarray]
"""Function from consecutive frames of one video to their flow; the first frame of a call is the last one of the call
before."""


class FlowEstimator(Protocol):
    """Estimator of the flow between consecutive frames.

    Attributes:
        name: name of the estimator; its stream is ``flow_<name>``.
        provenance: everything that decides the result: settings, SHA-256 of the weights, versions of the libraries.

    Shapes of ``__call__``: uint8 ``[T, H, W, 3]``, RGB -> float32 ``[T−1, H, W, 2]``, pixels per frame interval.
    """

    name: str

    @property
    def provenance(self) -> dict[str, Any]: ...

    def open(self) -> VideoFlow:
        """Return the function for one video; it may keep state from call to call, such as the last flow."""
        ...

    def __call__(self, frames: np.ndarray) -> np.ndarray: ...


def check_frames(frames: np.ndarray) -> tuple[int, int, int]:
    """Return number, height and width of the frames.

    Raises:
        InputError: If they are not uint8 ``[T, H, W, 3]`` with at least two of them.
    """
    sizes = check_shape("frames", frames, ["T", "H", "W", 3])
    if frames.dtype != np.uint8:
        fail("frames", "be uint8", frames.dtype)
    if sizes["T"] < 2:
        fail("frames", "be two or more, because flow leads from one to the next", sizes["T"])
    return sizes["T"], sizes["H"], sizes["W"]
