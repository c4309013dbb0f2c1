"""Table of an ablation for the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text

from triad.fusion.evaluation.interval_text import difference_style, format_interval
from triad.fusion.evaluation.statistics_tables import comparison_table, cost_table, format_p, shapley_table
from triad.modalities.safe_text import terminal_text

_BAR_WIDTH = 8


def ablation_table(document: Mapping[str, Any]) -> Group:
    """Return the selected rows of an ablation, its paired differences and the class pairs that are not as expected."""
    blocks: list[Any] = [_accuracy_table(document)]
    if document["paired"]:
        blocks.append(_paired_table(document["paired"], document.get("mcnemar", ())))
    if "compared" in document:
        blocks.append(comparison_table(document["compared"]))
    if document.get("shapley") and len(document["shapley"]["streams"]) > 1:
        blocks.append(shapley_table(document["shapley"]))
    if "subset_costs" in document:
        blocks.append(cost_table([row for row in document["rows"] if row["selected"]], document["subset_costs"]))
    return Group(*blocks, *_pair_lines(document["pairs"]))


def _accuracy_table(document: Mapping[str, Any]) -> Table:
    names = [str(document[key]) for key in ("dataset", "protocol") if document[key]]
    interval = document["interval"]
    unit = interval["over"].replace("_", " ")
    protocols = document.get("protocols", ())
    runs = document.get("averaged_over", "splits")
    figure = f"mean over {len(protocols)} {runs} of mean class accuracy" if protocols else "mean class accuracy"
    has_spread = any(row.get("sd") is not None for row in document["rows"])
    table = Table(
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        collapse_padding=True,
        title=" · ".join([*names, f"{document['num_test']} test samples"]),
        caption=f"{figure} in %, 95 % intervals over {interval['units']} {unit}s",
    )
    for name in ("streams", "fusion", "", "accuracy", "95 %", "top-1"):
        table.add_column(name, justify="left" if name in ("streams", "fusion", "") else "right", no_wrap=True)
    selected = [row for row in document["rows"] if row["selected"]]
    best_accuracy = max(row["mean_class_accuracy"] for row in selected)
    for row in selected:
        accuracy = row["mean_class_accuracy"]
        is_best = accuracy == best_accuracy
        filled = round(accuracy * _BAR_WIDTH)
        table.add_row(
            "+".join(row["streams"]),
            row["fusion"] if row["mode"] == "late" else f"{row['fusion']} ({row['mode']})",
            Text("━" * filled, "green" if is_best else "cyan") + Text("─" * (_BAR_WIDTH - filled), "dim"),
            f"{100 * accuracy:.1f}" + (f" ± {100 * row['sd']:.1f}" if has_spread else ""),
            format_interval(row["ci95"]),
            f"{100 * row['top1']:.1f}",
            style="bold" if is_best else "",
        )
    return table


def _paired_table(paired: Sequence[Mapping[str, Any]], mcnemar: Sequence[Mapping[str, Any]]) -> Table:
    p_values = {frozenset((row["a"], row["b"])): row["exact_p"] for row in mcnemar}
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, title="paired differences of mean class accuracy")
    names = ("a", "minus b", "points", "95 %", *(["McNemar p"] if p_values else []))
    for name in names:
        table.add_column(name, justify="left" if name in ("a", "minus b") else "right", no_wrap=True)
    for row in paired:
        interval = format_interval(row["ci95"], signed=True)
        cells = [row["a"], row["b"], f"{100 * row['difference']:+.1f}", interval]
        if p_values:
            cells.append(format_p(p_values.get(frozenset((row["a"], row["b"])))))
        table.add_row(*cells, style=difference_style(row["ci95"]))
    return table


def _pair_lines(cells: Sequence[Mapping[str, Any]]) -> list[Text]:
    """Count the cells of the pair × stream table that are as expected, and list those that are not."""
    expected_cells = [cell for cell in cells if cell["ok"] is not None]
    if not expected_cells:
        return []
    wrong_cells = [cell for cell in expected_cells if not cell["ok"]]
    num_right = len(expected_cells) - len(wrong_cells)
    lines = [Text(f"pair × stream pattern: {num_right} of {len(expected_cells)} cells as expected")]
    for cell in wrong_cells:
        low, high = cell["ci95"]
        measured = f"{cell['accuracy']:.1%} [{low:.1%} – {high:.1%}]"
        line = f"  {cell['pair']} × {cell['stream']}: {cell['expected']} expected, {measured}"
        lines.append(Text(terminal_text(line), "red"))
    return lines
