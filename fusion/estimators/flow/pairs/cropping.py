"""Pairs brought to one size, mirrored and recoloured; flow goes along."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np

from modalities.letterbox import resize


class Crop(NamedTuple):
    """A picture scaled to ``size`` and a window of it; mirrored or not."""

    size: tuple[int, int]
    y: int
    x: int
    flip: bool


def draw_crop(
    picture_hw: tuple[int, int], size_hw: tuple[int, int], rng: np.random.Generator, *, zoom: float = 1.6
) -> Crop:
    """A random window of ``size_hw`` in a picture that is scaled to cover it, or up to ``zoom`` times larger."""
    scale = max(size_hw[0] / picture_hw[0], size_hw[1] / picture_hw[1]) * rng.uniform(1, zoom)
    size = (max(round(picture_hw[0] * scale), size_hw[0]), max(round(picture_hw[1] * scale), size_hw[1]))
    y, x = (int(rng.integers(big - small + 1)) for big, small in zip(size, size_hw, strict=True))
    return Crop(size, y, x, bool(rng.uniform() < 0.5))


def apply_crop(picture: np.ndarray, crop: Crop, size_hw: tuple[int, int]) -> np.ndarray:
    """Shapes: ``[h, w, C]`` -> ``[H, W, C]``."""
    window = resize(picture, crop.size)[crop.y : crop.y + size_hw[0], crop.x : crop.x + size_hw[1]]
    return np.ascontiguousarray(window[:, ::-1] if crop.flip else window)


def crop_flow(flow: np.ndarray, crop: Crop, size_hw: tuple[int, int]) -> np.ndarray:
    """Flow through the same window; vectors scale and turn with the picture. ``[h, w, 2]`` -> ``[H, W, 2]``."""
    gain = np.array([crop.size[1] / flow.shape[1], crop.size[0] / flow.shape[0]], np.float32)
    # the nearest vector: between two things that move apart there is no third motion
    scaled = cv2.resize(flow, crop.size[::-1], interpolation=cv2.INTER_NEAREST_EXACT) * gain
    window = scaled[crop.y : crop.y + size_hw[0], crop.x : crop.x + size_hw[1]]
    return np.ascontiguousarray(window[:, ::-1] * np.array([-1, 1], np.float32) if crop.flip else window)


def cover(picture: np.ndarray, size_hw: tuple[int, int], rng: np.random.Generator) -> tuple[np.ndarray, Crop]:
    """A random window of a picture, and which; uint8 ``[h, w, 3]`` -> ``[H, W, 3]``."""
    crop = draw_crop((picture.shape[0], picture.shape[1]), size_hw, rng)
    return apply_crop(picture, crop, size_hw), crop


def recolor(frames: np.ndarray, rng: np.random.Generator, *, strength: float = 0.3) -> np.ndarray:
    """Other light, the same in both frames but for a little, and the noise of a camera.

    Shapes: uint8 ``[2, H, W, 3]``.
    """
    gain, shift = np.exp(rng.normal(0, strength / 2)), rng.normal(0, 40 * strength)
    tint = np.exp(rng.normal(0, strength / 4, 3))
    own = 1 + rng.normal(0, strength / 30, (2, 1, 1, 1))
    noisy = frames * (gain * tint * own) + shift + rng.normal(0, rng.uniform(0, 3), frames.shape)
    return np.clip(np.rint(noisy), 0, 255).astype(np.uint8)
