"""What estimates, tracks and assembles poses: from frames to people, from people to tracks, from tracks to ``Poses``.

All of it works chunk by chunk, in memory that does not grow with the video::

    estimator = build_pose_estimator(detector="yolox_nano.onnx", weights="simplepose_coco17.onnx")
    tracker = Tracker(estimator.layout)            # one a video
    seen = []
    for frames in chunks:                          # uint8 [T, H, W, 3], RGB, in the order of the video
        seen += tracker(estimator(frames))         # one Tracked a frame, people with the ids of their tracks
    poses = assemble(seen, layout=estimator.layout, persons=2).poses

Who works live keeps the last frames of ``seen`` and assembles each window when it is due: ``assemble`` is a pure
function of the frames it is given.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np

from modalities.checks import check_shape, fail, is_finite


@dataclass(frozen=True)
class FramePoses:
    """The people of one frame.

    Args:
        keypoints: pixels ``(x, y)`` of the frame as it was given.
        scores: confidence of each joint, 0 where the joint is lost.
        boxes: pixels ``(x1, y1, x2, y2)`` of where the detector saw each.
        box_scores: the detector's confidence, 0–1.

    Shapes: float32 ``[N, V, 2]``, ``[N, V]``, ``[N, 4]``, ``[N]``; ``N`` may be 0.

    Raises:
        InputError: if shapes or dtypes do not fit, or a value is NaN or infinite.
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
                fail(f"FramePoses.{name}", "be finite", "NaN or infinity", "mark lost joints by score 0")

    def __len__(self) -> int:
        return len(self.boxes)


class TrackedPoses(NamedTuple):
    """The people of one frame, and who they are.

    Attributes:
        people: of the frame.
        ids: int64 ``[N]``: the number of each one's track, from 0 in the order in which tracks begin.
    """

    people: FramePoses
    ids: np.ndarray


class Detections(NamedTuple):
    """Where people are in one frame.

    Attributes:
        boxes: float32 ``[N, 4]``, pixels ``(x1, y1, x2, y2)``, the surest first.
        scores: float32 ``[N]``, 0–1.
    """

    boxes: np.ndarray
    scores: np.ndarray


class PersonDetector(Protocol):
    """From consecutive frames to where people are in each; what a call gives does not depend on earlier ones.

    Attributes:
        provenance: everything that decides the result: settings, SHA-256 of the weights, versions.

    Shapes of ``__call__``: uint8 ``[T, H, W, 3]``, RGB -> one :class:`Detections` a frame.
    """

    @property
    def provenance(self) -> dict[str, Any]: ...

    def __call__(self, frames: np.ndarray) -> list[Detections]: ...


class PoseModel(Protocol):
    """From frames and boxes to the joints of whoever is in each box (top-down).

    Attributes:
        layout: name of the joint layout.
        provenance: everything that decides the result.

    Shapes of ``__call__``: uint8 ``[T, H, W, 3]``, RGB; ``T`` arrays float32 ``[N, 4]``, ``N`` of each frame ->
    ``T`` pairs of float32 ``[N, V, 2]``, pixels of the frame, and ``[N, V]``.
    """

    layout: str

    @property
    def provenance(self) -> dict[str, Any]: ...

    def __call__(self, frames: np.ndarray, boxes: list[np.ndarray]) -> list[tuple[np.ndarray, np.ndarray]]: ...


class PoseEstimator(Protocol):
    """From consecutive frames to the people in each; what a call gives does not depend on earlier ones.

    Attributes:
        name: of the estimator; its stream is ``pose_<name>``.
        layout: name of the joint layout.
        provenance: everything that decides the result: settings, SHA-256 of all weights, versions.

    Shapes of ``__call__``: uint8 ``[T, H, W, 3]``, RGB -> one :class:`FramePoses` a frame.
    """

    name: str
    layout: str

    @property
    def provenance(self) -> dict[str, Any]: ...

    def __call__(self, frames: np.ndarray) -> list[FramePoses]: ...


class PoseTracker(Protocol):
    """Gives the people of each frame the ids of their tracks; one object a video, fed in the order of its frames.

    It remembers the people of the last frames only, and the same people give the same ids however they are cut into
    calls.

    Attributes:
        provenance: its settings.
    """

    @property
    def provenance(self) -> dict[str, Any]: ...

    def __call__(self, people: list[FramePoses]) -> list[TrackedPoses]: ...
