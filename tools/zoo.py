"""Parameters and GMACs of the model of every config, beside published figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from rich.table import Column, Table

from triad import CONFIGS
from triad.tools import cli


@click.command()
@click.option("--systems", is_flag=True, help="Print the table of systems of the README instead, in Markdown.")
@click.option("--readme", type=click.Path(path_type=Path), help="With --systems: write it into this file.")
@click.option("--plot", type=click.Path(path_type=Path), metavar="PNG", help="Draw accuracy against GMACs instead.")
@click.option("--dataset", help="With --plot: dataset of the results  [default: the one with most].")
@click.option(
    "--results",
    "results_file",
    type=click.Path(path_type=Path),
    default=CONFIGS / "results.json",
    help="What triad aggregate --record wrote  [default: configs/results.json].",
)
@cli.json_option
def main(
    systems: bool,
    readme: Path | None,
    plot: Path | None,
    dataset: str | None,
    results_file: Path,
    as_json: bool,
) -> None:
    """Count parameters and multiply-accumulates of the model of every config, beside published figures.

    What was measured with each is read from the results file.
    """
    from triad.fusion.evaluation.results import load_results, results_of
    from triad.fusion.training.zoo import describe, find_leaves

    instead = (systems, plot is not None, as_json)
    if sum(instead) > 1 or (readme and not systems) or (dataset and not plot):
        raise click.UsageError("--systems [--readme], --plot [--dataset] and --json exclude each other")
    results = load_results(results_file)
    if plot is not None:
        draw(results, dataset, plot)
        return
    if systems:
        print_systems(results, readme)
        return
    rows = []
    for path in cli.progress(find_leaves(CONFIGS), label="counting"):
        row = describe(path)
        rows.append({**row, "measured": results_of(row["config"], results)})
    if as_json:
        cli.print_json(rows)
    else:
        show(rows)


def draw(results: Sequence[Mapping[str, Any]], dataset: str | None, path: Path) -> None:
    """Write the plot of the largest group of results that compare."""
    from triad.fusion.evaluation.accuracy_plot import plot_accuracy
    from triad.fusion.evaluation.results import describe_protocols, select_comparable
    from triad.modalities.atomic_files import atomic_write

    rows = select_comparable(results, dataset=dataset)
    png = plot_accuracy(rows, title=describe_protocols(rows[0]))
    with atomic_write(path) as temporary:
        temporary.write_bytes(png)
    cli.echo(path)


def print_systems(results: Sequence[Mapping[str, Any]], readme: Path | None) -> None:
    """Print the table of systems, or write it into a file between its marks."""
    from triad.fusion.evaluation.systems_table import leaves_of_systems, systems_table, write_into_readme
    from triad.fusion.training.zoo import describe

    leaves = cli.progress(leaves_of_systems(), label="counting")
    table = systems_table({leaf: describe(CONFIGS / f"{leaf}.py") for leaf in leaves}, results)
    if readme is None:
        cli.echo(table)
    else:
        write_into_readme(readme, table)
        cli.echo(readme)


def show(rows: list[dict[str, Any]]) -> None:
    """Print a table of the configs and, below it, why counted figures differ from published ones."""
    from triad.fusion.evaluation.results import format_accuracy

    table = Table(*(Column(name, overflow="fold") for name in ("config", "model", "input")))
    for name in ("parameters", "GMACs", "published"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("differs by")
    table.add_column("measured", overflow="fold")
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
            "\n".join(map(format_accuracy, row["measured"])),
        )
    console = cli.TextConsole()
    if not console.is_terminal:
        console.width = 160  # no terminal limits the width
    console.print(table)
    for note, number in note_numbers.items():
        console.print(f"{number} {note}", soft_wrap=True, highlight=False)


if __name__ == "__main__":
    cli.run(main)
