"""A confusion matrix as a picture."""

from __future__ import annotations

from io import BytesIO

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

_INK, _FAINT = "#23282f", "#d9d6cf"
_COLOURS = LinearSegmentedColormap.from_list("calm", ["#ffffff", "#cfe0e6", "#5f9db0", "#1f5a70"])


def confusion_png(matrix: np.ndarray, classes: tuple[str, ...]) -> bytes:
    """PNG of shares by row (truth), the percentage written where it is 5 or more.

    Shapes: matrix ``[K, K]`` counts, truth by row.
    """
    counts = np.asarray(matrix, dtype=float)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    size = 1.9 + 0.31 * len(classes)
    figure = Figure(figsize=(size, size), layout="constrained", facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.imshow(shares, cmap=_COLOURS, vmin=0, vmax=1)
    names = [name.replace("_", " ") for name in classes]
    axes.set_xticks(range(len(names)), names, rotation=50, ha="right", rotation_mode="anchor", fontsize=8, color=_INK)
    axes.set_yticks(range(len(names)), names, fontsize=8, color=_INK)
    axes.set_xlabel("recognised as", fontsize=8.5, color=_INK)
    axes.set_ylabel("true action", fontsize=8.5, color=_INK)
    axes.set_xticks(np.arange(1, len(names)) - 0.5, minor=True)
    axes.set_yticks(np.arange(1, len(names)) - 0.5, minor=True)
    axes.grid(which="minor", color=_FAINT, linewidth=0.5)
    axes.tick_params(which="both", length=0)
    axes.spines[:].set_color(_FAINT)
    for row, column in np.argwhere(shares >= 0.05):
        share = shares[row, column]
        colour = "white" if share > 0.55 else _INK
        axes.text(column, row, f"{100 * share:.0f}", ha="center", va="center", fontsize=7, color=colour)
    buffer = BytesIO()
    figure.savefig(buffer, format="png", dpi=170, metadata={"Software": None})
    return buffer.getvalue()
