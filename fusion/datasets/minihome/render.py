"""From a scene to frames, to who is seen where, and to the true motion of every pixel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from fusion.datasets.minihome.cameras import HEIGHT, WIDTH
from fusion.datasets.minihome.painter import OVERSAMPLING, SUBPIXEL_BITS, fill, to_fixed
from fusion.datasets.minihome.shapes import Shape

BACKGROUND = -1


@dataclass(frozen=True, repr=False)
class Layer:
    """Furniture before a person: painted once, laid over what is behind.

    Shapes: ``image`` uint8 ``[H', W', 3]`` and ``mask`` uint8 ``[H', W']`` on the oversampled canvas.
    """

    image: np.ndarray
    mask: np.ndarray
    part: str = "furniture"


@dataclass(frozen=True, repr=False)
class Scene:
    """What a camera films: a background and things in the order in which they are painted.

    Shapes: ``background`` uint8 ``[H', W', 3]`` on the oversampled canvas.
    """

    background: np.ndarray
    things: list[Shape | Layer]
    num_frames: int

    def part_numbers(self, part: str) -> list[int]:
        """Where in the order the patches of a part are."""
        return [number for number, thing in enumerate(self.things) if thing.part == part]


def draw_frames(scene: Scene) -> np.ndarray:
    """Frames without noise, uint8 ``[T, H, W, 3]``."""
    polygons = [to_fixed(thing.polygon()) if isinstance(thing, Shape) else None for thing in scene.things]
    frames = np.empty((scene.num_frames, HEIGHT, WIDTH, 3), np.uint8)
    canvas = np.empty_like(scene.background)
    for time in range(scene.num_frames):
        np.copyto(canvas, scene.background)
        for thing, polygon in zip(scene.things, polygons, strict=True):
            if isinstance(thing, Layer):
                cv2.copyTo(thing.image, thing.mask, canvas)
            else:
                fill(canvas, polygon[time], thing.color)  # type: ignore[index]
        frames[time] = cv2.resize(canvas, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    return frames


def draw_parts(scene: Scene, times: Sequence[int] | None = None) -> np.ndarray:
    """Number of the thing that each pixel shows, ``BACKGROUND`` where none, int16 ``[T, H, W]``; by default always."""
    times = range(scene.num_frames) if times is None else times
    parts = np.full((len(times), HEIGHT, WIDTH), BACKGROUND, np.int16)
    for number, thing in enumerate(scene.things):
        if isinstance(thing, Layer):
            parts[:, thing.mask[::OVERSAMPLING, ::OVERSAMPLING] > 127] = number
            continue
        fixed = to_fixed(thing.polygon(), oversampling=1)
        for picture, time in zip(parts, times, strict=True):
            cv2.fillConvexPoly(picture, fixed[time], number, cv2.LINE_8, SUBPIXEL_BITS)
    return parts


def draw_flow(scene: Scene, times: Sequence[int] | None = None) -> np.ndarray:
    """Forward flow from the frames at ``times``, by default all but the last: where what a pixel shows is in the next.

    Covered there or not. Shapes: float32 ``[T, H, W, 2]``.
    """
    times = range(scene.num_frames - 1) if times is None else times
    parts = draw_parts(scene, times)
    flow = np.zeros((*parts.shape, 2), np.float32)
    for field, part, time in zip(flow, parts, times, strict=True):
        for number in np.unique(part):
            thing = scene.things[number] if number != BACKGROUND else None
            if isinstance(thing, Shape):
                rows, columns = np.nonzero(part == number)
                points = np.stack([columns, rows], axis=-1).astype(float)
                field[rows, columns] = thing.displacement(points, time)
    return flow


def add_noise(frames: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Luma noise of a small sensor, the same in all three channels so that hues keep their luma."""
    sigma = float(rng.uniform(1.2, 2.4))
    noise = np.rint(rng.standard_normal(frames.shape[:3], dtype=np.float32) * sigma).astype(np.int16)
    return np.stack(
        [cv2.add(frame, cv2.merge([grain] * 3), dtype=cv2.CV_8U) for frame, grain in zip(frames, noise, strict=True)]
    )
