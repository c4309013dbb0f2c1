"""zoo [--json]: every leaf config: parameters, GMACs at its input, published figures beside them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Column, Table

import cli

CONFIGS = Path(__file__).resolve().parents[1] / "configs"


@click.command()
@cli.json_option
def main(as_json: bool) -> None:
    """Count parameters and multiply-accumulates of the model of every config."""
    from fusion.training.zoo import describe, find_leaves

    rows = [describe(path) for path in cli.progress(find_leaves(CONFIGS), label="counting")]
    if as_json:
        cli.print_json(rows)
    else:
        show(rows)


def show(rows: list[dict[str, Any]]) -> None:
    """A table, and below it what makes counted figures other than the published ones."""
    table = Table(*(Column(name, overflow="fold") for name in ("config", "model", "input")))
    for name in ("parameters", "GMACs", "published"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("differs by")
    notes: dict[str, int] = {}
    for row in rows:
        read = "\n".join("×".join(map(str, each["shape"])) for each in row["input"])
        figures, mark = "", ""
        if (published := row["published"]) is not None:
            gmacs = "–" if published["gmacs"] is None else f"{published['gmacs']:.3f}"
            figures = f"{published['parameters']:,} · {gmacs}"
            numbers = [notes.setdefault(note, len(notes) + 1) for note in published["differs"]]
            mark = ", ".join(map(str, numbers)) or "nothing"
        config = row["config"].removeprefix("configs/").removesuffix(".py")
        table.add_row(config, row["model"], read, f"{row['parameters']:,}", f"{row['gmacs']:.3f}", figures, mark)
    console = Console()
    if not console.is_terminal:
        console.width = 160  # a pipe has room
    console.print(table)
    for note, number in notes.items():
        console.print(f"{number} {note}", soft_wrap=True, highlight=False)


if __name__ == "__main__":
    cli.run(main)
