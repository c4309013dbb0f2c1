"""Flow as colour: direction is hue, speed is saturation.

Baker et al. 2011, A Database and Evaluation Methodology for Optical Flow, §4.3 (their wheel goes through red, yellow,
green, cyan, blue and magenta in steps that the eye finds even).
"""

from __future__ import annotations

import numpy as np

from modalities.checks import check_shape

# hues from red on: how many steps to the next, and which channel rises (+) or falls (−) on the way
_ARCS = ((15, 1, +1), (6, 0, -1), (4, 2, +1), (11, 1, -1), (13, 0, +1), (6, 2, -1))


def color_wheel() -> np.ndarray:
    """The 55 colours, from red through yellow, green, cyan, blue and magenta; float64 ``[55, 3]`` in 0–1."""
    colors = []
    color = np.array([1.0, 0.0, 0.0])
    for steps, channel, sign in _ARCS:
        for step in range(steps):
            shade = color.copy()
            shade[channel] += sign * step / steps
            colors.append(shade)
        color[channel] += sign
    return np.array(colors)


def flow_to_rgb(flow: np.ndarray, max_magnitude: float | None = None) -> np.ndarray:
    """No motion is white, motion to the right is red, ``max_magnitude`` is fully coloured, more is darkened.

    Args:
        flow: float ``[..., 2]``, pixels.
        max_magnitude: pixels; by default the largest in ``flow``. Give it where pictures are to be compared.

    Shapes: ``[..., 2]`` -> uint8 ``[..., 3]``.
    """
    check_shape("flow", flow, [*flow.shape[:-1], 2])
    speed = np.linalg.norm(flow, axis=-1)
    if max_magnitude is None:
        max_magnitude = float(speed.max(initial=0.0))
    speed = (speed / max(max_magnitude, 1e-6))[..., None]
    wheel = color_wheel()
    # motion to the right sits at red, motion down (v > 0) comes next, at yellow
    place = np.mod(np.arctan2(flow[..., 1], flow[..., 0]) / (2 * np.pi), 1.0) * len(wheel)
    below = np.floor(place).astype(int)
    share = (place - below)[..., None]
    hue = (1 - share) * wheel[below % len(wheel)] + share * wheel[(below + 1) % len(wheel)]
    color = np.where(speed <= 1, 1 - speed * (1 - hue), 0.75 * hue)
    return np.floor(255 * color + 0.5).astype(np.uint8)
