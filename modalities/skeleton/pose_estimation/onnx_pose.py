"""Top-down pose models from ONNX files: heat maps, or SimCC as RTMPose has it, told apart by what they give."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from modalities.checks import fail
from modalities.skeleton.pose_estimation.cropping import PADDING, crop, crop_regions, normalised, to_frame
from modalities.skeleton.pose_estimation.decoding import decode_heatmaps, decode_simcc
from modalities.skeleton.pose_estimation.download_hints import POSE_CURE
from modalities.skeleton.pose_estimation.onnx_model import OnnxModel

COCO_FIRST = {17: "COCO", 26: "Halpe", 133: "COCO-WholeBody"}
"""Numbers of joints of the sets that begin with COCO's 17."""
DECODING = {"heatmap": "highest cell, a quarter towards the higher neighbour", "simcc": "highest bin of each axis"}


class OnnxPose:
    """A model that sees a person's crop as ImageNet-normalised RGB, see ``contract.PoseModel``.

    Args:
        weights: ONNX file; its one output are heat maps ``[B, V, h, w]``, or its two are SimCC's ``[B, V, X]`` and
            ``[B, V, Y]``. Of sets that begin with COCO's 17 joints the others are left out.
        device: ``cpu`` or ``cuda``.

    Raises:
        InputError: if the file is missing or another network.
    """

    layout = "coco17"

    def __init__(self, weights: str | Path, *, device: str = "cpu") -> None:
        self.model = OnnxModel(weights, what="pose weights", cure=POSE_CURE, device=device)
        given = self.model(np.zeros((1, 3, *self.model.size_hw), np.float32))
        axes = tuple(array.ndim for array in given)
        if axes not in ((4,), (3, 3)):
            must = "give heat maps [B, V, h, w], or SimCC's [B, V, X] and [B, V, Y]"
            fail(f"pose weights '{weights}'", must, [list(array.shape) for array in given], POSE_CURE)
        self.kind = "heatmap" if axes == (4,) else "simcc"
        if given[0].shape[1] not in COCO_FIRST:
            must = f"have {', '.join(f'{number} joints ({name})' for number, name in COCO_FIRST.items())}"
            fail(f"pose weights '{weights}'", must, given[0].shape[1], POSE_CURE)

    @property
    def provenance(self) -> dict[str, Any]:
        settings = {"padding": PADDING, "decoding": DECODING[self.kind]}
        return {"model": self.kind, "settings": settings, **self.model.provenance}

    def __call__(self, frames: np.ndarray, boxes: list[np.ndarray]) -> list[tuple[np.ndarray, np.ndarray]]:
        size, counts = self.model.size_hw, [len(each) for each in boxes]
        if not sum(counts):
            return [(np.zeros((0, 17, 2), np.float32), np.zeros((0, 17), np.float32)) for _ in frames]
        regions = crop_regions(np.concatenate(boxes), size)
        owners = np.repeat(np.arange(len(frames)), counts)
        parts = []
        for start in range(0, len(owners), self.model.at_once):  # a crowd's crops would take gigabytes
            some = slice(start, start + self.model.at_once)
            crops = [
                crop(frames[owner], region, size) for owner, region in zip(owners[some], regions[some], strict=True)
            ]
            given = self.model(normalised(np.stack(crops)))
            parts.append(decode_heatmaps(*given) if self.kind == "heatmap" else decode_simcc(*given))
        points, scores = (np.concatenate(part) for part in zip(*parts, strict=True))
        points, scores = to_frame(points[:, :17], regions), np.minimum(scores[:, :17], 1)
        ends = np.cumsum(counts)[:-1]
        return list(zip(np.split(points, ends), np.split(scores, ends), strict=True))
