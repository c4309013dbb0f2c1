"""Detectors that were exported together with their non-maximum suppression, as mmdeploy writes YOLOX and RTMDet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx

from triad.modalities.checks import fail
from triad.modalities.detection.detections import Detections
from triad.modalities.detection.detector_input import GPU_BATCH_SIZE, letterbox, letterbox_scale
from triad.modalities.detection.download_hints import YOLOX_CURE
from triad.modalities.detection.nms import MAX_IOU, MIN_SCORE, non_maximum_suppression
from triad.modalities.onnx_model import OnnxModel

OUTPUTS = {"dets", "labels"}
PERSON = 0
"""Number of the class of persons in COCO and in detectors of persons alone."""
BGR_MEAN = np.array([103.53, 116.28, 123.675], np.float32)[:, None, None]
BGR_STD = np.array([57.375, 57.12, 58.395], np.float32)[:, None, None]
"""Mean and standard deviation of BGR from 0 to 255 with which mmdetection trains RTMDet (Lyu et al. 2022)."""
IMAGE_CHANNELS = 3


class EndToEndDetector:
    """Detector of persons of an ONNX file with the outputs ``dets`` and ``labels``, e.g. those listed for RTMPose.

    YOLOX reads pixels from 0 to 255, RTMDet normalised ones. The first convolution tells them apart: YOLOX begins with
    its focus layer, which brings four neighbouring pixels into 12 channels.

    Args:
        weights: path of an ONNX file with the outputs ``dets [B, N, 5]``, boxes in pixels of the input and scores, and
            ``labels [B, N]``.
        device: ``cpu`` or ``cuda``.

    Raises:
        InputError: If the file is missing or another network.
    """

    def __init__(self, weights: str | Path, *, device: str = "cpu") -> None:
        max_batch_size = 1 if device == "cpu" else GPU_BATCH_SIZE
        self.model = OnnxModel(
            weights, subject="detector weights", cure=YOLOX_CURE, device=device, max_batch_size=max_batch_size
        )
        shapes = {
            name: array.shape for name, array in zip(self.model.outputs, self.model.outputs_of_black(), strict=True)
        }
        fits = set(shapes) == OUTPUTS and len(shapes["dets"]) == 3 and shapes["dets"][2] == 5
        if not fits or shapes["labels"] != shapes["dets"][:2]:
            fail(f"detector weights '{weights}'", "give dets [B, N, 5] and labels [B, N]", shapes, YOLOX_CURE)
        self.normalised = channels_of_first_convolution(weights) == IMAGE_CHANNELS

    @property
    def provenance(self) -> dict[str, Any]:
        settings = {"least": MIN_SCORE, "overlap": MAX_IOU, "normalised": self.normalised}
        return {"detector": "end_to_end", "settings": settings, **self.model.provenance}

    def __call__(self, frames: np.ndarray) -> list[Detections]:
        """Return the persons of each frame, uint8 ``[T, H, W, 3]``."""
        scale = np.float32(letterbox_scale(frames.shape[1:3], self.model.size_hw))
        detections = []
        for start in range(0, len(frames), self.model.batch_size):
            batch = frames[start : start + self.model.batch_size]
            images = np.stack([letterbox(frame, self.model.size_hw) for frame in batch])
            if self.normalised:
                images = (images - BGR_MEAN) / BGR_STD
            # some exports give as many boxes as the fullest image of a batch, the others filled up with a score of 0
            outputs = dict(zip(self.model.outputs, self.model(images), strict=True))
            for rows, labels in zip(outputs["dets"], outputs["labels"], strict=True):
                persons = (labels == PERSON) & (rows[:, 4] >= MIN_SCORE)
                boxes = rows[persons, :4] / scale
                detections.append(non_maximum_suppression(boxes, rows[persons, 4], frames.shape[1:3]))
        return detections


def channels_of_first_convolution(path: str | Path) -> int:
    """Return the number of channels that the first convolution of an ONNX file reads, 0 if it has none.

    Args:
        path: path of the file.
    """
    graph = onnx.load(str(path), load_external_data=False).graph
    shapes = {weight.name: list(weight.dims) for weight in graph.initializer}
    for node in graph.node:
        if node.op_type == "Conv" and node.input[1] in shapes:
            return shapes[node.input[1]][1]
    return 0


def is_end_to_end(path: str | Path) -> bool:
    """Return whether an ONNX file has the outputs of a detector with its suppression; False if it cannot be read."""
    try:
        graph = onnx.load(str(path), load_external_data=False).graph
    except Exception:  # protobuf's errors have no common class; the detector that opens the file says what is wrong
        return False
    return {output.name for output in graph.output} == OUTPUTS
