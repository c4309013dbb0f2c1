"""Cropping, mirroring and colour changes of frame pairs; flow follows the frames."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np

from triad.modalities.letterbox import resize


class Crop(NamedTuple):
    """A window of a scaled and perhaps mirrored picture.

    Attributes:
        size: height and width of the scaled picture, pixels.
        y: first row of the window in it.
        x: first column of the window in it.
        flip: True if the window is mirrored.
    """

    size: tuple[int, int]
    y: int
    x: int
    flip: bool


def draw_crop(
    picture_hw: tuple[int, int], size_hw: tuple[int, int], rng: np.random.Generator, *, max_zoom: float = 1.6
) -> Crop:
    """Draw a window in a picture that is scaled to cover it, or up to ``max_zoom`` times larger.

    Args:
        picture_hw: height and width of the picture.
        size_hw: height and width of the window.
        rng: source of all randomness.
        max_zoom: largest scale relative to covering.
    """
    scale = max(size_hw[0] / picture_hw[0], size_hw[1] / picture_hw[1]) * rng.uniform(1, max_zoom)
    size = (max(round(picture_hw[0] * scale), size_hw[0]), max(round(picture_hw[1] * scale), size_hw[1]))
    y, x = (int(rng.integers(large - small + 1)) for large, small in zip(size, size_hw, strict=True))
    return Crop(size, y, x, bool(rng.uniform() < 0.5))


def apply_crop(picture: np.ndarray, crop: Crop, size_hw: tuple[int, int]) -> np.ndarray:
    """Return the window of a picture.

    Shapes: ``[h, w, C]`` -> ``[H, W, C]``.
    """
    window = resize(picture, crop.size)[crop.y : crop.y + size_hw[0], crop.x : crop.x + size_hw[1]]
    return np.ascontiguousarray(window[:, ::-1] if crop.flip else window)


def crop_flow(flow: np.ndarray, crop: Crop, size_hw: tuple[int, int]) -> np.ndarray:
    """Return the flow of the window; its vectors are scaled and mirrored with the picture.

    Shapes: ``[h, w, 2]`` -> ``[H, W, 2]``.
    """
    scale = np.array([crop.size[1] / flow.shape[1], crop.size[0] / flow.shape[0]], np.float32)
    # nearest neighbour: between two things that move apart there is no third motion
    scaled = cv2.resize(flow, crop.size[::-1], interpolation=cv2.INTER_NEAREST_EXACT) * scale
    window = scaled[crop.y : crop.y + size_hw[0], crop.x : crop.x + size_hw[1]]
    return np.ascontiguousarray(window[:, ::-1] * np.array([-1, 1], np.float32) if crop.flip else window)


def random_crop(picture: np.ndarray, size_hw: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """Return a random window of a picture.

    Shapes: uint8 ``[h, w, 3]`` -> ``[H, W, 3]``.
    """
    return apply_crop(picture, draw_crop((picture.shape[0], picture.shape[1]), size_hw, rng), size_hw)


def recolor(frames: np.ndarray, rng: np.random.Generator, *, strength: float = 0.3) -> np.ndarray:
    """Return frames in another light, nearly the same for both, with the noise of a camera.

    Args:
        frames: the two frames of a pair.
        rng: source of all randomness.
        strength: size of the changes, 0 for noise only.

    Shapes: uint8 ``[2, H, W, 3]``.
    """
    gain = np.exp(rng.normal(0, strength / 2))
    shift = rng.normal(0, 40 * strength)
    tint = np.exp(rng.normal(0, strength / 4, 3))
    frame_gain = 1 + rng.normal(0, strength / 30, (2, 1, 1, 1))
    noisy = frames * (gain * tint * frame_gain) + shift + rng.normal(0, rng.uniform(0, 3), frames.shape)
    return np.clip(np.rint(noisy), 0, 255).astype(np.uint8)
