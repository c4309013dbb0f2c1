"""Synthetic pairs of frames with exact flow: still images set in motion.

As in Flying Chairs (Dosovitskiy et al. 2015, FlowNet, §4.2), pieces of other images move in front of a background, each
layer by its own homography, and cover and uncover what lies behind them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np

from triad.modalities.checks import fail


class SyntheticPair(NamedTuple):
    """Two frames and the flow between them.

    Shapes: ``first``, ``second`` uint8 ``[H, W, 3]``; ``flow`` float32 ``[H, W, 2]``, exact everywhere; ``visible``
    bool ``[H, W]``, whether the point of a pixel is also in the second frame, neither covered nor outside.
    """

    first: np.ndarray
    second: np.ndarray
    flow: np.ndarray
    visible: np.ndarray


class Layer(NamedTuple):
    """Image of the size of the frame, its opacity, and its motion.

    Shapes: ``image`` uint8 ``[H, W, 3]``; ``mask`` float32 ``[H, W]`` in 0–1; ``motion`` float64 ``[3, 3]``, a
    homography from pixels ``(x, y, 1)`` of the first frame to those of the second.
    """

    image: np.ndarray
    mask: np.ndarray
    motion: np.ndarray


def move_layers(layers: Sequence[Layer]) -> SyntheticPair:
    """Paint layers over each other before and after their motion.

    Args:
        layers: layers from back to front; the first fills the frame.

    Raises:
        InputError: If there is no layer, or the first does not fill the frame.
    """
    if not layers or layers[0].mask.min() < 1:
        fail("layers of a synthetic pair", "begin with a background that fills the frame", f"{len(layers)} layers")
    height, width = layers[0].mask.shape
    first: np.ndarray = np.zeros((height, width, 3), np.float32)
    second: np.ndarray = first
    flow = np.zeros((height, width, 2), np.float32)
    front_layer = np.zeros((height, width), np.int64)
    front_layer_after = np.zeros((height, width), np.int64)
    for number, (image, mask, motion) in enumerate(layers):
        border = cv2.BORDER_REFLECT_101 if number == 0 else cv2.BORDER_CONSTANT
        moved = cv2.warpPerspective(image, motion, (width, height), flags=cv2.INTER_LINEAR, borderMode=border)
        moved_mask = cv2.warpPerspective(mask, motion, (width, height), flags=cv2.INTER_LINEAR, borderMode=border)
        first = first + mask[..., None] * (image - first)
        second = second + moved_mask[..., None] * (moved - second)
        is_opaque = mask > 0.5
        flow[is_opaque] = homography_flow(motion, height, width)[is_opaque]
        front_layer[is_opaque] = number
        front_layer_after[moved_mask > 0.5] = number
    visible = _is_visible_after(flow, front_layer, front_layer_after)
    frames = [np.clip(np.rint(frame), 0, 255).astype(np.uint8) for frame in (first, second)]
    return SyntheticPair(frames[0], frames[1], flow, visible)


def homography_flow(motion: np.ndarray, height: int, width: int) -> np.ndarray:
    """Return the displacement of every pixel under a homography, float32 ``[height, width, 2]``."""
    x, y = np.meshgrid(np.arange(width, dtype=np.float64), np.arange(height, dtype=np.float64))
    points = np.stack([x, y, np.ones_like(x)], -1) @ motion.T  # [H, W, 3]
    return (points[..., :2] / points[..., 2:] - np.stack([x, y], -1)).astype(np.float32)


def random_homography(rng: np.random.Generator, size_hw: tuple[int, int], *, max_shift: float) -> np.ndarray:
    """Return a small homography about a random point: shift, rotation, scale, shear and perspective.

    Args:
        rng: random generator.
        size_hw: height and width of the frame, pixels.
        max_shift: largest shift, pixels; small shifts are more frequent.

    Shapes: float64 ``[3, 3]``.
    """
    height, width = size_hw
    shift = max_shift * rng.uniform(0, 1) ** 2
    angle = rng.uniform(0, 2 * np.pi)
    strength = shift / max(height, width)  # of rotation, scale, shear and perspective
    rotation = rng.normal(0, 1.5 * strength)
    scale = np.exp(rng.normal(0, strength))
    shear = rng.normal(0, 0.5 * strength)
    cos = np.cos(rotation)
    sin = np.sin(rotation)
    motion = np.eye(3)
    motion[:2, :2] = scale * np.array([[cos, -sin], [sin, cos]]) @ [[1, shear], [0, 1]]
    motion[:2, 2] = shift * np.cos(angle), shift * np.sin(angle)
    motion[2, :2] = rng.normal(0, 0.2 * strength, 2) / max(height, width)
    center = np.eye(3)
    center[:2, 2] = rng.uniform(0, width), rng.uniform(0, height)
    return center @ motion @ np.linalg.inv(center)


def random_blob(rng: np.random.Generator, size_hw: tuple[int, int]) -> np.ndarray:
    """Return the mask of a random piece, limb-like or round, float32 ``[H, W]`` in 0–1.

    Its outline is an ellipse modulated by a few waves.

    Args:
        rng: random generator.
        size_hw: height and width of the mask, pixels.
    """
    height, width = size_hw
    angles = np.linspace(0, 2 * np.pi, 64, endpoint=False)
    radius = 1 + sum(rng.normal(0, 0.35 / wave) * np.cos(wave * angles + rng.uniform(0, 6)) for wave in (1, 2, 3, 4))
    size = min(height, width) * rng.uniform(0.08, 0.3)
    outline = np.stack([np.cos(angles) * rng.uniform(0.3, 1.6), np.sin(angles)], -1) * np.clip(radius, 0.2, 2)[:, None]
    tilt = rng.uniform(0, np.pi)
    outline = outline @ np.array([[np.cos(tilt), -np.sin(tilt)], [np.sin(tilt), np.cos(tilt)]])
    points = size * outline + [rng.uniform(0, width), rng.uniform(0, height)]
    mask = np.zeros((height, width), np.uint8)
    cv2.fillPoly(mask, [np.rint(points * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
    return mask.astype(np.float32) / 255


def random_pair(
    images: Sequence[np.ndarray], rng: np.random.Generator, *, max_shift: float = 16.0, static_ratio: float = 0.4
) -> SyntheticPair:
    """Return a pair with the first image as background and a random piece of each other one in front of it.

    Args:
        images: uint8 ``[H, W, 3]``, all of one size.
        rng: random generator.
        max_shift: largest shift, pixels.
        static_ratio: probability of a background that does not move, as with a static camera, 0–1.
    """
    size_hw = (images[0].shape[0], images[0].shape[1])
    is_static = rng.uniform() < static_ratio
    camera_motion = np.eye(3) if is_static else random_homography(rng, size_hw, max_shift=max_shift)
    layers = [Layer(images[0], np.ones(size_hw, np.float32), camera_motion)]
    for image in images[1:]:
        motion = random_homography(rng, size_hw, max_shift=max_shift)
        layers.append(Layer(image, random_blob(rng, size_hw), motion @ camera_motion))
    return move_layers(layers)


def _is_visible_after(flow: np.ndarray, front_layer: np.ndarray, front_layer_after: np.ndarray) -> np.ndarray:
    """Return whether the pixel where a vector ends shows the same layer, bool ``[H, W]``."""
    height, width = front_layer.shape
    rows, columns = np.mgrid[:height, :width]
    x = np.rint(columns + flow[..., 0]).astype(int)
    y = np.rint(rows + flow[..., 1]).astype(int)
    is_inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
    return is_inside & (front_layer_after[y.clip(0, height - 1), x.clip(0, width - 1)] == front_layer)
