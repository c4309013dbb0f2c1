"""Parameters and GMACs of the model of every config, beside published figures."""

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
    """Print a table of the configs and, below it, why counted figures differ from published ones."""
    table = Table(*(Column(name, overflow="fold") for name in ("config", "model", "input")))
    for name in ("parameters", "GMACs", "published"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("differs by")
    note_numbers: dict[str, int] = {}
    for row in rows:
        input_shapes = "\n".join("×".join(map(str, stream["shape"])) for stream in row["input"])
        figures = "not published"
        differences = ""
        published = row["published"]
        if published is not None:
            gmacs = "–" if published["gmacs"] is None else f"{published['gmacs']:.3f}"
            figures = f"{published['parameters']:,} · {gmacs}"
            numbers = [note_numbers.setdefault(note, len(note_numbers) + 1) for note in published["differs"]]
            differences = ", ".join(map(str, numbers)) or "nothing"
        table.add_row(
            row["config"].removeprefix("configs/").removesuffix(".py"),
            row["model"],
            input_shapes,
            f"{row['parameters']:,}",
            f"{row['gmacs']:.3f}",
            figures,
            differences,
        )
    console = Console()
    if not console.is_terminal:
        console.width = 160  # no terminal limits the width
    console.print(table)
    for note, number in note_numbers.items():
        console.print(f"{number} {note}", soft_wrap=True, highlight=False)


if __name__ == "__main__":
    cli.run(main)
