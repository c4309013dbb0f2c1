"""Table of accuracies on corrupted samples for the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich import box
from rich.table import Table


def robustness_table(document: Mapping[str, Any]) -> Table:
    """Return one line a corruption and amount, one column a model."""
    interval = document["interval"]
    table = Table(
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        title=f"{document['dataset']} · {document['protocol']} · {document['num_test']} {document['split']} samples",
        caption=f"mean class accuracy in %; intervals over {interval['units']} {interval['over']}s in the file",
    )
    for name in ("corruption", "amount", *document["models"]):
        table.add_column(name, justify="left" if name == "corruption" else "right", no_wrap=True)
    rows = {(row["corruption"], row["amount"], row["model"]): row for row in document["rows"]}
    units = {row["corruption"]: row["unit"] or "" for row in document["rows"]}
    for corruption, amount in dict.fromkeys((key[0], key[1]) for key in rows):
        accuracies = [rows[corruption, amount, model]["mean_class_accuracy"] for model in document["models"]]
        name = corruption.replace("_", " ") + (f", {units[corruption]}" if units[corruption] else "")
        table.add_row(
            name, "" if amount is None else f"{amount:g}", *(f"{100 * accuracy:.1f}" for accuracy in accuracies)
        )
    return table
