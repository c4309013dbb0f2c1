"""Pose estimators from the names and files that a user gives."""

from __future__ import annotations

import re
from pathlib import Path

from modalities.checks import fail
from modalities.skeleton.pose_estimation.detectors import FrameSkippingDetector, WholeFrame, Yolox
from modalities.skeleton.pose_estimation.download_hints import DETECTOR_CURE, POSE_CURE
from modalities.skeleton.pose_estimation.interfaces import PersonDetector, PoseModel
from modalities.skeleton.pose_estimation.onnx_pose import OnnxPose
from modalities.skeleton.pose_estimation.top_down import TopDown

WHOLE_FRAME = "whole_frame"


def build_pose_estimator(
    name: str,
    *,
    weights: str | Path | None,
    detector: str | Path | None,
    config: str | Path | None = None,
    detector_weights: str | Path | None = None,
    every: int = 1,
    device: str = "cpu",
) -> TopDown:
    """An estimator out of a detector and a top-down pose model.

    Args:
        name: of the estimator, free to choose; its stream is ``pose_<name>``.
        weights: an ONNX file, or, with ``config``, an mmpose checkpoint.
        detector: an ONNX file of a YOLOX, the name of a detector of torchvision, or ``whole_frame``.
        config: of mmpose, the ``.py`` file that belongs to its checkpoint.
        detector_weights: file of torchvision's detector.
        every: from one detection to the next, frames; see :class:`FrameSkippingDetector`.
        device: where it runs, ``cpu`` or ``cuda``.

    Raises:
        InputError: if a file is missing or another one, or the options do not go together.
    """
    if not re.fullmatch(r"[A-Za-z0-9_]+", name):
        fail("--pose", "be a name of letters, digits and _, which its stream will have", f"'{name}'")
    if weights is None:
        fail(f"weights of pose estimator '{name}'", "be given", "none", POSE_CURE)
    if detector is None:
        fail(f"detector of pose estimator '{name}'", "be given", "none", DETECTOR_CURE)
    finds = build_detector(str(detector), weights=detector_weights, device=device)
    return TopDown(
        finds if every == 1 else FrameSkippingDetector(finds, every=every),
        build_pose_model(weights, config=config, device=device),
        name=name,
    )


def build_pose_model(weights: str | Path, *, config: str | Path | None, device: str) -> PoseModel:
    """mmpose's where there is a config, else onnxruntime's."""
    if config is None:
        return OnnxPose(weights, device=device)
    from modalities.skeleton.pose_estimation.mmpose_pose import MmposePose

    return MmposePose(config, weights, device=device)


def build_detector(detector: str, *, weights: str | Path | None, device: str) -> PersonDetector:
    """By name or file."""
    from_file = detector.endswith(".onnx") or Path(detector).exists()
    if weights is not None and (from_file or detector == WHOLE_FRAME):
        fail("--detector-weights", "be left out unless --detector is a name of torchvision's", f"'{weights}'")
    if detector == WHOLE_FRAME:
        return WholeFrame()
    if from_file:
        return Yolox(detector, device=device)
    from modalities.skeleton.pose_estimation.detectors.torchvision_detector import TorchvisionDetector

    return TorchvisionDetector(detector, weights=weights, device=device)
