"""Pictures and flow fields brought onto the canvas of a dataset: scaled to fit, centred, padded with zeros."""

from __future__ import annotations

import cv2
import numpy as np

from modalities.augmentation import letterbox_geometry


def resize(picture: np.ndarray, size_hw: tuple[int, int]) -> np.ndarray:
    """Scale a picture: averaging where it shrinks (no aliasing), linear where it grows.

    swscale's own averaging, which would save a pass, is no faster and turns white into 253.

    Shapes: ``[H, W]`` or ``[H, W, C]`` -> ``[*size_hw]`` or ``[*size_hw, C]``.
    """
    height, width = picture.shape[:2]
    if (height, width) == size_hw:
        return picture
    shrinks = size_hw[0] < height or size_hw[1] < width
    method = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return cv2.resize(picture, size_hw[::-1], interpolation=method)


def letterbox(picture: np.ndarray, canvas_hw: tuple[int, int]) -> np.ndarray:
    """The picture where :func:`modalities.augmentation.letterbox_geometry` puts it, to the nearest whole pixel.

    Values are not touched: who scales flow multiplies its vectors as well.

    Shapes: ``[h, w, C]`` -> ``[H, W, C]``.
    """
    scale, dx, dy = letterbox_geometry((picture.shape[0], picture.shape[1]), canvas_hw)
    height = max(round(picture.shape[0] * scale), 1)
    width = max(round(picture.shape[1] * scale), 1)
    fitted = resize(picture, (height, width))
    if (height, width) == canvas_hw:
        return fitted
    frame_size = np.zeros((*canvas_hw, *picture.shape[2:]), picture.dtype)
    y, x = int(dy), int(dx)
    frame_size[y : y + height, x : x + width] = fitted
    return frame_size
