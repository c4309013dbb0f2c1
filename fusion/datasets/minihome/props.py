"""Held objects of the pairs."""

from __future__ import annotations

import numpy as np

from triad.fusion.datasets.minihome import objects
from triad.fusion.datasets.minihome.clip_spec import ClipSpec
from triad.fusion.datasets.minihome.colors import chroma, ycc_to_rgb
from triad.fusion.datasets.minihome.shapes import Shape


def make_prop(clip: ClipSpec, start: np.ndarray, end: np.ndarray, *, scale: float, yaw: float) -> list[Shape]:
    """Return the shapes of the held object.

    Args:
        clip: specification of the clip.
        start: start of the object in pixels, ``[T, 2]``.
        end: end of the object in pixels, ``[T, 2]``.
        scale: pixels per metre.
        yaw: rotation of the person from the camera in radians.
    """
    rng = clip.pair_rng("prop")
    luma = rng.uniform(112, 135)
    tint = objects.random_surface(rng, cool=clip.applies("surface"))
    match clip.pair.name:
        case "drink":
            return objects.vessel(start, end, scale, tint, luma)
        case "look":
            return objects.board(start, end, 0.19 * scale * np.cos(yaw), tint, luma)
        case "hat":
            return objects.hat(start, end, scale, ycc_to_rgb(rng.uniform(70, 170), chroma(rng.uniform(0, 360), 30)))
        case "pot":
            return objects.spoon(start, end, scale)
    return []
