"""Rows of a contact sheet from saliency: on the skeleton at several times, and by joint over all times."""

from __future__ import annotations

from textwrap import wrap
from typing import Any

import numpy as np

from triad.fusion.data import read_clip
from triad.fusion.index import Index, Record
from triad.fusion.rendering.contact_sheet import NOTE_LENGTH, HeatmapRow, ImageRow, Row
from triad.fusion.rendering.joint_cells import NUM_LINKS, draw_joint_cells
from triad.fusion.rendering.relevance import color_bar, relevance_colors
from triad.fusion.rendering.saliency import Saliency
from triad.modalities.clips import PoseClip
from triad.modalities.modality import get_modality


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
    """Return gradient × input on the skeleton and by joint and time, occlusion beside it, and the network's graph.

    A picture shows the sum over the times of its column.

    Args:
        saliency: saliency of a stream of the record.
        index: index of the dataset.
        record: record that is drawn.
        times: times of the columns, seconds ``[N]``.
        valid: whether each time is real, bool ``[N]``.
        frame_size: height and width of a picture, pixels.
        frames: video frames at the times on the same canvas, uint8 ``[N, H, W, 3]``; None if there are none.
    """
    reader = saliency.reader.with_frame_size(frame_size)
    clip: Any = read_clip(index, record, saliency.source, reader, times, valid)
    prediction = f"{saliency.label.replace('_', ' ')} ({saliency.probability:.2f})"
    color = get_modality(clip.modality).color
    by_column = sum_columns(saliency.gradient, len(times))  # [M, N, V]
    by_time = saliency.gradient.sum(0).T  # [V, T], of all persons
    by_joint = saliency.occlusion.sum(0)  # [V]
    column_limit, time_limit, joint_limit = (_color_limit(values) for values in (by_column, by_time, by_joint))
    rows: list[Row] = [
        ImageRow(
            "relevance",
            draw_joint_cells(clip, frame_size, frames, by_column, column_limit),
            color,
            (f"score of {saliency.stream} for", *wrap(prediction, NOTE_LENGTH), "gradient × input"),
            clip.valid,
            color_bar(f"−{column_limit:.2f}", f"+{column_limit:.2f}"),
        ),
        HeatmapRow(
            "by joint and time",
            relevance_colors(by_time, time_limit, signed=True),
            reader.layout.joints,
            color,
            f"gradient × input, full colour ±{time_limit:.2f} of the logit; first column: joint hidden throughout, "
            f"±{joint_limit:.2f}",
            relevance_colors(by_joint, joint_limit, signed=True),
        ),
    ]
    if saliency.graph is not None:
        rows.append(_graph_row(saliency.graph, clip, frame_size, frames))
    return rows


def _color_limit(values: np.ndarray) -> float:
    """Return the value of the strongest colour: a few large values shall not pale all others."""
    return float(np.percentile(np.abs(values), 98)) or float(np.abs(values).max())


def _graph_row(graph: np.ndarray, clip: PoseClip, frame_size: tuple[int, int], frames: np.ndarray | None) -> ImageRow:
    """Return joints by the weight that others give them, and the pairs of the largest weights."""
    middles = [(start + end - 1) // 2 for start, end in column_bounds(graph.shape[1], len(clip.times))]
    weights = graph[:, middles]  # [M, N, V, V]
    received = weights.sum(2)
    links = weights + weights.swapaxes(2, 3)
    low = float(received.min())
    high = float(received.max())
    notes = ("weight of each joint", "in others' updates,", f"{NUM_LINKS} strongest pairs")
    legend = color_bar(f"{100 * low:.1f} %", f"{100 * high:.1f} %", signed=False)
    cells = draw_joint_cells(clip, frame_size, frames, received - low, high - low, signed=False, links=links)
    return ImageRow("learned graph", cells, get_modality(clip.modality).color, notes, clip.valid, legend)


def sum_columns(values: np.ndarray, num_columns: int) -> np.ndarray:
    """Return sums over the times of each column: ``[M, T, V]`` -> ``[M, num_columns, V]``."""
    return np.stack([values[:, start:end].sum(1) for start, end in column_bounds(values.shape[1], num_columns)], 1)


def column_bounds(times: int, num_columns: int) -> list[tuple[int, int]]:
    """Return start and end of the times of each column: equal intervals, at least one time each."""
    return [
        (column * times // num_columns, max((column + 1) * times // num_columns, column * times // num_columns + 1))
        for column in range(num_columns)
    ]
