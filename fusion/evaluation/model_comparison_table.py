"""Table of a comparison of models for the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich import box
from rich.table import Table

from triad.fusion.evaluation.interval_text import format_interval


def model_comparison_table(document: Mapping[str, Any]) -> Table:
    """Return one line a row of ``comparison.json``."""
    interval = document["interval"]
    table = Table(
        box=box.SIMPLE_HEAD,
        title=f"{document['dataset']} · {document['protocol']} · {document['num_test']} test samples",
        caption=f"mean class accuracy in %, 95 % intervals over {interval['units']} {interval['over']}s; "
        f"differences from {document['reference']}",
    )
    for name in ("model", "accuracy", "95 %", "sd", "difference", "95 % ", "parameters", "GMACs"):
        table.add_column(name, justify="left" if name == "model" else "right", no_wrap=True)
    for row in document["rows"]:
        table.add_row(
            row["name"],
            f"{100 * row['mean_class_accuracy']:.1f}",
            format_interval(row["ci95"]),
            "–" if row["sd"] is None else f"{100 * row['sd']:.1f}",
            f"{100 * row['difference']:+.1f}",
            format_interval(row["difference_ci95"], signed=True),
            f"{sum(part['parameters'] for part in row['cost'].values()):,}" if row["cost"] else "–",
            f"{sum(part['gmacs'] for part in row['cost'].values()):.3f}" if row["cost"] else "–",
        )
    return table
