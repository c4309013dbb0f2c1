"""Plot of a confusion matrix."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from triad.modalities.safe_text import plot_text

_TEXT_COLOR = "#23282f"
_GRID_COLOR = "#d9d6cf"
_DPI = 170
_MAX_SIDE = 4000
"""Pixels along a side; 120 classes have names of 11 pixels then."""
MAX_CLASSES = 150
"""Number of classes whose names can be read in a picture."""
_COLORMAP = LinearSegmentedColormap.from_list("calm", ["#ffffff", "#cfe0e6", "#5f9db0", "#1f5a70"])


def select_confused(matrix: np.ndarray, number: int) -> np.ndarray:
    """Return the classes whose samples are most often mistaken, in their order; all where there are no more.

    Args:
        matrix: counts, ``[K, K]``, true classes by row.
        number: number of classes to select.
    """
    num_mistaken = matrix.sum(axis=1) - matrix.diagonal()
    return np.sort(np.argsort(-num_mistaken, kind="stable")[:number])


def plot_confusion_matrix(matrix: np.ndarray, classes: Sequence[str], class_indices: np.ndarray | None = None) -> bytes:
    """Plot the percentages of every true class as PNG; cells of 5 % or more show their number.

    Args:
        matrix: counts, ``[K, K]``, true classes by row.
        classes: K class names.
        class_indices: classes to draw; None draws all. Percentages are of all answers.
    """
    counts = np.asarray(matrix, dtype=float)
    proportions = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    if class_indices is not None:
        proportions = proportions[np.ix_(class_indices, class_indices)]
        classes = [classes[index] for index in class_indices]
    size = 1.9 + 0.31 * len(classes)
    figure = Figure(figsize=(size, size), layout="constrained", facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    edges = np.arange(len(classes) + 1) - 0.5
    axes.pcolormesh(edges, edges, proportions, cmap=_COLORMAP, vmin=0, vmax=1)  # imshow takes 50 bytes a pixel
    axes.set(xlim=(edges[0], edges[-1]), ylim=(edges[-1], edges[0]), aspect="equal")
    names = [plot_text(name.replace("_", " ")) for name in classes]
    axes.set_xticks(
        range(len(names)), names, rotation=50, ha="right", rotation_mode="anchor", fontsize=8, color=_TEXT_COLOR
    )
    axes.set_yticks(range(len(names)), names, fontsize=8, color=_TEXT_COLOR)
    axes.set_xlabel("recognised as", fontsize=8.5, color=_TEXT_COLOR)
    axes.set_ylabel("true action", fontsize=8.5, color=_TEXT_COLOR)
    axes.set_xticks(np.arange(1, len(names)) - 0.5, minor=True)
    axes.set_yticks(np.arange(1, len(names)) - 0.5, minor=True)
    axes.grid(which="minor", color=_GRID_COLOR, linewidth=0.5)
    axes.tick_params(which="both", length=0)
    axes.spines[:].set_color(_GRID_COLOR)
    for row, column in np.argwhere(proportions >= 0.05):
        proportion = proportions[row, column]
        color = "white" if proportion > 0.55 else _TEXT_COLOR
        axes.text(column, row, f"{100 * proportion:.0f}", ha="center", va="center", fontsize=7, color=color)
    buffer = BytesIO()
    figure.savefig(buffer, format="png", dpi=min(_DPI, _MAX_SIDE / size), metadata={"Software": None})
    return buffer.getvalue()
