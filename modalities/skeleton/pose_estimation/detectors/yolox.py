"""YOLOX from an ONNX file: Ge et al. 2021, YOLOX: Exceeding YOLO Series in 2021."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np

from modalities.checks import fail
from modalities.skeleton.pose_estimation.detectors.nms import MAX_IOU, MIN_SCORE, non_maximum_suppression
from modalities.skeleton.pose_estimation.download_hints import YOLOX_CURE
from modalities.skeleton.pose_estimation.interfaces import Detections
from modalities.skeleton.pose_estimation.onnx_model import OnnxModel

STRIDES = (8, 16, 32)
GREY = 114
MAX_LOG_SIZE = 20.0
"""Largest logarithm of a box's side in strides. Larger numbers are pixels: the network decodes its boxes itself."""


class Yolox:
    """Detector of COCO's first class, see :class:`modalities.skeleton.pose_estimation.interfaces.PersonDetector`.

    Args:
        weights: path of an ONNX file of any YOLOX as its authors export it: output ``[B, cells, 5 + classes]``, not
            decoded.
        device: ``cpu`` or ``cuda``.
        min_score: lowest score of a person.

    Raises:
        InputError: If the file is missing or another network.
    """

    def __init__(self, weights: str | Path, *, device: str = "cpu", min_score: float = MIN_SCORE) -> None:
        self.min_score = min_score
        self.model = OnnxModel(weights, subject="detector weights", cure=YOLOX_CURE, device=device)
        self.grid, self.strides = make_grid(self.model.size_hw)
        rows = self.model(np.zeros((1, 3, *self.model.size_hw), np.float32))[0]
        if len(self.model.outputs) != 1 or rows.ndim != 3 or rows.shape[1] != len(self.grid) or rows.shape[2] < 6:
            must = f"give [B, {len(self.grid)}, 5 + classes] as YOLOX does"
            fail(f"detector weights '{weights}'", must, f"{self.model.outputs} {list(rows.shape)}", YOLOX_CURE)
        if np.abs(rows[..., 2:4]).max() > MAX_LOG_SIZE:
            cure = "export it without --decode_in_inference"
            fail(f"detector weights '{weights}'", "give boxes that are not decoded", "sides in pixels", cure)

    @property
    def provenance(self) -> dict[str, Any]:
        settings = {"least": self.min_score, "overlap": MAX_IOU}
        return {"detector": "yolox", "settings": settings, **self.model.provenance}

    def __call__(self, frames: np.ndarray) -> list[Detections]:
        images = np.stack([letterbox(frame, self.model.size_hw) for frame in frames])
        (outputs,) = self.model(images)
        scale = np.float32(letterbox_scale(frames.shape[1:3], self.model.size_hw))
        detections = []
        for rows in outputs:
            scores = rows[:, 4] * rows[:, 5]  # of an object, and of a person if it is one
            cells = np.flatnonzero(scores >= self.min_score)
            boxes = decode_boxes(rows[cells], self.grid[cells], self.strides[cells]) / scale
            detections.append(non_maximum_suppression(boxes, scores[cells], frames.shape[1:3]))
        return detections


def letterbox_scale(frame_hw: tuple[int, ...], size_hw: tuple[int, int]) -> float:
    """Return the factor from pixels of the frame to those of the network's input."""
    return min(size_hw[0] / frame_hw[0], size_hw[1] / frame_hw[1])


def letterbox(frame: np.ndarray, size_hw: tuple[int, int]) -> np.ndarray:
    """Return the frame in the upper left of a grey square, scaled to touch two of its sides; BGR from 0 to 255.

    Shapes: uint8 ``[H, W, 3]``, RGB -> float32 ``[3, h, w]``.
    """
    scale = letterbox_scale(frame.shape[:2], size_hw)
    height, width = (max(int(side * scale), 1) for side in frame.shape[:2])
    square = np.full((*size_hw, 3), GREY, np.uint8)
    square[:height, :width] = cv2.resize(frame, (width, height), interpolation=cv2.INTER_LINEAR)
    return square[..., ::-1].transpose(2, 0, 1).astype(np.float32)


def make_grid(size_hw: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Return column and row of each cell, and its stride, fine cells first.

    Shapes: float32 ``[cells, 2]`` and ``[cells, 1]``.
    """
    grids = []
    strides = []
    for stride in STRIDES:
        rows = size_hw[0] // stride
        columns = size_hw[1] // stride
        y, x = np.mgrid[:rows, :columns]
        grids.append(np.stack([x, y], -1).reshape(-1, 2))
        strides.append(np.full((rows * columns, 1), stride))
    return np.concatenate(grids).astype(np.float32), np.concatenate(strides).astype(np.float32)


def decode_boxes(rows: np.ndarray, grid: np.ndarray, strides: np.ndarray) -> np.ndarray:
    """Return boxes in pixels of the input ``(x1, y1, x2, y2)`` from offsets and logarithmic sizes in strides.

    Args:
        rows: outputs of cells, of which the first four numbers are read.
        grid: column and row of each cell.
        strides: stride of each cell, pixels.

    Shapes: ``[N, 5 + classes]``, ``[N, 2]``, ``[N, 1]`` -> float32 ``[N, 4]``.
    """
    center = (rows[:, :2] + grid) * strides
    half = np.exp(rows[:, 2:4]) * strides / 2
    return np.concatenate([center - half, center + half], 1)
