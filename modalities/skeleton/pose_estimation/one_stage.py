"""One-stage pose estimators, which find persons and their joints at once: RTMO and YOLO-pose as ONNX files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np

from triad.modalities.checks import check_shape, fail
from triad.modalities.detection.detector_input import GPU_BATCH_SIZE, letterbox, letterbox_scale
from triad.modalities.detection.nms import MAX_IOU, MIN_SCORE, suppress
from triad.modalities.detection.yolox import boxes_of_centers
from triad.modalities.onnx_model import OnnxModel
from triad.modalities.skeleton.pose_estimation.download_hints import DETECTOR_CURE, POSE_CURE
from triad.modalities.skeleton.pose_estimation.interfaces import FramePoses

NUM_JOINTS = 17
RTMO_OUTPUTS = {"dets", "keypoints"}


class OneStagePose:
    """Estimator that needs no detector.

    See :class:`triad.modalities.skeleton.pose_estimation.interfaces.PoseEstimator`. RTMO (Lu et al. 2024, RTMO: Towards
    High-Performance One-Stage Real-Time Multi-Person Pose Estimation) is read as mmdeploy exports it, YOLO-pose (Maji
    et al. 2022, YOLO-Pose: Enhancing YOLO for Multi Person Pose Estimation Using Object Keypoint Similarity Loss) as
    Ultralytics export YOLOv8 and YOLO11.

    Args:
        weights: path of an ONNX file with the outputs ``dets [B, N, 5]`` and ``keypoints [B, N, 17, 3]`` (RTMO), or one
            output ``[B, 56, cells]`` (YOLO-pose).
        name: name of the estimator; its stream is ``pose_<name>``.
        device: ``cpu`` or ``cuda``.

    Raises:
        InputError: If the file is missing or another network; if called, if frames are not uint8 ``[T, H, W, 3]``.
    """

    layout = "coco17"

    def __init__(self, weights: str | Path, *, name: str, device: str = "cpu") -> None:
        self.name = name
        max_batch_size = 1 if device == "cpu" else GPU_BATCH_SIZE
        self.model = OnnxModel(
            weights, subject="pose weights", cure=POSE_CURE, device=device, max_batch_size=max_batch_size
        )
        outputs = self.model.outputs_of_black()
        self.kind = one_stage_kind(self.model.outputs, outputs)
        if not self.kind:
            must = "be given, as the weights find joints in the crop of a person"
            fail(f"detector of pose estimator '{name}'", must, "none", DETECTOR_CURE)
        num_joints = (outputs[0].shape[1] - 5) // 3
        if self.kind == "rtmo":
            num_joints = outputs[self.model.outputs.index("keypoints")].shape[2]
        if num_joints != NUM_JOINTS:
            fail(f"pose weights '{weights}'", f"have COCO's {NUM_JOINTS} joints", num_joints, POSE_CURE)

    @property
    def provenance(self) -> dict[str, Any]:
        pose = {"model": self.kind, "settings": {"least": MIN_SCORE, "overlap": MAX_IOU}, **self.model.provenance}
        return {
            "layout": self.layout,
            "pose": pose,
            "versions": {"opencv": cv2.__version__, "numpy": np.__version__},
        }

    def __call__(self, frames: np.ndarray) -> list[FramePoses]:
        check_shape("frames", frames, ["T", "H", "W", 3])
        if frames.dtype != np.uint8:
            fail("frames", "be uint8", frames.dtype)
        poses = []
        for start in range(0, len(frames), self.model.batch_size):
            batch = frames[start : start + self.model.batch_size]
            images = np.stack([letterbox(frame, self.model.size_hw) for frame in batch])
            if self.kind == "yolo":  # trained on RGB from 0 to 1
                images = np.ascontiguousarray(images[:, ::-1]) / np.float32(255)
            outputs = self.model(images)
            poses += [self._read_persons(list(rows), frames.shape[1:3]) for rows in zip(*outputs, strict=True)]
        return poses

    def _read_persons(self, rows: list[np.ndarray], frame_hw: tuple[int, ...]) -> FramePoses:
        """Return the persons of a frame from the network's outputs for it."""
        outputs = dict(zip(self.model.outputs, rows, strict=True))
        boxes, scores, joints = read_rtmo(outputs) if self.kind == "rtmo" else read_yolo(*outputs.values())
        certain = (scores >= MIN_SCORE) & np.isfinite(boxes).all(1) & np.isfinite(joints).all((1, 2))
        boxes, scores, joints = boxes[certain], scores[certain], joints[certain]
        scale = np.float32(letterbox_scale(frame_hw, self.model.size_hw))
        boxes, kept = suppress(boxes / scale, np.zeros(len(boxes), np.int64), scores, frame_hw)
        return FramePoses(joints[kept, :, :2] / scale, np.clip(joints[kept, :, 2], 0, 1), boxes, scores[kept])


def one_stage_kind(names: list[str], outputs: list[np.ndarray]) -> str:
    """Return ``rtmo``, ``yolo``, or an empty text for a network of another kind.

    Args:
        names: names of the network's outputs.
        outputs: outputs for one image.
    """
    shapes = dict(zip(names, (array.shape for array in outputs), strict=True))
    if set(names) == RTMO_OUTPUTS:
        fits = len(shapes["keypoints"]) == 4 and shapes["dets"] == (*shapes["keypoints"][:2], 5)
        return "rtmo" if fits else ""
    (shape,) = shapes.values() if len(shapes) == 1 else ((),)
    return "yolo" if len(shape) == 3 and shape[1] > 5 and (shape[1] - 5) % 3 == 0 else ""


def read_rtmo(outputs: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return boxes, scores and joints of RTMO's outputs for one image.

    Shapes: ``dets [N, 5]``, ``keypoints [N, V, 3]`` -> ``[N, 4]``, ``[N]``, ``[N, V, 3]``.
    """
    rows = outputs["dets"]
    return rows[:, :4], rows[:, 4], outputs["keypoints"]


def read_yolo(output: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return boxes, scores and joints of the cells of YOLO-pose for one image.

    Shapes: ``[5 + 3 · V, N]`` -> ``[N, 4]``, ``[N]``, ``[N, V, 3]``.
    """
    rows = np.ascontiguousarray(output.T)
    return boxes_of_centers(rows[:, :2], rows[:, 2:4]), rows[:, 4], rows[:, 5:].reshape(len(rows), -1, 3)
