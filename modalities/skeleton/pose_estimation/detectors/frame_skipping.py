"""Looking at some frames only: people move little from frame to frame, and finding them is most of the work."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment

from modalities.checks import fail
from modalities.skeleton.pose_estimation.detectors.nms import overlaps
from modalities.skeleton.pose_estimation.interfaces import Detections, PersonDetector

SAME = 0.3
"""Boxes of two looks are one person's from this overlap on, the share of their union."""


class FrameSkippingDetector:
    """A detector that looks at the first frame of a call, every n-th after it, and the last one.

    Between two looks the box of a person who is in both goes in a straight line; whoever is in one only stays where
    they are in the half that is nearer to it.

    Args:
        detector: that looks.
        every: from one look to the next, frames.

    Raises:
        InputError: if ``every`` is below 2, which the detector does by itself.
    """

    def __init__(self, detector: PersonDetector, *, every: int) -> None:
        if every < 2:
            fail("frames from one detection to the next", "be 2 or more", every)
        self.detector, self.every = detector, every

    @property
    def provenance(self) -> dict[str, Any]:
        return {**self.detector.provenance, "every": {"frames": self.every, "same": SAME}}

    def __call__(self, frames: np.ndarray) -> list[Detections]:
        if not len(frames):
            return []
        last = len(frames) - 1
        looks = [*range(0, last, self.every), last]
        seen = self.detector(frames[looks])
        found = [seen[0]]
        for number in range(1, len(looks)):
            length = looks[number] - looks[number - 1]
            found += [between(seen[number - 1], seen[number], step / length) for step in range(1, length)]
            found.append(seen[number])
        return found


def between(before: Detections, after: Detections, share: float) -> Detections:
    """Who is where at ``share`` of the time from one look to the next, 0–1; the surest first."""
    alike = overlaps(before.boxes, after.boxes)  # [N, K]
    rows, columns = linear_sum_assignment(alike, maximize=True)
    same = alike[rows, columns] >= SAME
    rows, columns = rows[same], columns[same]
    near, paired = (before, rows) if share <= 0.5 else (after, columns)
    alone = np.setdiff1d(np.arange(len(near.boxes)), paired)
    weight = np.float32(share)
    boxes = (1 - weight) * before.boxes[rows] + weight * after.boxes[columns]
    scores = (1 - weight) * before.scores[rows] + weight * after.scores[columns]
    boxes, scores = np.concatenate([boxes, near.boxes[alone]]), np.concatenate([scores, near.scores[alone]])
    order = np.argsort(-scores, kind="stable")
    return Detections(boxes[order], scores[order])
