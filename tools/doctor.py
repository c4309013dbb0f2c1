"""doctor: installed versions, checks that each dependency works, and the command that repairs it."""

from __future__ import annotations

import sys
from typing import Any

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from triad.tools import cli

COLORS = {"ok": "green", "missing": "yellow", "broken": "red"}


@click.command(help="Check every dependency and print the command that repairs it.")
@cli.json_option
def main(as_json: bool) -> None:
    from triad.fusion.environment import CHECKS, examine

    document = examine(CHECKS)
    if as_json:
        cli.print_json(document)
    else:
        print_table(document)
    sys.exit(0 if document["ok"] else 1)


def print_table(document: dict[str, Any]) -> None:
    console = Console()
    table = Table("check", "status", "detail")
    for row in document["checks"]:
        color = COLORS[row["status"]]
        table.add_row(row["name"], f"[{color}]{row['status']}[/]", escape(row["detail"]))
    console.print(table)
    for row in document["checks"]:
        if row["cure"]:  # outside the table, so that a command can be copied in one piece
            console.print(f"{row['name']}: {escape(row['cure'])}", soft_wrap=True, highlight=False)
    console.print("all required dependencies work" if document["ok"] else "[red]a required dependency does not work[/]")


if __name__ == "__main__":
    cli.run(main)
