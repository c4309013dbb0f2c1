"""Detection in some frames only: people move little from frame to frame, and detection is most of the work."""

from __future__ import annotations

from typing import Any

import numpy as np

from triad.modalities.checks import fail
from triad.modalities.detection import Detections
from triad.modalities.skeleton.pose_estimation.boxes import box_iou
from triad.modalities.skeleton.pose_estimation.interfaces import PersonDetector
from triad.modalities.skeleton.pose_estimation.matching import match_pairs

SAME_PERSON_IOU = 0.3
"""Intersection over union from which boxes of two detections are of one person."""


class FrameSkippingDetector:
    """Runs a detector on the first frame of a call, every n-th after it, and the last one.

    In the frames between two detections, the box of a person who is in both moves along a straight line. A person who
    is in one of them only keeps the box in the half of the frames that is nearer to it.

    Args:
        detector: detector to run.
        every: number of frames from one detection to the next.

    Raises:
        InputError: If ``every`` is below 2, which the detector does by itself.
    """

    def __init__(self, detector: PersonDetector, *, every: int) -> None:
        if every < 2:
            fail("frames from one detection to the next", "be 2 or more", every)
        self.detector = detector
        self.every = every

    @property
    def provenance(self) -> dict[str, Any]:
        return {**self.detector.provenance, "every": {"frames": self.every, "same": SAME_PERSON_IOU}}

    def __call__(self, frames: np.ndarray) -> list[Detections]:
        if not len(frames):
            return []
        last = len(frames) - 1
        key_frames = [*range(0, last, self.every), last]
        key_detections = self.detector(frames[key_frames])
        detections = [key_detections[0]]
        for number in range(1, len(key_frames)):
            length = key_frames[number] - key_frames[number - 1]
            before = key_detections[number - 1]
            after = key_detections[number]
            detections += [interpolate(before, after, step / length) for step in range(1, length)]
            detections.append(after)
        return detections


def interpolate(before: Detections, after: Detections, weight: float) -> Detections:
    """Return the detections at a time between two others, by descending score.

    Args:
        before: detections at the first time.
        after: detections at the second time.
        weight: fraction of the time from the first to the second, 0–1.
    """
    rows, columns = match_pairs(box_iou(before.boxes, after.boxes), minimum=SAME_PERSON_IOU)
    nearer, nearer_rows = (before, rows) if weight <= 0.5 else (after, columns)
    unmatched = np.setdiff1d(np.arange(len(nearer.boxes)), nearer_rows)
    factor = np.float32(weight)
    boxes = (1 - factor) * before.boxes[rows] + factor * after.boxes[columns]
    scores = (1 - factor) * before.scores[rows] + factor * after.scores[columns]
    boxes = np.concatenate([boxes, nearer.boxes[unmatched]])
    scores = np.concatenate([scores, nearer.scores[unmatched]])
    order = np.argsort(-scores, kind="stable")
    return Detections(boxes[order], scores[order])
