"""Still pictures set in motion: pairs of frames whose flow is known exactly, however many layers move.

The idea of Flying Chairs (Dosovitskiy et al. 2015, FlowNet, §4.2) with whatever pictures are at hand: a background
and pieces of other pictures, each moved by a homography of its own; what a piece covers and uncovers comes by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np

from modalities.checks import fail


class SyntheticPair(NamedTuple):
    """Two frames and the way between them.

    Shapes: ``first``, ``second`` uint8 ``[H, W, 3]``; ``flow`` float32 ``[H, W, 2]``, known everywhere; ``seen`` bool
    ``[H, W]``, whether what a pixel shows is in the second frame, neither covered nor outside.
    """

    first: np.ndarray
    second: np.ndarray
    flow: np.ndarray
    seen: np.ndarray


class Layer(NamedTuple):
    """A picture of the size of the frame, the part of it that is there, and where its points go.

    Shapes: ``picture`` uint8 ``[H, W, 3]``; ``mask`` float32 ``[H, W]`` in 0–1; ``motion`` float64 ``[3, 3]``, from
    pixels ``(x, y, 1)`` of the first frame to those of the second.
    """

    picture: np.ndarray
    mask: np.ndarray
    motion: np.ndarray


def move_layers(layers: Sequence[Layer]) -> SyntheticPair:
    """Paint layers over each other, the first at the bottom, before and after their motion.

    Raises:
        InputError: if there is none, or the bottom one does not fill the frame.
    """
    if not layers or layers[0].mask.min() < 1:
        fail("layers of a moved pair", "begin with a background that fills the frame", f"{len(layers)} layers")
    height, width = layers[0].mask.shape
    first: np.ndarray = np.zeros((height, width, 3), np.float32)
    second: np.ndarray = first
    owner, flow = np.zeros((height, width), np.int64), np.zeros((height, width, 2), np.float32)
    owner_after = np.zeros((height, width), np.int64)
    for number, (picture, mask, motion) in enumerate(layers):
        border = cv2.BORDER_REFLECT_101 if number == 0 else cv2.BORDER_CONSTANT
        moved = cv2.warpPerspective(picture, motion, (width, height), flags=cv2.INTER_LINEAR, borderMode=border)
        moved_mask = cv2.warpPerspective(mask, motion, (width, height), flags=cv2.INTER_LINEAR, borderMode=border)
        first = first + mask[..., None] * (picture - first)
        second = second + moved_mask[..., None] * (moved - second)
        there = mask > 0.5
        flow[there] = displacement(motion, height, width)[there]
        owner[there], owner_after[moved_mask > 0.5] = number, number
    seen = _arrives(flow, owner, owner_after)
    frames = [np.clip(np.rint(frame), 0, 255).astype(np.uint8) for frame in (first, second)]
    return SyntheticPair(frames[0], frames[1], flow, seen)


def displacement(motion: np.ndarray, height: int, width: int) -> np.ndarray:
    """How far a homography takes every pixel, float32 ``[height, width, 2]``."""
    x, y = np.meshgrid(np.arange(width, dtype=np.float64), np.arange(height, dtype=np.float64))
    points = np.stack([x, y, np.ones_like(x)], -1) @ motion.T  # [H, W, 3]
    return (points[..., :2] / points[..., 2:] - np.stack([x, y], -1)).astype(np.float32)


def random_homography(rng: np.random.Generator, size_hw: tuple[int, int], *, max_shift: float) -> np.ndarray:
    """A small homography about a random point: shift, turn, scale, shear and perspective.

    Args:
        rng: of the drawing.
        size_hw: of the frame.
        max_shift: pixels of the largest shift; shifts are small more often than large.

    Shapes: float64 ``[3, 3]``.
    """
    height, width = size_hw
    amount = max_shift * rng.uniform(0, 1) ** 2
    angle = rng.uniform(0, 2 * np.pi)
    share = amount / max(height, width)  # the rest of the motion is as large as the shift
    turn, grow, shear = rng.normal(0, 1.5 * share), np.exp(rng.normal(0, share)), rng.normal(0, 0.5 * share)
    linear = grow * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) @ [[1, shear], [0, 1]]
    motion = np.eye(3)
    motion[:2, :2] = linear
    motion[:2, 2] = amount * np.cos(angle), amount * np.sin(angle)
    motion[2, :2] = rng.normal(0, 0.2 * share, 2) / max(height, width)
    centre = np.eye(3)
    centre[:2, 2] = rng.uniform(0, width), rng.uniform(0, height)
    return centre @ motion @ np.linalg.inv(centre)


def random_blob(rng: np.random.Generator, size_hw: tuple[int, int]) -> np.ndarray:
    """The mask of a random piece: a closed curve of few waves, limb-like or round; float32 ``[H, W]`` in 0–1."""
    height, width = size_hw
    angles = np.linspace(0, 2 * np.pi, 64, endpoint=False)
    radius = 1 + sum(rng.normal(0, 0.35 / wave) * np.cos(wave * angles + rng.uniform(0, 6)) for wave in (1, 2, 3, 4))
    size = min(height, width) * rng.uniform(0.08, 0.3)
    shape = np.stack([np.cos(angles) * rng.uniform(0.3, 1.6), np.sin(angles)], -1) * np.clip(radius, 0.2, 2)[:, None]
    tilt = rng.uniform(0, np.pi)
    shape = shape @ np.array([[np.cos(tilt), -np.sin(tilt)], [np.sin(tilt), np.cos(tilt)]])
    points = size * shape + [rng.uniform(0, width), rng.uniform(0, height)]
    mask = np.zeros((height, width), np.uint8)
    cv2.fillPoly(mask, [np.rint(points * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
    return mask.astype(np.float32) / 255


def random_pair(
    pictures: Sequence[np.ndarray], rng: np.random.Generator, *, max_shift: float = 16.0, static_ratio: float = 0.4
) -> SyntheticPair:
    """The first picture as background, a random piece of each other one in front of it, all moving.

    Args:
        pictures: uint8 ``[H, W, 3]``, of one size.
        rng: of the drawing.
        max_shift: pixels of the largest shift.
        static_ratio: how often the background does not move at all, as before a camera that stands.
    """
    height, width = pictures[0].shape[:2]
    motion = np.eye(3) if rng.uniform() < static_ratio else random_homography(rng, (height, width), max_shift=max_shift)
    layers = [Layer(pictures[0], np.ones((height, width), np.float32), motion)]
    for picture in pictures[1:]:
        own = random_homography(rng, (height, width), max_shift=max_shift)
        layers.append(Layer(picture, random_blob(rng, (height, width)), own @ motion))
    return move_layers(layers)


def _arrives(flow: np.ndarray, owner: np.ndarray, owner_after: np.ndarray) -> np.ndarray:
    """Whether the pixel where a vector ends shows the same layer; bool ``[H, W]``."""
    height, width = owner.shape
    rows, columns = np.mgrid[:height, :width]
    x = np.rint(columns + flow[..., 0]).astype(int)
    y = np.rint(rows + flow[..., 1]).astype(int)
    inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
    return inside & (owner_after[y.clip(0, height - 1), x.clip(0, width - 1)] == owner)
