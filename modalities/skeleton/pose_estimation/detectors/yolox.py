"""YOLOX from an ONNX file: Ge et al. 2021, YOLOX: Exceeding YOLO Series in 2021."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np

from modalities.checks import fail
from modalities.skeleton.pose_estimation.detectors.nms import LEAST, OVERLAP, nms
from modalities.skeleton.pose_estimation.download_hints import YOLOX_CURE
from modalities.skeleton.pose_estimation.interfaces import Detections
from modalities.skeleton.pose_estimation.onnx_model import OnnxModel

STRIDES = (8, 16, 32)
GREY = 114
LARGEST = 20.0
"""Logarithm of a box's side in strides, at most; beyond it lie pixels, which boxes that are decoded already are in."""


class Yolox:
    """FramePoses of COCO's first class, see :class:`modalities.skeleton.pose_estimation.interfaces.PersonDetector`.

    Args:
        weights: ONNX file of any YOLOX as its authors export it: output ``[B, cells, 5 + classes]``,
            not decoded.
        device: ``cpu`` or ``cuda``.
        least: score of a person, at least.

    Raises:
        InputError: if the file is missing or another network.
    """

    def __init__(self, weights: str | Path, *, device: str = "cpu", least: float = LEAST) -> None:
        self.least = least
        self.model = OnnxModel(weights, what="detector weights", cure=YOLOX_CURE, device=device)
        self.grid, self.strides = grid_of(self.model.size_hw)
        rows = self.model(np.zeros((1, 3, *self.model.size_hw), np.float32))[0]
        if len(self.model.outputs) != 1 or rows.ndim != 3 or rows.shape[1] != len(self.grid) or rows.shape[2] < 6:
            must = f"give [B, {len(self.grid)}, 5 + classes] as YOLOX does"
            fail(f"detector weights '{weights}'", must, f"{self.model.outputs} {list(rows.shape)}", YOLOX_CURE)
        if np.abs(rows[..., 2:4]).max() > LARGEST:
            cure = "export it without --decode_in_inference"
            fail(f"detector weights '{weights}'", "give boxes that are not decoded", "sides in pixels", cure)

    @property
    def provenance(self) -> dict[str, Any]:
        settings = {"least": self.least, "overlap": OVERLAP}
        return {"detector": "yolox", "settings": settings, **self.model.provenance}

    def __call__(self, frames: np.ndarray) -> list[Detections]:
        images = np.stack([letterbox(frame, self.model.size_hw) for frame in frames])
        (rows,) = self.model(images)
        ratio = np.float32(ratio_of(frames.shape[1:3], self.model.size_hw))
        found = []
        for row in rows:
            scores = row[:, 4] * row[:, 5]  # of an object, and of a person if it is one
            kept = np.flatnonzero(scores >= self.least)
            boxes = decode_boxes(row[kept], self.grid[kept], self.strides[kept]) / ratio
            found.append(nms(boxes, scores[kept], frames.shape[1:3], overlap=OVERLAP))
        return found


def ratio_of(frame_hw: tuple[int, ...], size_hw: tuple[int, int]) -> float:
    """From pixels of the frame to those of the network's input."""
    return min(size_hw[0] / frame_hw[0], size_hw[1] / frame_hw[1])


def letterbox(frame: np.ndarray, size_hw: tuple[int, int]) -> np.ndarray:
    """The frame in the upper left of a grey square, scaled to touch two of its sides; BGR from 0 to 255.

    Shapes: uint8 ``[H, W, 3]``, RGB -> float32 ``[3, h, w]``.
    """
    ratio = ratio_of(frame.shape[:2], size_hw)
    high, wide = (max(int(side * ratio), 1) for side in frame.shape[:2])
    square = np.full((*size_hw, 3), GREY, np.uint8)
    square[:high, :wide] = cv2.resize(frame, (wide, high), interpolation=cv2.INTER_LINEAR)
    return square[..., ::-1].transpose(2, 0, 1).astype(np.float32)


def grid_of(size_hw: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Column and row of each cell, and its stride, float32 ``[cells, 2]`` and ``[cells, 1]``; fine cells first."""
    grids, strides = [], []
    for stride in STRIDES:
        rows, columns = size_hw[0] // stride, size_hw[1] // stride
        y, x = np.mgrid[:rows, :columns]
        grids.append(np.stack([x, y], -1).reshape(-1, 2))
        strides.append(np.full((rows * columns, 1), stride))
    return np.concatenate(grids).astype(np.float32), np.concatenate(strides).astype(np.float32)


def decode_boxes(rows: np.ndarray, grid: np.ndarray, strides: np.ndarray) -> np.ndarray:
    """Offsets and log sizes in strides -> pixels of the input ``(x1, y1, x2, y2)``, float32 ``[N, 4]``."""
    center = (rows[:, :2] + grid) * strides
    half = np.exp(rows[:, 2:4]) * strides / 2
    return np.concatenate([center - half, center + half], 1)
