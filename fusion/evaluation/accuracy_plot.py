"""Plot of accuracy against cost, a circle for every network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from triad.modalities.safe_text import plot_text

_TEXT_COLOR = "#23282f"
_GRID_COLOR = "#e4e1da"
_COLORS = {"rgb": "#1f5a70", "flow": "#c2571a", "skeleton": "#5a7d2b", "depth": "#7a4a8c"}
_FUSED_COLOR = "#8a8d91"
_AREA = 14.0
"""Area of the circle of a network with a million parameters, in square points."""

_SIDES = ((0, 1), (0, -1), (1, 0), (-1, 0), (0.7, 1), (-0.7, -1), (0.7, -1), (-0.7, 1), (0, 1))
"""Sides of a circle for its name, from the centre; the last is taken where all are covered."""


def plot_accuracy(results: Sequence[Mapping[str, Any]], *, title: str) -> bytes:
    """Plot mean class accuracy over GMACs as PNG; the area of a circle is the number of parameters.

    Args:
        results: rows of the results file with a known cost, all of one dataset and the same protocols.
        title: title of the plot.
    """
    figure = Figure(figsize=(9, 6), dpi=160, layout="constrained", facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter("{x:g}")
    for modality in dict.fromkeys(map(_modality, results)):
        rows = [row for row in results if _modality(row) == modality]
        axes.scatter(
            [row["gmacs"] for row in rows],
            [100 * row["mean_class_accuracy"] for row in rows],
            [_area(row) for row in rows],
            color=_COLORS.get(modality, _FUSED_COLOR),
            alpha=0.55,
            linewidths=0,
            label=plot_text(modality),
        )
    for row in results:
        if row["ci95"] is not None:
            low, high = (100 * bound for bound in row["ci95"])
            color = _COLORS.get(_modality(row), _FUSED_COLOR)
            axes.vlines(row["gmacs"], low, high, color=color, alpha=0.4, linewidth=0.7)
    axes.margins(0.12)
    axes.set_title(plot_text(title), fontsize=10.5, color=_TEXT_COLOR, loc="left")
    axes.set_xlabel("GMACs of one clip", fontsize=9, color=_TEXT_COLOR)
    axes.set_ylabel("mean class accuracy, %", fontsize=9, color=_TEXT_COLOR)
    axes.grid(which="major", color=_GRID_COLOR, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(which="both", length=0, labelsize=8, colors=_TEXT_COLOR)
    axes.spines[:].set_visible(False)
    legend = axes.legend(loc="lower right", fontsize=8, frameon=False, labelcolor=_TEXT_COLOR)
    for handle in legend.legend_handles:
        handle.set_sizes([40])  # type: ignore[union-attr]
    _name_circles(figure, axes, results)
    buffer = BytesIO()
    figure.savefig(buffer, format="png", metadata={"Software": None})
    return buffer.getvalue()


def network_name(result: Mapping[str, Any]) -> str:
    """Return the leaves of a result without folder and dataset: ``tsn``, or ``tsn + tsn, svm`` of a fusion."""
    names = [PurePosixPath(config).stem.partition(f"_{result['dataset']}")[0] for config in result["configs"]]
    fusion = f", {result['fusion']}" if result["fusion"] else ""
    return " + ".join(names) + fusion


def _name_circles(figure: Figure, axes: Axes, results: Sequence[Mapping[str, Any]]) -> None:
    """Write the name of each network beside its circle, on the first side where it covers no other name or circle."""
    figure.draw_without_rendering()  # places in pixels are known from here on
    circles = [_circle_box(figure, axes, row) for row in results]
    taken = list(circles)
    for row, circle in zip(results, circles, strict=True):
        radius = circle.width / 2 * 72 / figure.dpi
        for number, (side_x, side_y) in enumerate(_SIDES, start=1):
            name = axes.annotate(
                plot_text(network_name(row)),
                (row["gmacs"], 100 * row["mean_class_accuracy"]),
                (side_x * (radius + 3), side_y * (radius + 3)),
                textcoords="offset points",
                ha="center" if side_x == 0 else "left" if side_x > 0 else "right",
                va="center" if side_y == 0 else "bottom" if side_y > 0 else "top",
                fontsize=7.5,
                color=_TEXT_COLOR,
            )
            box = name.get_window_extent()
            if number == len(_SIDES) or not any(box.overlaps(other) for other in taken if other is not circle):
                taken.append(box)
                break
            name.remove()


def _circle_box(figure: Figure, axes: Axes, row: Mapping[str, Any]) -> Bbox:
    """Return the square around a circle, in pixels."""
    x, y = axes.transData.transform((row["gmacs"], 100 * row["mean_class_accuracy"]))
    radius = _area(row) ** 0.5 / 2 * figure.dpi / 72
    return Bbox.from_extents(x - radius, y - radius, x + radius, y + radius)


def _area(row: Mapping[str, Any]) -> float:
    return _AREA * max(row["parameters"] / 1e6, 1)


def _modality(result: Mapping[str, Any]) -> str:
    folders = sorted({PurePosixPath(config).parent.name for config in result["configs"]})
    return " + ".join(folders)
