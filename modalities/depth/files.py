"""Stored depth: a video of 16-bit grey frames, or a folder of 16-bit PNG pictures in the order of their names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import av
import cv2
import numpy as np

from triad.modalities.checks import fail
from triad.modalities.video import count_packets, probe, read_frames, sort_naturally
from triad.modalities.video.orientation import apply_orientation, orientation_of

FORMATS = ("gray16le", "gray16be")
CURE = "record depth as lossless 16-bit grey: FFV1 in .mkv, or a folder of 16-bit PNG"


class DepthInfo(NamedTuple):
    """Properties of stored depth.

    Attributes:
        num: number of pictures that decode.
        height: height of a picture, pixels.
        width: width of a picture, pixels.
        fps: pictures per second; None where they have no clock, or no constant one.
        times: seconds of each picture where the rate varies; None otherwise.
    """

    num: int
    height: int
    width: int
    fps: float | None
    times: tuple[float, ...] | None


def read_depth(
    path: Path,
    indices: np.ndarray,
    *,
    fps: float | None = None,
    transform: Callable[[np.ndarray], np.ndarray] | None = None,
) -> np.ndarray:
    """Return depth pictures by index, in any order and repeated as asked for.

    Args:
        path: path of the video or folder.
        indices: indices of the pictures, from 0.
        fps: pictures per second, where a video's rate is constant, see :func:`triad.modalities.video.read_frames`.
        transform: function applied to each picture as it is decoded.

    Shapes: ``indices`` ``[T]`` -> uint16 ``[T, H, W]`` of stored values, or as ``transform`` returns them.

    Raises:
        InputError: If the file is missing, damaged, not of 16 bits, or an index is not in it.
    """
    if not path.is_dir():
        return read_frames(path, indices, fps=fps, transform=transform, convert=to_depth(path))
    pictures = list_pictures(path)
    last = int(np.max(indices))
    if last >= len(pictures):
        fail(f"picture of '{path}'", f"be below {len(pictures)}", last, "prepare the dataset again")
    by_index = {}
    for index in np.unique(indices).tolist():
        picture = read_picture(pictures[index])
        by_index[index] = picture if transform is None else transform(picture)
    return np.stack([by_index[index] for index in np.asarray(indices).tolist()])


def count_depth(path: Path) -> int:
    """Return the number of pictures, of which only the first is decoded.

    Raises:
        InputError: If the file is missing, damaged or not of 16 bits.
    """
    read_depth(path, np.array([0]))
    return len(list_pictures(path)) if path.is_dir() else count_packets(path)


def probe_depth(path: Path) -> DepthInfo:
    """Return the properties of stored depth; a video is decoded for it.

    Raises:
        InputError: As :func:`count_depth`.
    """
    height, width = read_depth(path, np.array([0])).shape[1:3]
    if path.is_dir():
        return DepthInfo(len(list_pictures(path)), height, width, None, None)
    info = probe(path, check=check_depth)
    return DepthInfo(info.num_frames, height, width, info.fps if info.times is None else None, info.times)


def to_depth(path: Path) -> Callable[[av.VideoFrame], np.ndarray]:
    """Return a converter of decoded frames to stored values, uint16 ``[H, W]``, upright.

    It raises an ``InputError`` for frames of another format.

    Args:
        path: path of the video, for the message.
    """

    def convert(frame: av.VideoFrame) -> np.ndarray:
        check_depth(frame, path)
        return apply_orientation(frame.to_ndarray(), orientation_of(frame))

    return convert


def check_depth(frame: av.VideoFrame, name: object) -> None:
    """Refuse a frame that is not of 16-bit grey.

    Raises:
        InputError: naming the file and the pixel format.
    """
    if frame.format.name not in FORMATS:
        fail(f"depth '{name}'", "be a video of 16-bit grey frames", frame.format.name, CURE)


def list_pictures(folder: Path) -> list[Path]:
    """Return the PNG files of a folder in the order of their names, numbers by value.

    Raises:
        InputError: If there is none.
    """
    pictures = [path for path in folder.iterdir() if path.suffix.lower() == ".png" and not path.name.startswith(".")]
    if not pictures:
        fail(f"depth '{folder}'", "be a folder of PNG pictures", "no .png file in it", CURE)
    return sort_naturally(pictures)


def read_picture(path: Path) -> np.ndarray:
    """Return the stored values of a PNG picture, uint16 ``[H, W]``.

    Raises:
        InputError: If the file does not decode or is not of 16-bit grey.
    """
    try:
        picture = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    except cv2.error:  # larger than OpenCV takes
        picture = None
    if picture is None:
        fail(f"depth '{path}'", "be a PNG picture", "a file that does not decode", CURE)
    if picture.dtype != np.uint16 or picture.ndim != 2:
        channels = 1 if picture.ndim == 2 else picture.shape[2]
        fail(f"depth '{path}'", "be a picture of 16-bit grey", f"{picture.dtype}, {channels} channels", CURE)
    return picture
