"""Saliency as rows of a sheet: on the skeleton at several times, and joint by joint over all times."""

from __future__ import annotations

from textwrap import wrap
from typing import Any

import numpy as np

from fusion.data import read_clip
from fusion.index import Index, Record
from fusion.rendering.contact_sheet import ImageGrid, ImageRow, Row
from fusion.rendering.relevance import color_bar, colors_of, draw_relevance
from fusion.rendering.saliency import Saliency
from modalities.clips import PoseClip
from modalities.modality import get_modality
from modalities.skeleton.layouts import get_layout
from modalities.skeleton.painter import fit_front_view, project_joints

LINKS = 12
"""Strongest connections of a graph that are drawn."""

NOTE = 20
"""Letters of a line beside a row."""


def saliency_rows(
    saliency: Saliency,
    index: Index,
    record: Record,
    times: np.ndarray,
    valid: np.ndarray,
    *,
    frame_size: tuple[int, int],
    frames: np.ndarray | None,
) -> list[Row]:
    """Gradient × input on the skeleton and by joint and time, occlusion beside it, and what joints hear in a graph.

    A column of pictures stands for its share of the span: the sum over the times of it.
    """
    reader = saliency.reader.with_frame_size(frame_size)
    clip: Any = read_clip(index, record, saliency.source, reader, times, valid)
    said = f"{index.classes[saliency.label].replace('_', ' ')} ({saliency.probability:.2f})"
    tone = get_modality(clip.modality).color
    coarse = gather(saliency.gradient, len(times))  # [M, N, V]
    fine = saliency.gradient.sum(0).T  # [V, T], of all persons
    hidden = saliency.occlusion.sum(0)  # [V]
    full, strong, most = (_full(values) for values in (coarse, fine, hidden))
    rows: list[Row] = [
        ImageRow(
            "relevance",
            _cells(clip, frame_size, frames, coarse, full),
            tone,
            (f"why {saliency.stream} says", *wrap(said, NOTE), "gradient × input"),
            clip.valid,
            color_bar(f"−{full:.2f}", f"+{full:.2f}"),
        ),
        ImageGrid(
            "by joint and time",
            colors_of(fine, strong, signed=True),
            reader.layout.joints,
            tone,
            f"gradient × input, full colour ±{strong:.2f} of the logit; left of it each joint hidden throughout, "
            f"±{most:.2f}",
            colors_of(hidden, most, signed=True),
        ),
    ]
    if saliency.graph is not None:
        rows.append(_graph_row(saliency.graph, clip, frame_size, frames))
    return rows


def _full(values: np.ndarray) -> float:
    """What gets the full colour: a few strongest values shall not pale all others."""
    return float(np.percentile(np.abs(values), 98)) or float(np.abs(values).max())


def _graph_row(graph: np.ndarray, clip: PoseClip, frame_size: tuple[int, int], frames: np.ndarray | None) -> ImageRow:
    """Joints by how much others hear them, and the pairs that hear each other most."""
    middles = [(low + high - 1) // 2 for low, high in columns(graph.shape[1], len(clip.times))]
    shown = graph[:, middles]  # [M, N, V, V]
    heard = shown.sum(2)
    links = shown + shown.swapaxes(2, 3)
    low, high = float(heard.min()), float(heard.max())
    notes = ("how much others hear", "of each joint, and the", f"{LINKS} closest pairs")
    legend = color_bar(f"{100 * low:.1f} %", f"{100 * high:.1f} %", signed=False)
    cells = _cells(clip, frame_size, frames, heard - low, high - low, links)
    return ImageRow("its own graph", cells, get_modality(clip.modality).color, notes, clip.valid, legend)


def _cells(
    clip: PoseClip,
    frame_size: tuple[int, int],
    frames: np.ndarray | None,
    values: np.ndarray,
    full: float,
    links: np.ndarray | None = None,
) -> list[np.ndarray]:
    """A picture a column; values ``[M, N, V]``, links ``[M, N, V, V]``."""
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
                full=full,
                signed=links is None,
                links=() if links is None else _strongest(links[person, time], float(links.max())),
            )
        cells.append(picture)
    return cells


def _strongest(links: np.ndarray, full: float) -> list[tuple[int, int, float]]:
    """The strongest pairs, weakest first; links symmetric ``[V, V]``."""
    one, other = np.triu_indices(len(links), 1)
    order = np.argsort(links[one, other], kind="stable")[-LINKS:]
    return [(int(one[k]), int(other[k]), float(links[one[k], other[k]] / max(full, 1e-12))) for k in order]


def gather(values: np.ndarray, count: int) -> np.ndarray:
    """Sums over the times of each column: ``[M, T, V]`` -> ``[M, count, V]``."""
    return np.stack([values[:, low:high].sum(1) for low, high in columns(values.shape[1], count)], 1)


def columns(times: int, count: int) -> list[tuple[int, int]]:
    """First time, and the one after the last, of each of ``count`` equal stretches; at least one time each."""
    return [
        (column * times // count, max((column + 1) * times // count, column * times // count + 1))
        for column in range(count)
    ]
