"""A detector and a pose model as one estimator."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from triad.modalities.checks import check_shape, fail
from triad.modalities.skeleton.pose_estimation.interfaces import FramePoses, PersonDetector, PoseModel


class TopDown:
    """Finds persons, then the joints of each.

    See :class:`triad.modalities.skeleton.pose_estimation.interfaces.PoseEstimator`.

    Args:
        detector: detector of persons.
        model: model of their joints.
        name: name of the estimator; its stream is ``pose_<name>``.

    Raises:
        InputError: If called, if frames are not uint8 ``[T, H, W, 3]``.
    """

    def __init__(self, detector: PersonDetector, model: PoseModel, *, name: str) -> None:
        self.detector = detector
        self.model = model
        self.name = name
        self.layout = model.layout

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
        detections = self.detector(frames)
        joints = self.model(frames, [frame_detections.boxes for frame_detections in detections])
        return [
            FramePoses(keypoints, scores, boxes, box_scores)
            for (keypoints, scores), (boxes, box_scores) in zip(joints, detections, strict=True)
        ]
