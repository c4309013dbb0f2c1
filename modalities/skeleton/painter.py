"""Pose clips as pictures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from triad.modalities.clips import PoseClip
from triad.modalities.modality import Canvas
from triad.modalities.skeleton.layouts import get_layout
from triad.modalities.skeleton.rendering import draw_skeleton

BACKGROUND = 246
"""Grey behind skeletons without frames."""


class FrontView(NamedTuple):
    """Projection of joints in metres along the optical axis onto a canvas.

    Attributes:
        center: x and y that come to lie in the middle, metres.
        scale: pixels a metre.
        middle: x and y of the middle of the canvas, pixels.
    """

    center: np.ndarray
    scale: float
    middle: np.ndarray

    def __call__(self, keypoints: np.ndarray) -> np.ndarray:
        """Project joints. Shapes: ``[M, T, V, 3]`` -> pixels ``[M, T, V, 2]``."""
        return ((keypoints[..., :2] - self.center) * self.scale + self.middle).astype(np.float32)


class PosePainter:
    """Draws skeletons where they are in the frames, see :class:`triad.modalities.modality.painting.ClipPainter`.

    Where no pixels are known, they are drawn as seen from the front, all on one scale.

    Args:
        clip: poses that set the scale of the front view.
        canvas: canvas of the pictures.
    """

    legend_note = ""

    def __init__(self, clip: PoseClip, canvas: Canvas) -> None:
        self.frame_size = canvas.frame_size
        self.layout = get_layout(clip.layout)
        self.front_view = fit_front_view(clip, canvas.frame_size)
        self.notes: tuple[str, ...] = (f"{self.layout.num_joints} joints", "left orange, right blue")
        if pixels_of(clip) is None:
            self.notes = (*self.notes, "from the front")

    def draw(self, clip: PoseClip, frames: np.ndarray | None) -> Sequence[np.ndarray]:
        """Return a picture a time with all persons, on pale frames or a plain background."""
        pixels, pictures = project_joints(clip, view=self.front_view, frame_size=self.frame_size, frames=frames)
        cells = []
        for time, picture in enumerate(pictures):
            for person in range(len(pixels)):
                picture = draw_skeleton(
                    picture,
                    pixels[person, time],
                    clip.scores[person, time],
                    self.layout,
                    thickness=max(self.frame_size[1] // 80, 2),
                )
            cells.append(picture)
        return cells

    def legend(self, size: int) -> np.ndarray | None:
        """Return None: the notes explain the colours."""
        return None


def pixels_of(clip: PoseClip) -> np.ndarray | None:
    """Return the joints on the canvas, ``[M, T, V, 2]``; None where only metres are known."""
    return clip.keypoints if get_layout(clip.layout).dims == 2 else clip.pixels


def project_joints(
    clip: PoseClip, *, view: FrontView, frame_size: tuple[int, int], frames: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray]:
    """Return the pixels of joints, and the pictures behind them.

    Args:
        clip: poses on the canvas.
        view: projection where no pixels are known; frames then are left out.
        frame_size: height and width of the canvas, pixels.
        frames: frames at the same times on the same canvas; None for a plain background.

    Shapes: ``frames`` uint8 ``[T, H, W, 3]`` -> pixels ``[M, T, V, 2]``, pictures uint8 ``[T, H, W, 3]``.
    """
    pixels = pixels_of(clip)
    if pixels is not None and frames is not None:
        return pixels, desaturate(frames)
    background = np.full((len(clip.times), *frame_size, 3), BACKGROUND, np.uint8)
    return view(clip.keypoints) if pixels is None else pixels, background


def fit_front_view(clip: PoseClip, frame_size: tuple[int, int]) -> FrontView:
    """Return the projection that shows x and y of all joints of a clip on one scale, nothing cut off.

    Args:
        clip: poses in metres.
        frame_size: height and width of the canvas, pixels.
    """
    width_height = np.array(frame_size[::-1])
    joints = clip.keypoints[..., :2][clip.scores > 0]  # [n, 2]
    if len(joints) == 0:
        return FrontView(np.zeros(2, np.float32), 1.0, np.zeros(2))
    low, high = joints.min(axis=0), joints.max(axis=0)
    scale = float((0.84 * width_height / np.maximum(high - low, 1e-3)).min())
    return FrontView((low + high) / 2, scale, width_height / 2)


def desaturate(frames: np.ndarray) -> np.ndarray:
    """Return frames grey and pale, so that drawings on them stand out. Shapes: uint8 ``[…, 3]`` -> ``[…, 3]``."""
    grey = frames.mean(axis=-1, keepdims=True).repeat(3, axis=-1)
    return (0.45 * grey + 0.15 * frames + 0.4 * 255).astype(np.uint8)
