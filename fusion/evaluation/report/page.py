"""Rendering of an ablation document as one HTML file without outside requests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from triad.fusion.evaluation.report.confusion_plot import MAX_CLASSES, plot_confusion_matrix, select_confused
from triad.fusion.evaluation.report.environment import build_environment
from triad.fusion.predictions import FUSED
from triad.modalities.atomic_files import atomic_write


class Picture(NamedTuple):
    """Sample picture: its caption and the bytes of a PNG."""

    caption: str
    png: bytes


def write_report(
    path: str | Path,
    document: Mapping[str, Any],
    *,
    reproduce: str = "",
    pictures: Sequence[tuple[str, bytes]] = (),
    explained: bool = False,
    class_pages: Mapping[str, str] | None = None,
) -> None:
    """Write the page of :func:`render_report` to ``path``, atomically."""
    page = render_report(document, reproduce=reproduce, pictures=pictures, explained=explained, class_pages=class_pages)
    with atomic_write(path) as temporary:
        temporary.write_text(page, "utf-8")


def render_report(
    document: Mapping[str, Any],
    *,
    reproduce: str = "",
    pictures: Sequence[tuple[str, bytes]] = (),
    explained: bool = False,
    class_pages: Mapping[str, str] | None = None,
) -> str:
    """Render the page as a string: style and drawings inline, pictures as data URIs, every text escaped.

    Args:
        document: result of :func:`~triad.fusion.evaluation.ablation.build_ablation_document`, or ``ablation.json`` read
            back.
        reproduce: command that reproduces the figures.
        pictures: captions and PNG bytes, in the order of the page.
        explained: whether the pictures include explanations of a model.
        class_pages: path of the page of each class, from the folder of the report; by default none is linked.
    """
    selected = [row for row in document["rows"] if row["selected"]]
    streams = [row["streams"][0] for row in selected if len(row["streams"]) == 1]
    fused = max(selected, key=lambda row: len(row["streams"]))
    best_single = document["best_single"]
    best = next(row for row in selected if "+".join(row["streams"]) == best_single)
    context = {
        "document": document,
        "selected": selected,
        "unselected": [row for row in document["rows"] if not row["selected"]],
        "fused": fused,
        "best": best,
        "headline": next((pair for pair in document["paired"] if pair["b"] == best_single), None),
        "scale": _difference_axis([bound for pair in document["paired"] for bound in pair["ci95"] or ()]),
        "pair_rows": _group_by_pair(document["pairs"]),
        "per_class": sorted(document["per_class"], key=lambda row: -row["gain"]),
        "max_gain": max([abs(row["gain"]) for row in document["per_class"]] + [0.05]),
        "confusions": [] if fused is best else _draw_confusions(document, best_single, fused["fusion"]),
        "num_confused": min(MAX_CLASSES, len(document["classes"])),
        "subset_costs": _pair_with_costs(selected, document.get("subset_costs", ())),
        "costs": [(stream, document["cost"][stream]) for stream in streams if stream in document["cost"]],
        "pictures": pictures,
        "explained": explained,
        "class_pages": class_pages or {},
        "reproduce": reproduce,
        "chance": 1 / len(document["classes"]),
    }
    return build_environment().get_template("report.html").render(context)


def _pair_with_costs(
    rows: Sequence[Mapping[str, Any]], costs: Sequence[Mapping[str, Any]]
) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    cost_by_subset = {tuple(cost["streams"]): cost for cost in costs}
    return [(row, cost_by_subset[tuple(row["streams"])]) for row in rows if tuple(row["streams"]) in cost_by_subset]


def _difference_axis(bounds: Sequence[float]) -> tuple[float, float]:
    """Return the ends of an axis that holds zero and all bounds with a margin, in steps of five points."""
    low = min([0.0, *bounds]) - 0.01
    high = max([0.0, *bounds]) + 0.01
    return float(np.floor(low * 20) / 20), float(np.ceil(high * 20) / 20)


def _group_by_pair(cells: Sequence[Mapping[str, Any]]) -> list[tuple[Mapping[str, Any], list[Mapping[str, Any]]]]:
    """Group cells by pair, in their order; returns the first cell and all cells of every pair."""
    cells_by_pair: dict[str, list[Mapping[str, Any]]] = {}
    for cell in cells:
        cells_by_pair.setdefault(cell["pair"], []).append(cell)
    return [(pair_cells[0], pair_cells) for pair_cells in cells_by_pair.values()]


def _draw_confusions(document: Mapping[str, Any], best_single: str, fusion: str) -> list[tuple[str, bytes]]:
    """Return titles and PNG bytes of both confusion matrices: of all classes, or of those most often mistaken."""
    single, fused = (np.asarray(document["confusion"][key]) for key in ("best_single", FUSED))
    class_indices = select_confused(single + fused, MAX_CLASSES) if len(single) > MAX_CLASSES else None
    return [
        (f"Best single stream: {best_single}", plot_confusion_matrix(single, document["classes"], class_indices)),
        (f"All streams: {fusion}", plot_confusion_matrix(fused, document["classes"], class_indices)),
    ]
