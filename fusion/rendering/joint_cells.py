"""Pictures of skeletons whose joints have the size and colour of a value."""

from __future__ import annotations

import numpy as np

from triad.fusion.rendering.relevance import draw_relevance
from triad.modalities.clips import PoseClip
from triad.modalities.skeleton import fit_front_view, get_layout, project_joints

NUM_LINKS = 12
"""Strongest connections of a graph that are drawn."""


def draw_joint_cells(
    clip: PoseClip,
    frame_size: tuple[int, int],
    frames: np.ndarray | None,
    values: np.ndarray,
    limit: float,
    *,
    signed: bool = True,
    links: np.ndarray | None = None,
) -> list[np.ndarray]:
    """Return a picture a time with the joints of every person.

    Args:
        clip: poses at the times of the pictures.
        frame_size: height and width of a picture, pixels.
        frames: frames behind the poses, uint8 ``[T, H, W, 3]``; None for a plain background.
        values: value of each joint, ``[M, T, V]``.
        limit: value of the largest disc.
        signed: whether values below 0 have a colour of their own.
        links: weights between joints, ``[M, T, V, V]``, of which the strongest are drawn; None for no links.
    """
    layout = get_layout(clip.layout)
    view = fit_front_view(clip, frame_size)
    pixels, pictures = project_joints(clip, view=view, frame_size=frame_size, frames=frames)
    cells = []
    for time, picture in enumerate(pictures):
        for person in range(min(len(pixels), len(values))):
            picture = draw_relevance(
                picture,
                pixels[person, time],
                clip.scores[person, time],
                layout,
                values=values[person, time],
                limit=limit,
                signed=signed,
                links=() if links is None else _strongest_links(links[person, time], float(links.max())),
            )
        cells.append(picture)
    return cells


def _strongest_links(links: np.ndarray, limit: float) -> list[tuple[int, int, float]]:
    """Return the strongest pairs of joints, weakest first; ``links`` are symmetric, ``[V, V]``."""
    starts, ends = np.triu_indices(len(links), 1)
    order = np.argsort(links[starts, ends], kind="stable")[-NUM_LINKS:]
    return [(int(starts[k]), int(ends[k]), float(links[starts[k], ends[k]] / max(limit, 1e-12))) for k in order]
