"""OpenCV's flow estimators on greyscale frames.

- ``dis``: Kroeger et al. 2016, Fast Optical Flow using Dense Inverse Search; preset medium.
- ``farneback``: Farnebäck 2003, Two-Frame Motion Estimation Based on Polynomial Expansion.
- ``tvl1``: Zach et al. 2007, A Duality Based Approach for Realtime TV-L1 Optical Flow.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import cv2
import numpy as np

from triad.modalities.checks import check_choice, fail
from triad.modalities.flow.estimators.interfaces import check_frames

PairFlow = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""Function from two greyscale frames, uint8 ``[H, W]``, to the flow between them, float32 ``[H, W, 2]``."""

# in the order of OpenCV's arguments
FARNEBACK = {"scale": 0.5, "levels": 5, "window": 13, "iterations": 10, "poly_n": 5, "poly_sigma": 1.1}


class Method(NamedTuple):
    """Method of OpenCV.

    Attributes:
        build: constructor of its function.
        settings: settings of the method, as the provenance names them.
        min_size: smallest height and width of a frame, pixels.
    """

    build: Callable[[], PairFlow]
    settings: dict[str, Any]
    min_size: int


def _build_dis() -> PairFlow:
    dis = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)  # type: ignore[attr-defined]
    return lambda first, second: dis.calc(first, second, None)


def _build_farneback() -> PairFlow:
    def compute(first: np.ndarray, second: np.ndarray) -> np.ndarray:
        flow = np.zeros((*first.shape, 2), np.float32)
        return cv2.calcOpticalFlowFarneback(first, second, flow, *FARNEBACK.values(), 0)  # type: ignore[call-overload]

    return compute


def _build_tvl1() -> PairFlow:
    if not hasattr(cv2, "optflow"):
        cure = "pip uninstall -y opencv-python-headless; pip install --force-reinstall --no-deps opencv-contrib-python"
        fail("OpenCV of tvl1", "have its contributed modules", f"{cv2.__version__} without them", cure)
    tvl1 = cv2.optflow.DualTVL1OpticalFlow_create()  # type: ignore[attr-defined]
    return lambda first, second: tvl1.calc(first, second, None)


METHODS: dict[str, Method] = {
    # with a side below 16, DIS of OpenCV 4.13 ends the process
    "dis": Method(_build_dis, {"preset": "medium", "input": "grey"}, min_size=16),
    "farneback": Method(_build_farneback, {**FARNEBACK, "input": "grey"}, min_size=1),
    "tvl1": Method(_build_tvl1, {"preset": "default", "input": "grey"}, min_size=1),
}


class OpencvFlow:
    """Estimator of OpenCV, see :class:`triad.modalities.flow.estimators.FlowEstimator`.

    Args:
        name: ``dis``, ``farneback`` or ``tvl1``.

    Raises:
        InputError: for another name; when called, if a frame is too small for the method.
    """

    def __init__(self, name: str) -> None:
        self.name = check_choice("OpenCV flow estimator", name, METHODS)
        method = METHODS[name]
        self.settings = method.settings
        self.min_size = method.min_size
        self._compute = method.build()

    @property
    def provenance(self) -> dict[str, Any]:
        return {"estimator": self.name, "settings": self.settings, "versions": {"opencv": cv2.__version__}}

    def open(self) -> OpencvFlow:
        return self  # without state

    def __call__(self, frames: np.ndarray) -> np.ndarray:
        num, height, width = check_frames(frames)
        if min(height, width) < self.min_size:
            fail(f"frames for '{self.name}'", f"have sides of at least {self.min_size} pixels", f"{height} × {width}")
        flow = np.empty((num - 1, height, width, 2), np.float32)
        first = cv2.cvtColor(frames[0], cv2.COLOR_RGB2GRAY)
        for number in range(num - 1):
            second = cv2.cvtColor(frames[number + 1], cv2.COLOR_RGB2GRAY)
            flow[number] = self._compute(first, second)
            first = second
        return flow
