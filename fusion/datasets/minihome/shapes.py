"""A patch carried by a moving segment: what everything that moves in MiniHome is drawn with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fusion.datasets.minihome.colors import Color


@dataclass(frozen=True, repr=False)
class Shape:
    """A convex polygon that follows a segment in the image.

    A point of the patch has coordinates ``(s, e, n)``: the share ``s`` of the segment, plus ``e`` pixels along it, plus
    ``n`` pixels across it. So a limb keeps its width and its round ends when it is foreshortened, and the motion of
    each of its points is known exactly.

    Shapes: ``start``, ``end`` ``[T, 2]`` pixels; ``outline`` ``[P, 3]``.

    Args:
        part: what it belongs to, e.g. ``left_forearm``; the measured skeleton asks who hides whom.
    """

    start: np.ndarray
    end: np.ndarray
    outline: np.ndarray
    color: Color
    part: str

    def basis(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The segment, its direction and its normal, ``[T, 2]`` each; a vanishing segment points down."""
        along = self.end - self.start
        length = np.linalg.norm(along, axis=-1, keepdims=True)
        unit = np.where(length > 1e-3, along / np.maximum(length, 1e-3), [0.0, 1.0])
        return along, unit, np.stack([-unit[:, 1], unit[:, 0]], axis=-1)

    def polygon(self) -> np.ndarray:
        """The outline in pixels, ``[T, P, 2]``."""
        along, unit, normal = self.basis()
        s, e, n = self.outline.T[:, None, :, None]  # [1, P, 1] each
        return self.start[:, None] + s * along[:, None] + e * unit[:, None] + n * normal[:, None]

    def displacement(self, points: np.ndarray, time: int) -> np.ndarray:
        """Where points of the patch at frame ``time`` go until the next one.

        Shapes: ``[K, 2]`` pixels -> ``[K, 2]`` pixels.
        """
        along, unit, normal = self.basis()
        offset = points - self.start[time]
        length = float(np.linalg.norm(along[time]))
        travelled, across = offset @ unit[time], offset @ normal[time]
        share = np.clip(travelled / max(length, 1e-3), 0.0, 1.0)
        beyond = travelled - share * length
        moved = (
            self.start[time + 1]
            + share[:, None] * along[time + 1]
            + beyond[:, None] * unit[time + 1]
            + across[:, None] * normal[time + 1]
        )
        return moved - points


def capsule(start_radius: float, end_radius: float, *, shift: float = 0.0, corners: int = 8) -> np.ndarray:
    """Outline of a limb: two half circles and their tangents, ``[2 * corners, 3]``; widths in pixels."""
    angles = np.linspace(-np.pi / 2, np.pi / 2, corners)
    zeros, ones = np.zeros(corners), np.ones(corners)
    near = np.stack([zeros, -start_radius * np.cos(angles), -start_radius * np.sin(angles) + shift], axis=-1)
    far = np.stack([ones, end_radius * np.cos(angles), end_radius * np.sin(angles) + shift], axis=-1)
    return np.concatenate([near, far])


def ellipse(along: float, across: float, *, e: float = 0.0, n: float = 0.0, corners: int = 16) -> np.ndarray:
    """Outline of an ellipse about the start of the segment, semi-axes and centre in pixels, ``[corners, 3]``."""
    angles = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    return np.stack([np.zeros(corners), e + along * np.cos(angles), n + across * np.sin(angles)], axis=-1)


def band(low: float, high: float, low_half: float, high_half: float, *, shift: float = 0.0) -> np.ndarray:
    """Outline of a piece of the segment from share ``low`` to ``high`` with half widths in pixels, ``[4, 3]``."""
    return np.array(
        [
            [low, 0.0, shift - low_half],
            [low, 0.0, shift + low_half],
            [high, 0.0, shift + high_half],
            [high, 0.0, shift - high_half],
        ]
    )


def bar(e: tuple[float, float], n: tuple[float, float], *, s: float = 0.0) -> np.ndarray:
    """Outline of a rigid rectangle at share ``s`` of the segment, bounds in pixels along and across, ``[4, 3]``."""
    return np.array([[s, e[0], n[0]], [s, e[0], n[1]], [s, e[1], n[1]], [s, e[1], n[0]]])
