"""Folder of numbered pictures as a video: ``img_00001.jpg``, ``frame_000001.png`` …, in the order of their numbers."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageOps

from triad.modalities.checks import InputError, fail, printable
from triad.modalities.video.decoding import check_size

PICTURE_SUFFIXES = (".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff")
DEFAULT_PICTURE_FPS = 30.0
"""Pictures per second where nothing says so."""
CURE = "give a folder of numbered pictures of one size, such as img_00001.jpg"
DEPTH_CURE = "name the folder in the column depth of a table, or as --file depth=FOLDER"
_FLOW = re.compile(r"(flow_)?[xyuv]_#\.\w+")  # denseflow writes colour and flow into one folder
_DIGITS = re.compile(r"[0-9]+")
_MAX_NAMED = 3
MAX_MISSING = 100
"""Frame intervals a picture that numbers may span; numbers that span more are none of frames."""


@dataclass(frozen=True)
class PictureFolder:
    """Numbered pictures of one folder.

    Args:
        paths: pictures in the order of their numbers.
        positions: place of each picture in frame intervals from the first, where numbers are left out here and there;
            None where the pictures follow one another.
        first_number: number of the first picture, where ``positions`` are given.
    """

    paths: tuple[Path, ...]
    positions: tuple[int, ...] | None = None
    first_number: int = 0

    @property
    def missing(self) -> list[str]:
        """Numbers that are left out, as ``12`` or ``12–14``."""
        numbers = [self.first_number + position for position in self.positions or ()]
        gaps = [(first + 1, second - 1) for first, second in pairwise(numbers)]
        return [f"{first}" if first == last else f"{first}–{last}" for first, last in gaps if first <= last]

    def iter_frames(self) -> Iterator[np.ndarray]:
        """Give every picture in turn, uint8 ``[H, W, 3]``, RGB.

        Raises:
            InputError: If one does not decode or is of another size than the first.
        """
        size_hw: tuple[int, ...] = ()
        for path in self.paths:
            image = read_rgb(path)
            size_hw = size_hw or image.shape[:2]
            check_same_size(path, image.shape[:2], size_hw)
            yield image


def is_picture_folder(path: Path) -> bool:
    """Return whether a folder holds two or more pictures."""
    return path.is_dir() and sum(1 for _ in _iter_pictures(path)) > 1


def open_pictures(folder: str | Path) -> PictureFolder:
    """Return the numbered pictures of a folder; pictures of flow beside them do not count.

    Raises:
        InputError: If there is none, or there are several series.
    """
    folder = Path(folder)
    try:
        return _open_pictures(folder, folder.stat().st_mtime_ns)
    except OSError as error:
        fail("folder of pictures", "be readable", f"'{folder}' ({error.strerror})", CURE)


@lru_cache(maxsize=256)  # a training reads the same folders again and again
def _open_pictures(folder: Path, changed: int) -> PictureFolder:
    by_series: dict[str, list[Path]] = {}
    for path in _iter_pictures(folder):
        by_series.setdefault(_DIGITS.sub("#", path.name).lower(), []).append(path)
    series = {name: paths for name, paths in by_series.items() if not _FLOW.fullmatch(name)}
    if not series:
        got = "pictures of flow alone" if by_series else "no pictures"
        fail("video", "be a file or a folder of pictures", f"'{folder}', which has {got}", CURE)
    if len(series) > 1:
        names = ", ".join(printable(name) for name in sorted(series)[:_MAX_NAMED])
        fail(f"folder '{folder}'", "hold one series of numbered pictures", f"{len(series)} ({names})", CURE)
    paths = sort_naturally(next(iter(series.values())))
    numbers = _frame_numbers(paths)
    if numbers is None:
        return PictureFolder(tuple(paths))
    return PictureFolder(tuple(paths), tuple(number - numbers[0] for number in numbers), numbers[0])


def sort_naturally(paths: Iterable[Path]) -> list[Path]:
    """Return paths in the order of their names, in which numbers count by their values."""

    def key(path: Path) -> list[int | str]:
        return [int(piece) if piece.isascii() and piece.isdigit() else piece for piece in _split(path.stem)]

    return sorted(paths, key=key)


def _split(name: str) -> list[str]:
    return re.split(r"([0-9]+)", name)  # text and numbers in turn, so that equal places are comparable


def _frame_numbers(paths: list[Path]) -> tuple[int, ...] | None:
    """Return the numbers of pictures where they tell that frames are missing here and there; else None.

    Numbers with a constant step, as of every fifth frame, and dates and times of day tell nothing of the kind.
    """
    columns = list(zip(*([int(number) for number in _DIGITS.findall(path.stem)] for path in paths), strict=True))
    counting = [column for column in columns if len(set(column)) > 1]
    if len(counting) != 1:
        return None
    steps = [second - first for first, second in pairwise(counting[0])]
    if min(steps) == max(steps) or min(steps) < 1 or sorted(steps)[len(steps) // 2] > 1:
        return None
    numbers = counting[0]
    return numbers if numbers[-1] - numbers[0] <= MAX_MISSING * len(numbers) else None


def _iter_pictures(folder: Path) -> Iterator[Path]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.lower().endswith(PICTURE_SUFFIXES) and entry.name[0] != "." and entry.is_file():
                yield folder / entry.name


def check_pictures(pictures: PictureFolder) -> tuple[int, int]:
    """Decode every picture, and return the height and width that all have.

    Raises:
        InputError: If one is damaged, of 16-bit grey, or of another size.
    """
    sizes = map(_decoded_size, pictures.paths)
    first_size = next(sizes)
    for path, size in zip(pictures.paths[1:], sizes, strict=True):
        check_same_size(path, size, first_size)
    return first_size


def check_same_size(path: Path, size: tuple[int, ...], first_size: tuple[int, ...]) -> None:
    """Refuse a picture of another size than the first of its folder.

    Raises:
        InputError: naming both sizes.
    """
    if size != first_size:
        expected, got = (" × ".join(map(str, hw)) for hw in (first_size, size))
        fail(f"picture '{path}'", f"be {expected} as the first of its folder", got, "scale all to one size")


def _decoded_size(path: Path) -> tuple[int, int]:
    """Return height and width of a picture as it is displayed, after decoding all of it: OpenCV reads torn files."""
    try:
        with Image.open(path) as image:
            check_size((image.height, image.width), path)
            if image.mode[0] in "IF":
                fail("picture", "have colours of 8 bits", f"'{path}' of mode {image.mode}, as depth has", DEPTH_CURE)
            image.load()
            width, height = ImageOps.exif_transpose(image).size
    except InputError:
        raise
    except Exception as error:  # whatever the decoders of Pillow raise
        fail("picture", "be readable", f"'{path}' ({printable(error)})", CURE)
    return height, width


def read_rgb(path: Path) -> np.ndarray:
    """Return a picture as it is displayed, uint8 ``[H, W, 3]``.

    Raises:
        InputError: If it does not decode.
    """
    try:
        image = cv2.imdecode(np.frombuffer(path.read_bytes() or b"\0", np.uint8), cv2.IMREAD_COLOR_RGB)
    except (OSError, cv2.error) as error:
        fail("picture", "be readable", f"'{path}' ({printable(error)})", CURE)
    if image is None:
        fail("picture", "be readable", f"'{path}', which is damaged or none", CURE)
    return image


def read_pictures(
    folder: Path, indices: list[int], *, transform: Callable[[np.ndarray], np.ndarray] | None = None
) -> np.ndarray:
    """Return pictures by index, in any order and repeated as asked for; see :func:`triad.modalities.video.read_frames`.

    Raises:
        InputError: If one is damaged or missing, or is of another size than the first.
    """
    paths = open_pictures(folder).paths
    if max(indices) >= len(paths):
        cure = "the folder holds fewer pictures than its index says: prepare again"
        fail(f"frame of '{folder}'", f"be below {len(paths)}", max(indices), cure)
    images: dict[int, np.ndarray] = {}
    size_hw: tuple[int, ...] = ()
    for index in sorted(set(indices)):
        image = read_rgb(paths[index])
        size_hw = size_hw or image.shape[:2]
        check_same_size(paths[index], image.shape[:2], size_hw)
        images[index] = image if transform is None else transform(image)
    return np.stack([images[index] for index in indices])
