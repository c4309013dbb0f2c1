"""Interfaces of detectors, pose models and estimators, and the data that they exchange.

Everything works chunk by chunk, in memory that does not grow with the video::

    estimator = build_pose_estimator("rtmpose", detector="yolox_nano.onnx", weights="rtmpose.onnx")
    tracker = Tracker(estimator.layout)            # one a video
    tracked = []
    for frames in chunks:                          # uint8 [T, H, W, 3], RGB, in the order of the video
        tracked += tracker(estimator(frames))      # one TrackedPoses a frame: persons with the ids of their tracks
    poses = assemble(tracked, layout=estimator.layout, persons=2).poses

A live program keeps the last frames of ``tracked`` and assembles each window when it is due.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np

from triad.modalities.checks import check_shape, fail, is_finite
from triad.modalities.detection import Detections


@dataclass(frozen=True)
class FramePoses:
    """The persons of one frame.

    Args:
        keypoints: pixels ``(x, y)`` of the frame.
        scores: confidence of each joint, 0 where the joint is missing.
        boxes: the detector's boxes, pixels ``(x1, y1, x2, y2)``.
        box_scores: the detector's confidence, 0–1.

    Shapes: float32 ``[N, V, 2]``, ``[N, V]``, ``[N, 4]``, ``[N]``; ``N`` may be 0.

    Raises:
        InputError: If shapes or dtypes do not fit, or a value is NaN or infinite.
    """

    keypoints: np.ndarray
    scores: np.ndarray
    boxes: np.ndarray
    box_scores: np.ndarray

    def __post_init__(self) -> None:
        sizes = check_shape("FramePoses.keypoints", self.keypoints, ["N", "V", 2])
        check_shape("FramePoses.scores", self.scores, ["N", "V"], **sizes)
        check_shape("FramePoses.boxes", self.boxes, ["N", 4], **sizes)
        check_shape("FramePoses.box_scores", self.box_scores, ["N"], **sizes)
        for name, array in vars(self).items():
            if array.dtype != np.float32:
                fail(f"FramePoses.{name}", "be float32", array.dtype)
            if not is_finite(array):
                fail(f"FramePoses.{name}", "be finite", "NaN or infinity", "mark missing joints by score 0")

    def __len__(self) -> int:
        return len(self.boxes)


class TrackedPoses(NamedTuple):
    """The persons of one frame with the ids of their tracks.

    Attributes:
        poses: persons of the frame that have a track.
        track_ids: int64 ``[N]``: number of each person's track, from 0 in the order in which tracks begin.
    """

    poses: FramePoses
    track_ids: np.ndarray


class PersonDetector(Protocol):
    """Finds the persons in consecutive frames; the result of a call does not depend on earlier ones.

    Attributes:
        provenance: everything that decides the result: settings, SHA-256 of the weights, versions.

    Shapes of ``__call__``: uint8 ``[T, H, W, 3]``, RGB -> one :class:`Detections` a frame.
    """

    @property
    def provenance(self) -> dict[str, Any]: ...

    def __call__(self, frames: np.ndarray) -> list[Detections]: ...


class PoseModel(Protocol):
    """Finds the joints of the person in each box (top-down).

    Attributes:
        layout: name of the joint layout.
        provenance: everything that decides the result.

    Shapes of ``__call__``: uint8 ``[T, H, W, 3]``, RGB; ``T`` arrays float32 ``[N, 4]``, ``N`` of each frame ->
    ``T`` pairs of float32 ``[N, V, 2]``, pixels of the frame, and scores ``[N, V]``.
    """

    layout: str

    @property
    def provenance(self) -> dict[str, Any]: ...

    def __call__(self, frames: np.ndarray, boxes: list[np.ndarray]) -> list[tuple[np.ndarray, np.ndarray]]: ...


class PoseEstimator(Protocol):
    """Finds the persons and their joints in consecutive frames; the result of a call does not depend on earlier ones.

    Attributes:
        name: name of the estimator; its stream is ``pose_<name>``.
        layout: name of the joint layout.
        provenance: everything that decides the result: settings, SHA-256 of all weights, versions.

    Shapes of ``__call__``: uint8 ``[T, H, W, 3]``, RGB -> one :class:`FramePoses` a frame.
    """

    name: str
    layout: str

    @property
    def provenance(self) -> dict[str, Any]: ...

    def __call__(self, frames: np.ndarray) -> list[FramePoses]: ...
