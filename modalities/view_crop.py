"""Crop of a stored picture by a view, scaled once, straight to the size of the network's input.

In training the view is known before a picture is read. A picture that is scaled to the frame size, then cropped and
scaled again on the device, shows the same and costs several times as much.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import cv2
import numpy as np

from triad.modalities.augmentation import SpatialAugmentation
from triad.modalities.letterbox import letterbox_geometry


class Extent(NamedTuple):
    """Visible part of a crop along one axis.

    Attributes:
        source: its pixels in the picture.
        output: its pixels in the output.
    """

    source: slice
    output: slice


@dataclass(frozen=True)
class ViewCrop:
    """Crop and flip of pictures by a view; what lies outside of a picture is zero.

    Args:
        view: crop box and flip in the frame.
        size: height and width of the output, pixels.
        frame_size: height and width of the frame, pixels.
        crop_mode: placing of pictures in the frame, see :data:`triad.modalities.letterbox.CROP_MODES`.
    """

    view: SpatialAugmentation
    size: tuple[int, int]
    frame_size: tuple[int, int]
    crop_mode: str

    def __call__(self, picture: np.ndarray) -> np.ndarray:
        """Return the crop; its edges are rounded to whole pixels of the picture.

        Shapes: ``[h, w]`` or ``[h, w, C]`` -> ``[*size]`` or ``[*size, C]`` of the same dtype.
        """
        rows, columns = visible_extents(self, (picture.shape[0], picture.shape[1]))
        visible = picture[rows.source, columns.source]
        if not visible.size:
            return np.zeros((*self.size, *picture.shape[2:]), picture.dtype)
        height = rows.output.stop - rows.output.start
        width = columns.output.stop - columns.output.start
        crop = resize_crop(visible, (height, width))
        if (height, width) != self.size:
            padded = np.zeros((*self.size, *picture.shape[2:]), picture.dtype)
            padded[rows.output, columns.output] = crop
            crop = padded
        return cv2.flip(crop, 1) if self.view.flip else crop

    def scales(self, source_hw: tuple[int, int]) -> tuple[float, float]:
        """Return the output's pixels along x and y for each pixel of a picture; along x negative after a flip."""
        scale = letterbox_geometry(source_hw, self.frame_size, self.crop_mode)[0]
        matrix = self.view.matrix(self.frame_size, self.size)
        return float(scale * matrix[0, 0]), float(scale * matrix[1, 1])


@lru_cache(maxsize=2)
def visible_extents(crop: ViewCrop, source_hw: tuple[int, int]) -> tuple[Extent, Extent]:
    """Return the visible rows and columns of pictures of one size, before the flip."""
    scale, dx, dy = letterbox_geometry(source_hw, crop.frame_size, crop.crop_mode)
    frame_h, frame_w = crop.frame_size
    y = (crop.view.y * frame_h - dy) / scale
    x = (crop.view.x * frame_w - dx) / scale
    rows = _visible_extent(y, crop.view.height * frame_h / scale, source_hw[0], crop.size[0])
    columns = _visible_extent(x, crop.view.width * frame_w / scale, source_hw[1], crop.size[1])
    return rows, columns


def _visible_extent(start: float, length: float, source: int, output: int) -> Extent:
    """Return the part of a crop that lies in the picture, along one axis.

    Args:
        start: first pixel of the crop in the picture; it may lie outside.
        length: length of the crop, pixels of the picture.
        source: length of the picture, pixels.
        output: length of the output, pixels.
    """
    first = min(max(round(start), 0), source)
    last = min(max(round(start + length), 0), source)
    is_whole = start > -0.5 and start + length < source + 0.5
    if is_whole:
        first = min(first, source - 1)
        return Extent(slice(first, max(last, first + 1)), slice(0, output))
    edges = [min(max(round((edge - start) / length * output), 0), output) for edge in (first, last)]
    if edges[0] == edges[1]:
        return Extent(slice(first, first), slice(0, 0))
    return Extent(slice(first, last), slice(*edges))


def resize_crop(image: np.ndarray, size_hw: tuple[int, int]) -> np.ndarray:
    """Resize an image linearly, after averaging blocks of whole pixels where it shrinks to a half or less.

    It is several times as fast as averaging over fractions of pixels, as :func:`triad.modalities.letterbox.resize`
    does.

    Shapes: ``[H, W, C]`` -> ``[*size_hw, C]``.
    """
    block_h, block_w = (max(length // out, 1) for length, out in zip(image.shape[:2], size_hw, strict=True))
    if block_h > 1 or block_w > 1:
        height = image.shape[0] // block_h
        width = image.shape[1] // block_w
        blocks = image[: height * block_h, : width * block_w]
        image = cv2.resize(blocks, (width, height), interpolation=cv2.INTER_AREA)
    if image.shape[:2] == size_hw:
        return image
    return cv2.resize(image, size_hw[::-1], interpolation=cv2.INTER_LINEAR)
