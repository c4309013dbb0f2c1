"""Patches carried by moving segments, with which everything that moves in MiniHome is drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from triad.fusion.datasets.minihome.colors import Color


@dataclass(frozen=True, repr=False)
class Shape:
    """Convex polygon that follows a segment in the image.

    A point of the patch has coordinates ``(s, e, n)``: the share ``s`` of the segment, plus ``e`` pixels along it, plus
    ``n`` pixels across it. So a limb keeps its width and its round ends when it is foreshortened, and the motion of
    each of its points is known exactly.

    Args:
        start: start of the segment in pixels, ``[T, 2]``.
        end: end of the segment in pixels, ``[T, 2]``.
        outline: corners of the polygon as ``(s, e, n)``, ``[P, 3]``.
        color: colour of the patch.
        component: body part or object to which it belongs, e.g. ``left_forearm``; occlusion is computed from it.
    """

    start: np.ndarray
    end: np.ndarray
    outline: np.ndarray
    color: Color
    component: str

    def basis(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the segment, its direction and its normal, ``[T, 2]`` each; a vanishing segment points down."""
        segment = self.end - self.start
        length = np.linalg.norm(segment, axis=-1, keepdims=True)
        unit = np.where(length > 1e-3, segment / np.maximum(length, 1e-3), [0.0, 1.0])
        return segment, unit, np.stack([-unit[:, 1], unit[:, 0]], axis=-1)

    def polygon(self) -> np.ndarray:
        """Return the outline in pixels, ``[T, P, 2]``."""
        segment, unit, normal = self.basis()
        s, e, n = self.outline.T[:, None, :, None]  # [1, P, 1] each
        return self.start[:, None] + s * segment[:, None] + e * unit[:, None] + n * normal[:, None]

    def displacement(self, points: np.ndarray, time: int) -> np.ndarray:
        """Return the displacement of points of the patch from a frame to the next one.

        Args:
            points: pixels at frame ``time``.
            time: number of the frame, not the last.

        Shapes: ``[K, 2]`` pixels -> ``[K, 2]`` pixels.
        """
        segment, unit, normal = self.basis()
        offset = points - self.start[time]
        length = float(np.linalg.norm(segment[time]))
        along = offset @ unit[time]
        across = offset @ normal[time]
        share = np.clip(along / max(length, 1e-3), 0.0, 1.0)
        beyond = along - share * length
        next_points = (
            self.start[time + 1]
            + share[:, None] * segment[time + 1]
            + beyond[:, None] * unit[time + 1]
            + across[:, None] * normal[time + 1]
        )
        return next_points - points


def capsule(start_radius: float, end_radius: float, *, shift: float = 0.0, corners: int = 8) -> np.ndarray:
    """Return the outline of a limb: two half circles and their tangents, ``[2 * corners, 3]``.

    Args:
        start_radius: radius at the start of the segment in pixels.
        end_radius: radius at its end in pixels.
        shift: offset across the segment in pixels.
        corners: number of corners of a half circle.
    """
    angles = np.linspace(-np.pi / 2, np.pi / 2, corners)
    start_arc = [np.zeros(corners), -start_radius * np.cos(angles), -start_radius * np.sin(angles) + shift]
    end_arc = [np.ones(corners), end_radius * np.cos(angles), end_radius * np.sin(angles) + shift]
    return np.concatenate([np.stack(start_arc, axis=-1), np.stack(end_arc, axis=-1)])


def ellipse(along: float, across: float, *, e: float = 0.0, n: float = 0.0, corners: int = 16) -> np.ndarray:
    """Return the outline of an ellipse about the start of the segment, ``[corners, 3]``.

    Args:
        along: semi-axis along the segment in pixels.
        across: semi-axis across the segment in pixels.
        e: offset of the centre along the segment in pixels.
        n: offset of the centre across the segment in pixels.
        corners: number of corners.
    """
    angles = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    return np.stack([np.zeros(corners), e + along * np.cos(angles), n + across * np.sin(angles)], axis=-1)


def band(low: float, high: float, low_half: float, high_half: float, *, shift: float = 0.0) -> np.ndarray:
    """Return the outline of a band across a piece of the segment, ``[4, 3]``.

    Args:
        low: share of the segment at which the band begins.
        high: share of the segment at which it ends.
        low_half: half width at its beginning in pixels.
        high_half: half width at its end in pixels.
        shift: offset across the segment in pixels.
    """
    return np.array(
        [
            [low, 0.0, shift - low_half],
            [low, 0.0, shift + low_half],
            [high, 0.0, shift + high_half],
            [high, 0.0, shift - high_half],
        ]
    )


def bar(e: tuple[float, float], n: tuple[float, float], *, s: float = 0.0) -> np.ndarray:
    """Return the outline of a rigid rectangle at share ``s`` of the segment; ``e`` and ``n`` are bounds, ``[4, 3]``."""
    return np.array([[s, e[0], n[0]], [s, e[0], n[1]], [s, e[1], n[1]], [s, e[1], n[0]]])
