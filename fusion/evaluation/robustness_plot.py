"""Curves of accuracy against the amount of each corruption."""

from __future__ import annotations

import math
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from triad.modalities.safe_text import plot_text

COLUMNS = 4
COLORS = ("#4c78a8", "#e45756", "#54a24b", "#b279a2", "#f58518", "#72b7b2", "#9d755d", "#79706e")


def plot_robustness(document: Mapping[str, Any]) -> bytes:
    """Plot one panel a corruption and one line a model, with their intervals, as PNG.

    Args:
        document: content of ``robustness.json``.
    """
    rows = document["rows"]
    kinds = list(dict.fromkeys(row["corruption"] for row in rows if row["amount"] is not None))
    lines = math.ceil(len(kinds) / COLUMNS)
    figure = Figure(figsize=(3.1 * COLUMNS, 2.7 * lines + 0.6), dpi=130, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots(lines, COLUMNS, squeeze=False, sharey=True)
    for panel, kind in zip(axes.flat, kinds, strict=False):
        _draw_panel(panel, document, kind)
    for panel in list(axes.flat)[len(kinds) :]:
        panel.set_visible(False)
    for row in axes:
        row[0].set_ylabel("mean class accuracy, %")
    handles, labels = axes.flat[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=min(len(labels), 4), frameon=False)
    buffer = BytesIO()
    figure.savefig(buffer, format="png", metadata={"Software": None})
    return buffer.getvalue()


def _draw_panel(panel: Axes, document: Mapping[str, Any], kind: str) -> None:
    for number, model in enumerate(document["models"]):
        rows = [row for row in document["rows"] if row["model"] == model]
        clean = next(row for row in rows if row["amount"] is None)
        curve = [row for row in rows if row["corruption"] == kind]
        start = 1.0 if kind == "low_resolution" else 0.0
        points = [(start, clean), *((row["amount"], row) for row in curve)]
        amounts = [amount for amount, _ in points]
        color = COLORS[number % len(COLORS)]
        panel.plot(
            amounts,
            [100 * row["mean_class_accuracy"] for _, row in points],
            "o-",
            color=color,
            label=plot_text(model),
            ms=3,
        )
        if clean["ci95"] is None:  # of a single sample, as in every row
            continue
        low = [100 * row["ci95"][0] for _, row in points]
        high = [100 * row["ci95"][1] for _, row in points]
        panel.fill_between(amounts, low, high, color=color, alpha=0.12, linewidth=0)
    unit = next(row["unit"] for row in document["rows"] if row["corruption"] == kind)
    panel.set_title(plot_text(kind.replace("_", " ")), fontsize=10)
    panel.set_xlabel(plot_text(unit), fontsize=9)
    panel.set_ylim(0, 100)
    panel.grid(alpha=0.25)
    panel.spines[["top", "right"]].set_visible(False)
