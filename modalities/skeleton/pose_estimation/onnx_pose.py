"""Top-down pose models from ONNX files: heat maps, or SimCC as in RTMPose, distinguished by the output's shape."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from modalities.checks import fail
from modalities.onnx_model import OnnxModel
from modalities.skeleton.pose_estimation.cropping import PADDING, crop_frame, crop_regions, normalise_images, to_frame
from modalities.skeleton.pose_estimation.decoding import decode_heatmaps, decode_simcc
from modalities.skeleton.pose_estimation.download_hints import POSE_CURE

NUM_JOINTS = 17
JOINT_SETS = {17: "COCO", 26: "Halpe", 133: "COCO-WholeBody"}
"""Sets of joints that begin with COCO's 17, by their number of joints."""
DECODING = {"heatmap": "highest cell, a quarter towards the higher neighbour", "simcc": "highest bin of each axis"}


class OnnxPose:
    """Model that reads a person's crop as ImageNet-normalised RGB.

    See :class:`modalities.skeleton.pose_estimation.interfaces.PoseModel`.

    Args:
        weights: path of an ONNX file with one output, heat maps ``[B, V, h, w]``, or SimCC's two, ``[B, V, X]`` and
            ``[B, V, Y]``. Of sets of joints that begin with COCO's 17, the others are left out.
        device: ``cpu`` or ``cuda``.

    Raises:
        InputError: If the file is missing or another network.
    """

    layout = "coco17"

    def __init__(self, weights: str | Path, *, device: str = "cpu") -> None:
        self.model = OnnxModel(weights, subject="pose weights", cure=POSE_CURE, device=device)
        outputs = self.model(np.zeros((1, 3, *self.model.size_hw), np.float32))
        axes = tuple(array.ndim for array in outputs)
        if axes not in ((4,), (3, 3)):
            must = "give heat maps [B, V, h, w], or SimCC's [B, V, X] and [B, V, Y]"
            fail(f"pose weights '{weights}'", must, [list(array.shape) for array in outputs], POSE_CURE)
        self.kind = "heatmap" if axes == (4,) else "simcc"
        if outputs[0].shape[1] not in JOINT_SETS:
            must = f"have {', '.join(f'{number} joints ({name})' for number, name in JOINT_SETS.items())}"
            fail(f"pose weights '{weights}'", must, outputs[0].shape[1], POSE_CURE)

    @property
    def provenance(self) -> dict[str, Any]:
        settings = {"padding": PADDING, "decoding": DECODING[self.kind]}
        return {"model": self.kind, "settings": settings, **self.model.provenance}

    def __call__(self, frames: np.ndarray, boxes: list[np.ndarray]) -> list[tuple[np.ndarray, np.ndarray]]:
        size = self.model.size_hw
        counts = [len(frame_boxes) for frame_boxes in boxes]
        if not sum(counts):
            empty = (np.zeros((0, NUM_JOINTS, 2), np.float32), np.zeros((0, NUM_JOINTS), np.float32))
            return [empty for _ in frames]
        regions = crop_regions(np.concatenate(boxes), size)
        frame_of = np.repeat(np.arange(len(frames)), counts)  # [N]
        batches = []
        for start in range(0, len(frame_of), self.model.batch_size):  # the crops of a crowd would take gigabytes
            batch = slice(start, start + self.model.batch_size)
            crops = [
                crop_frame(frames[frame], region, size)
                for frame, region in zip(frame_of[batch], regions[batch], strict=True)
            ]
            outputs = self.model(normalise_images(np.stack(crops)))
            batches.append(decode_heatmaps(*outputs) if self.kind == "heatmap" else decode_simcc(*outputs))
        points, scores = (np.concatenate(arrays) for arrays in zip(*batches, strict=True))
        points = to_frame(points[:, :NUM_JOINTS], regions)
        scores = np.minimum(scores[:, :NUM_JOINTS], 1)
        ends = np.cumsum(counts)[:-1]
        return list(zip(np.split(points, ends), np.split(scores, ends), strict=True))
