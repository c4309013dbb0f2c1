"""Top-down pose models from ONNX files: heat maps, SimCC as in RTMPose, or MoveNet's coordinates.

Which one a file is, its input and the shapes of its outputs tell.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from triad.modalities.checks import fail
from triad.modalities.onnx_model import OnnxModel
from triad.modalities.skeleton.pose_estimation.cropping import (
    PADDING,
    crop_frame,
    crop_regions,
    normalise_images,
    pixel_images,
    to_frame,
)
from triad.modalities.skeleton.pose_estimation.decoding import decode_coordinates, decode_heatmaps, decode_simcc
from triad.modalities.skeleton.pose_estimation.download_hints import POSE_CURE
from triad.modalities.skeleton.pose_estimation.one_stage import one_stage_kind

NUM_JOINTS = 17
JOINT_SETS = {17: "COCO", 26: "Halpe", 133: "COCO-WholeBody"}
"""Sets of joints that begin with COCO's 17, by their number of joints."""
DECODING = {
    "heatmap": "highest cell, a quarter towards the higher neighbour",
    "simcc": "highest bin of each axis",
    "coordinates": "the network's own",
}
DECODERS: dict[str, Callable[..., tuple[np.ndarray, np.ndarray]]] = {
    "heatmap": decode_heatmaps,
    "simcc": decode_simcc,
    "coordinates": decode_coordinates,
}


class OnnxPose:
    """Model that reads a person's crop, as ImageNet-normalised RGB or, of an int32 input, as pixels.

    See :class:`triad.modalities.skeleton.pose_estimation.interfaces.PoseModel`.

    Args:
        weights: path of an ONNX file with one output, heat maps ``[B, V, h, w]`` or coordinates ``[B, 1, V, 3]`` of
            pixels, or SimCC's two, ``[B, V, X]`` and ``[B, V, Y]``. Of sets of joints that begin with COCO's 17, the
            others are left out.
        device: ``cpu`` or ``cuda``.

    Raises:
        InputError: If the file is missing or another network.
    """

    layout = "coco17"

    def __init__(self, weights: str | Path, *, device: str = "cpu") -> None:
        self.model = OnnxModel(weights, subject="pose weights", cure=POSE_CURE, device=device)
        outputs = self.model.outputs_of_black()
        self.kind = recognise(outputs, channels_last=self.model.channels_last)
        if not self.kind and one_stage_kind(self.model.outputs, outputs):
            fail("--detector", "be left out", "one", f"pose weights '{weights}' find persons themselves")
        if not self.kind:
            must = "give heat maps [B, V, h, w], SimCC's [B, V, X] and [B, V, Y], or MoveNet's [B, 1, V, 3]"
            fail(f"pose weights '{weights}'", must, [list(array.shape) for array in outputs], POSE_CURE)
        num_joints = outputs[0].shape[2 if self.kind == "coordinates" else 1]
        if num_joints not in JOINT_SETS:
            must = f"have {', '.join(f'{number} joints ({name})' for number, name in JOINT_SETS.items())}"
            fail(f"pose weights '{weights}'", must, num_joints, POSE_CURE)

    @property
    def provenance(self) -> dict[str, Any]:
        settings = {"padding": PADDING, "decoding": DECODING[self.kind]}
        return {"model": self.kind, "settings": settings, **self.model.provenance}

    def __call__(self, frames: np.ndarray, boxes: list[np.ndarray]) -> list[tuple[np.ndarray, np.ndarray]]:
        size = self.model.size_hw
        prepare = pixel_images if self.model.channels_last else normalise_images
        decode = DECODERS[self.kind]
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
            batches.append(decode(*self.model(prepare(np.stack(crops)))))
        points, scores = (np.concatenate(arrays) for arrays in zip(*batches, strict=True))
        points = to_frame(points[:, :NUM_JOINTS], regions)
        scores = np.minimum(scores[:, :NUM_JOINTS], 1)
        ends = np.cumsum(counts)[:-1]
        return list(zip(np.split(points, ends), np.split(scores, ends), strict=True))


def recognise(outputs: list[np.ndarray], *, channels_last: bool) -> str:
    """Return the kind of a top-down network, empty if it is none of those known.

    Args:
        outputs: outputs for one image.
        channels_last: whether the input is int32 ``[B, H, W, 3]``.
    """
    axes = tuple(array.ndim for array in outputs)
    if channels_last:
        return "coordinates" if axes == (4,) and outputs[0].shape[1::2] == (1, 3) else ""
    return {(4,): "heatmap", (3, 3): "simcc"}.get(axes, "")
