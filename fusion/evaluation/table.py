"""The ablation at a glance, for a terminal."""

from __future__ import annotations

from typing import Any

from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text

_BAR = 8


def ablation_table(document: dict[str, Any]) -> Group:
    """The selected rows of an ablation, its paired differences and, where there are pairs, which cells are wrong."""
    over = document["interval"]
    named = [str(document[key]) for key in ("dataset", "protocol") if document[key]]
    title = " · ".join([*named, f"{document['num_test']} test samples"])
    rows = Table(
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        collapse_padding=True,
        title=title,
        caption=f"mean class accuracy in %, 95 % intervals over {over['units']} {over['over'].replace('_', ' ')}s",
    )
    for name in ("streams", "fusion", "", "accuracy", "95 %", "top-1"):
        rows.add_column(name, justify="left" if name in ("streams", "fusion", "") else "right", no_wrap=True)
    selected = [row for row in document["rows"] if row["selected"]]
    best = max(row["mean_class_accuracy"] for row in selected)
    for row in selected:
        accuracy, (low, high) = row["mean_class_accuracy"], row["ci95"]
        full = round(accuracy * _BAR)
        rows.add_row(
            "+".join(row["streams"]),
            row["fusion"] if row["mode"] == "late" else f"{row['fusion']} ({row['mode']})",
            Text("━" * full, "green" if accuracy == best else "cyan") + Text("─" * (_BAR - full), "dim"),
            f"{100 * accuracy:.1f}",
            f"{100 * low:.1f}–{100 * high:.1f}",
            f"{100 * row['top1']:.1f}",
            style="bold" if accuracy == best else "",
        )
    paired = Table(box=box.SIMPLE_HEAD, pad_edge=False, title="paired differences of mean class accuracy")
    for name in ("a", "minus b", "points", "95 %"):
        paired.add_column(name, justify="left" if name in ("a", "minus b") else "right", no_wrap=True)
    for each in document["paired"]:
        low, high = each["ci95"]
        style = "green" if low > 0 else "red" if high < 0 else ""
        spread = f"{100 * low:+.1f} … {100 * high:+.1f}"
        paired.add_row(each["a"], each["b"], f"{100 * each['difference']:+.1f}", spread, style=style)
    parts: list[Any] = [rows] + ([paired] if document["paired"] else [])
    if judged := [cell for cell in document["pairs"] if cell["ok"] is not None]:
        wrong = [cell for cell in judged if not cell["ok"]]
        parts.append(Text(f"pair × stream pattern: {len(judged) - len(wrong)} of {len(judged)} cells as expected"))
        for cell in wrong:
            low, high = cell["ci95"]
            measured = f"{cell['accuracy']:.1%} [{low:.1%} – {high:.1%}]"
            parts.append(Text(f"  {cell['pair']} × {cell['stream']}: {cell['expected']} expected, {measured}", "red"))
    return Group(*parts)
