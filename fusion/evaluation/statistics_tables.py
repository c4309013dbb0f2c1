"""Tables of an ablation for the terminal: shares of the streams, calibration and cost of every subset."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich import box
from rich.table import Table

from triad.fusion.evaluation.interval_text import difference_style, format_interval


def shapley_table(shapley: Mapping[str, Any]) -> Table:
    """Return the share of every stream in the accuracy of all of them."""
    gain = 100 * (shapley["full"] - shapley["empty"])
    table = _table(f"shares of the {gain:.1f} points above chance (Shapley)", ("stream", "points", "95 %"))
    for row in shapley["streams"]:
        table.add_row(row["stream"], f"{100 * row['value']:+.1f}", format_interval(row["ci95"], signed=True))
    return table


def comparison_table(compared: Sequence[Mapping[str, Any]]) -> Table:
    """Return the difference between two fusions of every subset."""
    a, b = (compared[0][name] for name in ("a", "b"))
    table = _table(f"{a} minus {b}, mean class accuracy", ("streams", a, b, "points", "95 %", "McNemar p"))
    for row in compared:
        table.add_row(
            "+".join(row["streams"]),
            *(f"{100 * row[name]:.1f}" for name in ("accuracy_a", "accuracy_b")),
            f"{100 * row['difference']:+.1f}",
            format_interval(row["ci95"], signed=True),
            format_p(row["mcnemar"] and row["mcnemar"]["exact_p"]),
            style=difference_style(row["ci95"]),
        )
    return table


def cost_table(rows: Sequence[Mapping[str, Any]], costs: Sequence[Mapping[str, Any]]) -> Table:
    """Return calibration error and cost of every subset.

    Args:
        rows: selected rows of an ablation.
        costs: its ``subset_costs``.
    """
    names = ("streams", "ECE %", "with T", "M param.", "GMACs", "ms", "extracted by")
    table = _table("calibration error (15 bins), cost of a clip with extraction", names)
    cost_by_subset = {tuple(cost["streams"]): cost for cost in costs}
    for row in rows:
        cost = cost_by_subset.get(tuple(row["streams"]), {})
        parameters = cost.get("parameters")
        table.add_row(
            "+".join(row["streams"]),
            _number(row.get("ece"), 100, 1),
            _number(row.get("ece_calibrated"), 100, 1),
            _number(parameters, 1e-6, 2),
            _number(cost.get("gmacs"), 1, 2),
            _number(cost.get("ms"), 1, 0),
            ", ".join(cost.get("extraction", ())),
        )
    return table


def format_p(p: float | None) -> str:
    """Return a p-value with two digits after the first that counts; ``<.0001`` below that."""
    if p is None:
        return "–"
    return "<.0001" if p < 1e-4 else f"{p:.2g}"


def _table(title: str, names: Sequence[str]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, collapse_padding=True, title=title)
    for name in names:
        justify = "left" if name in ("stream", "streams", "extracted by") else "right"
        table.add_column(name, justify=justify, no_wrap=True)  # type: ignore[arg-type]
    return table


def _number(value: float | None, factor: float, digits: int) -> str:
    return "–" if value is None else f"{factor * value:.{digits}f}"
