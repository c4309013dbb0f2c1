"""Rendering of scenes: frames, the visible layer at every pixel, and the true motion of every pixel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from triad.fusion.datasets.minihome.cameras import HEIGHT, WIDTH
from triad.fusion.datasets.minihome.painter import OVERSAMPLING, SUBPIXEL_BITS, fill_convex, to_fixed_point
from triad.fusion.datasets.minihome.shapes import Shape

BACKGROUND = -1


@dataclass(frozen=True, repr=False)
class StaticLayer:
    """Picture of furniture in front of a person.

    Args:
        image: picture on the oversampled canvas, uint8 ``[H', W', 3]``.
        mask: opacity, uint8 ``[H', W']``.
        component: name for occlusion.
    """

    image: np.ndarray
    mask: np.ndarray
    component: str = "furniture"


Layer = Shape | StaticLayer


@dataclass(frozen=True, repr=False)
class Scene:
    """Content of a clip: a background and layers in the order in which they are painted.

    Args:
        background: picture on the oversampled canvas, uint8 ``[H', W', 3]``.
        layers: moving shapes and static layers.
        num_frames: number of frames.
    """

    background: np.ndarray
    layers: list[Layer]
    num_frames: int

    def layer_indices(self, component: str) -> list[int]:
        """Return the indices of the layers of a component."""
        return [index for index, layer in enumerate(self.layers) if layer.component == component]


def draw_frames(scene: Scene) -> np.ndarray:
    """Return the frames without noise, uint8 ``[T, H, W, 3]``."""
    polygons = [to_fixed_point(layer.polygon()) if isinstance(layer, Shape) else None for layer in scene.layers]
    frames = np.empty((scene.num_frames, HEIGHT, WIDTH, 3), np.uint8)
    canvas = np.empty_like(scene.background)
    for time in range(scene.num_frames):
        np.copyto(canvas, scene.background)
        for layer, polygon in zip(scene.layers, polygons, strict=True):
            if isinstance(layer, StaticLayer):
                cv2.copyTo(layer.image, layer.mask, canvas)
            else:
                fill_convex(canvas, polygon[time], layer.color)  # type: ignore[index]
        frames[time] = cv2.resize(canvas, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    return frames


def draw_layer_map(scene: Scene, times: Sequence[int] | None = None) -> np.ndarray:
    """Return the index of the visible layer at every pixel, or ``BACKGROUND``, int16 ``[T, H, W]``.

    Args:
        scene: scene of the clip.
        times: numbers of the frames; all by default.
    """
    times = range(scene.num_frames) if times is None else times
    layer_map = np.full((len(times), HEIGHT, WIDTH), BACKGROUND, np.int16)
    for index, layer in enumerate(scene.layers):
        if isinstance(layer, StaticLayer):
            layer_map[:, layer.mask[::OVERSAMPLING, ::OVERSAMPLING] > 127] = index
            continue
        polygon = to_fixed_point(layer.polygon(), oversampling=1)
        for picture, time in zip(layer_map, times, strict=True):
            cv2.fillConvexPoly(picture, polygon[time], index, cv2.LINE_8, SUBPIXEL_BITS)
    return layer_map


def draw_flow(scene: Scene, times: Sequence[int] | None = None) -> np.ndarray:
    """Return the true forward flow, float32 ``[T, H, W, 2]``: the motion to the next frame, occluded there or not.

    Args:
        scene: scene of the clip.
        times: numbers of the frames; all but the last by default.
    """
    times = range(scene.num_frames - 1) if times is None else times
    layer_map = draw_layer_map(scene, times)
    flow = np.zeros((*layer_map.shape, 2), np.float32)
    for field, layers, time in zip(flow, layer_map, times, strict=True):
        for index in np.unique(layers):
            layer = scene.layers[index] if index != BACKGROUND else None
            if isinstance(layer, Shape):
                rows, columns = np.nonzero(layers == index)
                points = np.stack([columns, rows], axis=-1).astype(float)
                field[rows, columns] = layer.displacement(points, time)
    return flow


def add_noise(frames: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return frames with the noise of a small sensor, equal in all three channels so that it changes luma alone."""
    sigma = float(rng.uniform(1.2, 2.4))
    noise = np.rint(rng.standard_normal(frames.shape[:3], dtype=np.float32) * sigma).astype(np.int16)
    return np.stack(
        [cv2.add(frame, cv2.merge([grain] * 3), dtype=cv2.CV_8U) for frame, grain in zip(frames, noise, strict=True)]
    )
