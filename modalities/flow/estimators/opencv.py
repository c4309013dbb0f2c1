"""OpenCV's flow estimators on greyscale: a table of thin adapters.

- ``dis``: Kroeger et al. 2016, Fast Optical Flow using Dense Inverse Search; preset medium.
- ``farneback``: Farnebäck 2003, Two-Frame Motion Estimation Based on Polynomial Expansion.
- ``tvl1``: Zach et al. 2007, A Duality Based Approach for Realtime TV-L1 Optical Flow.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np

from modalities.checks import check_choice, fail
from modalities.flow.estimator import check_frames

Pair = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""From two greyscale frames uint8 ``[H, W]`` to flow float32 ``[H, W, 2]``."""


# in the order of OpenCV's arguments
FARNEBACK = {"scale": 0.5, "levels": 5, "window": 13, "iterations": 10, "poly_n": 5, "poly_sigma": 1.1}


def _dis() -> Pair:
    dis = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)  # type: ignore[attr-defined]
    return lambda first, second: dis.calc(first, second, None)


def _farneback() -> Pair:
    def pair(first: np.ndarray, second: np.ndarray) -> np.ndarray:
        flow = np.zeros((*first.shape, 2), np.float32)
        return cv2.calcOpticalFlowFarneback(first, second, flow, *FARNEBACK.values(), 0)  # type: ignore[call-overload]

    return pair


def _tvl1() -> Pair:
    tvl1 = cv2.optflow.DualTVL1OpticalFlow_create()  # type: ignore[attr-defined]
    return lambda first, second: tvl1.calc(first, second, None)


# how to build it, its settings, and the smallest side of a frame: below 16 OpenCV 4.13's DIS ends the process
METHODS: dict[str, tuple[Callable[[], Pair], dict[str, Any], int]] = {
    "dis": (_dis, {"preset": "medium", "input": "grey"}, 16),
    "farneback": (_farneback, {**FARNEBACK, "input": "grey"}, 1),
    "tvl1": (_tvl1, {"preset": "default", "input": "grey"}, 1),
}


class OpencvFlow:
    """One of OpenCV's estimators, see :class:`modalities.flow.estimator.FlowEstimator`.

    Args:
        name: ``dis``, ``farneback`` or ``tvl1``.

    Raises:
        InputError: for another name; when called, if a frame is too small for the method.
    """

    def __init__(self, name: str) -> None:
        self.name = check_choice("OpenCV flow estimator", name, METHODS)
        build, self.settings, self.smallest = METHODS[name]
        self._pair = build()

    @property
    def provenance(self) -> dict[str, Any]:
        return {"estimator": self.name, "settings": self.settings, "versions": {"opencv": cv2.__version__}}

    def open(self) -> OpencvFlow:
        return self  # nothing carries over

    def __call__(self, frames: np.ndarray) -> np.ndarray:
        num, height, width = check_frames(frames)
        if min(height, width) < self.smallest:
            fail(f"frames for '{self.name}'", f"have sides of at least {self.smallest} pixels", f"{height} × {width}")
        flow = np.empty((num - 1, height, width, 2), np.float32)
        first = cv2.cvtColor(frames[0], cv2.COLOR_RGB2GRAY)
        for number in range(num - 1):
            second = cv2.cvtColor(frames[number + 1], cv2.COLOR_RGB2GRAY)
            flow[number] = self._pair(first, second)
            first = second
        return flow
