"""YOLOX from an ONNX file: Ge et al. 2021, YOLOX: Exceeding YOLO Series in 2021."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from triad.modalities.checks import fail
from triad.modalities.detection.detections import Detections, ObjectDetections
from triad.modalities.detection.detector_input import GPU_BATCH_SIZE, letterbox, letterbox_scale
from triad.modalities.detection.download_hints import YOLOX_CURE
from triad.modalities.detection.nms import MAX_IOU, MIN_SCORE, non_maximum_suppression, suppress_by_class
from triad.modalities.onnx_model import OnnxModel

STRIDES = (8, 16, 32)
MAX_LOG_SIZE = 20.0
"""Largest logarithm of a box's side in strides. Larger numbers are pixels: the network decodes its boxes itself."""


class Yolox:
    """Detector of persons, COCO's first class, and of the objects of all classes that the network knows.

    Args:
        weights: path of an ONNX file of any YOLOX as its authors export it: output ``[B, cells, 5 + classes]``, decoded
            (``--decode_in_inference``) or not.
        device: ``cpu`` or ``cuda``.
        min_score: lowest score of a person or object.
        cure: advice in errors: where to download it.

    Attributes:
        num_classes: number of classes that the network knows.
        decoded: whether the network gives centres and sides in pixels.

    Raises:
        InputError: If the file is missing or another network.
    """

    def __init__(
        self, weights: str | Path, *, device: str = "cpu", min_score: float = MIN_SCORE, cure: str = YOLOX_CURE
    ) -> None:
        self.min_score = min_score
        max_batch_size = 32 if device == "cpu" else GPU_BATCH_SIZE
        self.model = OnnxModel(
            weights, subject="detector weights", cure=cure, device=device, max_batch_size=max_batch_size
        )
        self.grid, self.strides = make_grid(self.model.size_hw)
        rows = self.model.outputs_of_black()[0]
        if len(self.model.outputs) != 1 or rows.ndim != 3 or rows.shape[1] != len(self.grid) or rows.shape[2] < 6:
            must = f"give [B, {len(self.grid)}, 5 + classes] as YOLOX does"
            fail(f"detector weights '{weights}'", must, f"{self.model.outputs} {list(rows.shape)}", cure)
        self.num_classes = rows.shape[2] - 5
        self.decoded = bool(np.abs(rows[..., 2:4]).max() > MAX_LOG_SIZE)

    @property
    def provenance(self) -> dict[str, Any]:
        settings = {"least": self.min_score, "overlap": MAX_IOU}
        return {"detector": "yolox", "settings": settings, **self.model.provenance}

    def __call__(self, frames: np.ndarray) -> list[Detections]:
        """Return the persons of each frame, uint8 ``[T, H, W, 3]``."""
        detections = []
        for rows in self._run(frames):
            scores = rows[:, 4] * rows[:, 5]  # of an object, and of a person if it is one
            boxes, cells = self._boxes(rows, scores, frames)
            detections.append(non_maximum_suppression(boxes, scores[cells], frames.shape[1:3]))
        return detections

    def objects(self, frames: np.ndarray) -> list[ObjectDetections]:
        """Return the objects of each frame, uint8 ``[T, H, W, 3]``, each of its most probable class."""
        detections = []
        for rows in self._run(frames):
            labels = rows[:, 5:].argmax(1)
            scores = rows[:, 4] * rows[:, 5:].max(1)
            boxes, cells = self._boxes(rows, scores, frames)
            detections.append(suppress_by_class(boxes, labels[cells], scores[cells], frames.shape[1:3]))
        return detections

    def _run(self, frames: np.ndarray) -> np.ndarray:
        (outputs,) = self.model(np.stack([letterbox(frame, self.model.size_hw) for frame in frames]))
        return outputs

    def _boxes(self, rows: np.ndarray, scores: np.ndarray, frames: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the boxes of the cells that are certain enough, in pixels of the frames, and these cells."""
        scale = np.float32(letterbox_scale(frames.shape[1:3], self.model.size_hw))
        cells = np.flatnonzero(scores >= self.min_score)
        if self.decoded:
            return boxes_of_centers(rows[cells, :2], rows[cells, 2:4]) / scale, cells
        return decode_boxes(rows[cells], self.grid[cells], self.strides[cells]) / scale, cells


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
    return boxes_of_centers((rows[:, :2] + grid) * strides, np.exp(rows[:, 2:4]) * strides)


def boxes_of_centers(centers: np.ndarray, sides: np.ndarray) -> np.ndarray:
    """Return ``(x1, y1, x2, y2)`` of centres ``(x, y)`` and sides ``(width, height)``, ``[N, 2]`` each."""
    return np.concatenate([centers - sides / 2, centers + sides / 2], 1)
