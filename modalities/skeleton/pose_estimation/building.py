"""Pose estimators from the names and files that a user gives."""

from __future__ import annotations

import re
from pathlib import Path

from triad.modalities.checks import fail
from triad.modalities.skeleton.pose_estimation.download_hints import DETECTOR_CURE, POSE_CURE
from triad.modalities.skeleton.pose_estimation.interfaces import PersonDetector, PoseEstimator, PoseModel
from triad.modalities.skeleton.pose_estimation.top_down import TopDown

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
) -> PoseEstimator:
    """Return an estimator of a detector and a top-down pose model, or a one-stage one without a detector.

    Args:
        name: name of the estimator, free to choose; its stream is ``pose_<name>``.
        weights: path of an ONNX file or, with ``config``, of an mmpose checkpoint.
        detector: path of a YOLOX or RTMDet as ONNX, name of one of torchvision's detectors, or ``whole_frame``; None
            for a one-stage model, which finds persons itself.
        config: path of mmpose's config that belongs to the checkpoint.
        detector_weights: path of the weights of torchvision's detector.
        every: number of frames from one detection to the next, see
            :class:`triad.modalities.skeleton.pose_estimation.detectors.FrameSkippingDetector`.
        device: ``cpu`` or ``cuda``; ONNX files run on the CPU where onnxruntime has no CUDA.

    Raises:
        InputError: If a file is missing or another one, or the options do not fit together.
    """
    if not re.fullmatch(r"[A-Za-z0-9_]+", name):
        fail("--pose", "be a name of letters, digits and _, which its stream will have", f"'{name}'")
    if weights is None:
        fail(f"weights of pose estimator '{name}'", "be given", "none", POSE_CURE)
    if detector is None:
        if config is not None or detector_weights is not None or every != 1:
            fail(f"detector of pose estimator '{name}'", "be given", "none", DETECTOR_CURE)
        from triad.modalities.onnx_model import usable_device
        from triad.modalities.skeleton.pose_estimation.one_stage import OneStagePose

        return OneStagePose(weights, name=name, device=usable_device(device))
    person_detector = build_detector(str(detector), weights=detector_weights, device=device)
    if every != 1:
        from triad.modalities.skeleton.pose_estimation.detectors.frame_skipping import FrameSkippingDetector

        person_detector = FrameSkippingDetector(person_detector, every=every)
    return TopDown(person_detector, build_pose_model(weights, config=config, device=device), name=name)


def build_pose_model(weights: str | Path, *, config: str | Path | None, device: str) -> PoseModel:
    """Return mmpose's model where there is a config, else one that onnxruntime runs."""
    if config is None:
        from triad.modalities.onnx_model import usable_device
        from triad.modalities.skeleton.pose_estimation.onnx_pose import OnnxPose

        return OnnxPose(weights, device=usable_device(device))
    from triad.modalities.skeleton.pose_estimation.mmpose_pose import MmposePose

    return MmposePose(config, weights, device=device)


def build_detector(detector: str, *, weights: str | Path | None, device: str) -> PersonDetector:
    """Return the detector of a name or file."""
    is_file = detector.endswith(".onnx") or Path(detector).exists()
    if weights is not None and (is_file or detector == WHOLE_FRAME):
        fail("--detector-weights", "be left out unless --detector is a name of torchvision's", f"'{weights}'")
    if detector == WHOLE_FRAME:
        from triad.modalities.skeleton.pose_estimation.detectors.whole_frame import WholeFrame

        return WholeFrame()
    if is_file:
        from triad.modalities.detection.end_to_end import EndToEndDetector, is_end_to_end
        from triad.modalities.detection.yolox import Yolox
        from triad.modalities.onnx_model import usable_device

        onnx_detector = EndToEndDetector if is_end_to_end(detector) else Yolox
        return onnx_detector(detector, device=usable_device(device))
    from triad.modalities.detection.torchvision_detector import TorchvisionDetector

    return TorchvisionDetector(detector, weights=weights, device=device)
