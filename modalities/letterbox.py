"""Placing of images and flow fields on a frame of another aspect ratio: centred, and padded with zeros or cut."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

CROP_MODES: dict[str, Callable[[float, float], float]] = {"border": min, "center": max}
"""Choice between the scales that fit height and width, in timm's words: ``border`` shows all of a source and pads the
frame with zeros, ``center`` fills the frame and cuts what lies outside."""


def letterbox_geometry(
    source_hw: tuple[int, int], frame_hw: tuple[int, int], crop_mode: str = "border"
) -> tuple[float, float, float]:
    """Return scale and offset ``(s, dx, dy)`` that centre a source in the frame: ``frame = s * source + (dx, dy)``.

    Coordinates are of pixel corners: the source's ``[0, W] × [0, H]`` lands inside the frame's, or around it where the
    crop mode is ``center``.
    """
    source_h, source_w = source_hw
    frame_h, frame_w = frame_hw
    scale = CROP_MODES[crop_mode](frame_h / source_h, frame_w / source_w)
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
    crop_mode: str = "border",
    *,
    resize: Callable[[np.ndarray, tuple[int, int]], np.ndarray] = resize,
) -> np.ndarray:
    """Return the image centred in a frame as by :func:`letterbox_geometry`, to the nearest whole pixel.

    Values are not changed: for flow, the caller scales the vectors as well.

    Args:
        image: image or field.
        frame_hw: height and width of the frame, pixels.
        crop_mode: one of ``CROP_MODES``.
        resize: function that resizes an image to a height and width.

    Shapes: ``[h, w, C]`` -> ``[H, W, C]``.
    """
    scale, dx, dy = letterbox_geometry((image.shape[0], image.shape[1]), frame_hw, crop_mode)
    height = max(round(image.shape[0] * scale), 1)
    width = max(round(image.shape[1] * scale), 1)
    resized = resize(image, (height, width))
    if (height, width) == frame_hw:
        return resized
    y = int(dy)
    x = int(dx)
    if crop_mode == "center":
        return np.ascontiguousarray(resized[-y : frame_hw[0] - y, -x : frame_hw[1] - x])
    frame = np.zeros((*frame_hw, *image.shape[2:]), image.dtype)
    frame[y : y + height, x : x + width] = resized
    return frame
