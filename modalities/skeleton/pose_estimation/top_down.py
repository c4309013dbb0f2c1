"""A detector and a pose model as one estimator."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from modalities.checks import check_shape, fail
from modalities.skeleton.pose_estimation.interfaces import FramePoses, PersonDetector, PoseModel


class TopDown:
    """Finds people, then each one's joints; see :class:`modalities.skeleton.pose_estimation.interfaces.PoseEstimator`.

    Args:
        detector: finds people.
        model: finds their joints.
        name: of the estimator; its stream is ``pose_<name>``.

    Raises:
        InputError: when called, if frames are not uint8 ``[T, H, W, 3]``.
    """

    def __init__(self, detector: PersonDetector, model: PoseModel, *, name: str) -> None:
        self.detector, self.model, self.name, self.layout = detector, model, name, model.layout

    @property
    def provenance(self) -> dict[str, Any]:
        versions = {"opencv": cv2.__version__, "numpy": np.__version__}
        return {
            "layout": self.layout,
            "pose": self.model.provenance,
            "detection": self.detector.provenance,
            "versions": versions,
        }

    def __call__(self, frames: np.ndarray) -> list[FramePoses]:
        check_shape("frames", frames, ["T", "H", "W", 3])
        if frames.dtype != np.uint8:
            fail("frames", "be uint8", frames.dtype)
        if not len(frames):
            return []
        found = self.detector(frames)
        joints = self.model(frames, [each.boxes for each in found])
        return [FramePoses(*pair, each.boxes, each.scores) for pair, each in zip(joints, found, strict=True)]
