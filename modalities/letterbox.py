"""Letterboxing of images and flow fields to a frame size: scaled to fit, centred, padded with zeros."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np


def letterbox_geometry(source_hw: tuple[int, int], frame_hw: tuple[int, int]) -> tuple[float, float, float]:
    """Return scale and offset ``(s, dx, dy)`` that centre a source in the frame: ``frame = s * source + (dx, dy)``.

    Coordinates are of pixel corners, so that the source's ``[0, W] × [0, H]`` lands inside the frame's.
    """
    source_h, source_w = source_hw
    frame_h, frame_w = frame_hw
    scale = min(frame_h / source_h, frame_w / source_w)
    return scale, (frame_w - scale * source_w) / 2, (frame_h - scale * source_h) / 2


def resize(image: np.ndarray, size_hw: tuple[int, int]) -> np.ndarray:
    """Resize an image by averaging where it shrinks (no aliasing), linearly where it grows.

    swscale's own averaging, which would save a pass, is no faster and turns white into 253.

    Shapes: ``[H, W]`` or ``[H, W, C]`` -> ``[*size_hw]`` or ``[*size_hw, C]``.
    """
    height, width = image.shape[:2]
    if (height, width) == size_hw:
        return image
    shrinks = size_hw[0] < height or size_hw[1] < width
    method = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return cv2.resize(image, size_hw[::-1], interpolation=method)


def letterbox(
    image: np.ndarray,
    frame_hw: tuple[int, int],
    *,
    resize: Callable[[np.ndarray, tuple[int, int]], np.ndarray] = resize,
) -> np.ndarray:
    """Return the image centred in a frame as by :func:`letterbox_geometry`, to the nearest whole pixel.

    Values are not changed: for flow, the caller scales the vectors as well.

    Args:
        image: image or field.
        frame_hw: height and width of the frame, pixels.
        resize: function that resizes an image to a height and width.

    Shapes: ``[h, w, C]`` -> ``[H, W, C]``.
    """
    scale, dx, dy = letterbox_geometry((image.shape[0], image.shape[1]), frame_hw)
    height = max(round(image.shape[0] * scale), 1)
    width = max(round(image.shape[1] * scale), 1)
    resized = resize(image, (height, width))
    if (height, width) == frame_hw:
        return resized
    frame = np.zeros((*frame_hw, *image.shape[2:]), image.dtype)
    y = int(dy)
    x = int(dx)
    frame[y : y + height, x : x + width] = resized
    return frame
