"""Rendering of flow as colour: direction is hue, speed is saturation.

Baker et al. 2011, A Database and Evaluation Methodology for Optical Flow, §4.3. The wheel goes through red, yellow,
green, cyan, blue and magenta in perceptually even steps.
"""

from __future__ import annotations

import numpy as np

from triad.modalities.checks import check_shape

# arcs of the wheel from red on: number of steps, and the channel that rises (+) or falls (−) on the way
_ARCS = ((15, 1, +1), (6, 0, -1), (4, 2, +1), (11, 1, -1), (13, 0, +1), (6, 2, -1))


def color_wheel() -> np.ndarray:
    """Return the 55 colours from red through yellow, green, cyan, blue and magenta, float64 ``[55, 3]`` in 0–1."""
    colors = []
    corner = np.array([1.0, 0.0, 0.0])
    for steps, channel, sign in _ARCS:
        for step in range(steps):
            color = corner.copy()
            color[channel] += sign * step / steps
            colors.append(color)
        corner[channel] += sign
    return np.array(colors)


def flow_to_rgb(flow: np.ndarray, max_magnitude: float | None = None) -> np.ndarray:
    """Return flow as colours: white without motion, fully coloured at ``max_magnitude``, darker beyond.

    Motion to the right is red.

    Args:
        flow: float ``[..., 2]``, pixels.
        max_magnitude: magnitude of full colour, pixels; by default the largest in ``flow``. Give it where images are to
            be compared.

    Shapes: ``[..., 2]`` -> uint8 ``[..., 3]``.
    """
    check_shape("flow", flow, [*flow.shape[:-1], 2])
    speed = np.linalg.norm(flow, axis=-1)
    if max_magnitude is None:
        max_magnitude = float(speed.max(initial=0.0))
    speed = (speed / max(max_magnitude, 1e-6))[..., None]
    wheel = color_wheel()
    # motion to the right is red, and motion down (v > 0) is the next corner, yellow
    position = np.mod(np.arctan2(flow[..., 1], flow[..., 0]) / (2 * np.pi), 1.0) * len(wheel)
    lower = np.floor(position).astype(int)
    fraction = (position - lower)[..., None]
    hue = (1 - fraction) * wheel[lower % len(wheel)] + fraction * wheel[(lower + 1) % len(wheel)]
    color = np.where(speed <= 1, 1 - speed * (1 - hue), 0.75 * hue)
    return np.floor(255 * color + 0.5).astype(np.uint8)
