"""Files and estimators that a user gives beside a video."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class ExternalInputs:
    """Files and estimators that a user gives beside a video.

    Args:
        flow_weights: file of weights, where a flow estimator has some.
        pose: pose estimator, see :class:`triad.modalities.skeleton.pose_estimation.interfaces.PoseEstimator`.
        objects: detector of objects, see :class:`triad.modalities.objects.detector.ObjectDetector`.
        lifter: lifter of estimated 2D joints to 3D, see :class:`triad.modalities.skeleton.lifting.interfaces.Lifter`.
        skeleton: poses that were measured elsewhere, for every stream of poses without a file of its own: a file or
            folder of any known format, or a :class:`triad.modalities.skeleton.readers.SkeletonRecording`. Where poses
            are estimated too, 2D streams named ``pose_…`` are estimated.
        skeleton_fps: poses a second of that file, where its poses are not those of the frames one by one.
        skeleton_settings: what the user says about files of joints, see
            :class:`triad.modalities.skeleton.measured_poses.FileSettings`; None for nothing.
        device: device of learned estimators.
        files: recorded files of streams, by the name that an index gives the stream.
        flow_estimators: estimators of flow by name, which several videos share.
        has_frames: whether there is a video; without one all streams come from files.
    """

    flow_weights: Path | None = None
    pose: Any = None
    objects: Any = None
    lifter: Any = None
    skeleton: Any = None
    skeleton_fps: float | None = None
    skeleton_settings: Any = None
    device: str = "cpu"
    files: Mapping[str, Path] = field(default_factory=dict)
    flow_estimators: dict[str, Any] = field(default_factory=dict)
    has_frames: bool = True
