"""prepare DATASET [SOURCE] OUT: a dataset as downloaded → index.json, and a report of what was dropped and why."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import click
from rich.table import Table
from rich.text import Text

from triad.fusion.datasets import DATASETS, SPLITS, get_dataset
from triad.fusion.datasets.preparation import REPORT
from triad.fusion.datasets.preparation import prepare as prepare_dataset
from triad.fusion.index import load_index
from triad.modalities.atomic_files import read_json
from triad.modalities.checks import did_you_mean, fail
from triad.tools import cli

MAX_ROWS = 10
"""Rows of a kind that are printed; the JSON document has all."""
MAX_CLASSES = 40
"""Classes that are printed."""


class DatasetGroup(click.Group):
    """Command group with one sub-command a dataset; a dataset's file is imported only for its own sub-command."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(DATASETS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        if cmd_name not in DATASETS:
            ctx.fail(f"No such command '{cmd_name}'{did_you_mean(cmd_name, DATASETS)}")
        return dataset_command(cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Datasets (prepare DATASET --help says more)"):
            formatter.write_dl([(name, DATASETS[name].title) for name in self.list_commands(ctx)])


def dataset_command(name: str) -> click.Command:
    """Return ``prepare NAME SOURCE OUT`` with the arguments and options of the dataset."""
    dataset = get_dataset(name)

    def prepare(as_json: bool, **values: Any) -> None:
        paths = [values.pop(argument) for argument in dataset.arguments]
        show(prepare_dataset(name, *paths, progress=partial(cli.progress, label="preparing"), **values), as_json)

    parameters: list[click.Parameter] = [
        click.Argument([argument], type=click.Path(path_type=Path)) for argument in dataset.arguments
    ]
    parameters += [
        click.Option(
            [f"--{option.name}"],
            type=click.Choice(option.choices) if option.choices else None,
            default=option.default,
            show_default=True,
            help=option.help,
        )
        for option in dataset.options
    ]
    description = f"{DATASETS[name].title}: {dataset.files}"
    return click.Command(name, params=parameters, callback=click.pass_obj(prepare), help=description)


def check(root: Path) -> dict[str, Any]:
    """Return the document of ``--check``; ``dropped`` is taken from the report of the preparation."""
    from triad.fusion.datasets.dataset_check import check_dataset

    index = load_index(root)
    report = read_json(root / REPORT, cure="prepare again") if (root / REPORT).is_file() else {}
    if not isinstance(report, dict):
        fail(f"'{root / REPORT}'", "be the report of a preparation", f"a {type(report).__name__}", "prepare again")
    return {
        "dataset": index.dataset,
        "dropped": report.get("dropped", []),
        **check_dataset(index, progress=partial(cli.progress, label="reading")),
    }


def export(root: Path, path: Path, as_json: bool) -> None:
    """Write the annotation pickle and print its contents."""
    from triad.fusion.datasets.annotation_export import export_annotations

    document = export_annotations(root, path, progress=partial(cli.progress, label="writing"))
    if as_json:
        cli.print_json(document)
        return
    without = f" ({document['without']} records have no skeleton)" if document["without"] else ""
    cli.echo(f"{path}: {document['clips']} clips of {document['dataset']}, layout {document['layout']}{without}")
    for name, size in document["splits"].items():
        cli.echo(f"  {name} {size}")


def show(document: dict[str, Any], as_json: bool) -> None:
    """Print a report or the document of ``--check``, as tables or as JSON."""
    if as_json:
        cli.print_json(document)
        return
    console = cli.TextConsole()
    streams = ", ".join(f"{name} {count}" for name, count in document["streams"].items())
    console.print(
        Text.assemble(
            (cli.terminal_text(document["dataset"]), "bold"),
            f": {document['records']} records ({cli.terminal_text(streams)})",
        )
    )
    if "seconds" in document:
        console.print(", ".join(f"{name} {value:g} s" for name, value in document["seconds"].items()))
    table = Table("protocol", *SPLITS, "published")
    for name, counts in document["protocols"].items():
        published = ", ".join(f"{split} {count}" for split, count in document["published"].get(name, {}).items())
        table.add_row(name, *(str(count) for count in counts.values()), published)
    console.print(table)
    show_classes(console, document.get("classes", {}))
    for name, row in document.get("lists", {}).items():
        if not row["same"]:
            console.print(f"list {name}: {row['found']} of {row['published']} clips are there")
    for kind, field in (("dropped", "reason"), ("known", "problem"), ("problems", "problem")):
        rows = document.get(kind, [])
        for row in rows[:MAX_ROWS]:
            console.print(f"{kind}: {row['id'] or document['dataset']}: {row[field]}", soft_wrap=True)
        if len(rows) > MAX_ROWS:
            console.print(f"{kind}: {len(rows) - MAX_ROWS} more, see --json")
    repaired = document.get("repaired", [])
    for row in repaired[:MAX_ROWS]:
        spans = ", ".join("–".join(f"{second:g}" for second in span) for span in row["seconds"][:MAX_ROWS])
        console.print(f"repaired: {row['id']}: timestamps at {spans} s", soft_wrap=True)
    if len(repaired) > MAX_ROWS:
        console.print(f"repaired: {len(repaired) - MAX_ROWS} more, see --json")
    for line in document.get("notes", []):
        console.print(f"note: {line}", soft_wrap=True)
    for name, count in document.get("leaks", {}).items():
        num_test = document["protocols"][name]["test"]
        console.print(f"leaks: {count} of the {num_test} that test in {name} are in its train or val under another id")
    for line in document.get("unverified", []):
        console.print(f"not verified: {line}", soft_wrap=True)
    if "unverified" in document and not document["problems"]:
        console.print("no problems")


def show_classes(console: cli.TextConsole, counts: dict[str, dict[str, int]]) -> None:
    """Print the number of records of each class in each split, in the order of the labels."""
    if not counts:
        return
    table = Table("label", "class", *SPLITS)
    for label, (name, row) in enumerate(list(counts.items())[:MAX_CLASSES]):
        table.add_row(str(label), name, *(str(count) for count in row.values()))
    console.print(table)
    if len(counts) > MAX_CLASSES:
        console.print(f"classes: {len(counts) - MAX_CLASSES} more, see --json")


@click.group(cls=DatasetGroup, invoke_without_command=True)
@click.option("--check", "checked", type=click.Path(path_type=Path), help="Verify the prepared dataset in this folder.")
@click.option(
    "--export",
    "exported",
    type=(click.Path(path_type=Path), click.Path(path_type=Path)),
    metavar="OUT FILE.pkl",
    help="Write the skeletons and splits of a prepared dataset as a pickle for pyskl and mmaction2.",
)
@click.option("--formats", is_flag=True, help="List the skeleton files that are read.")
@cli.json_option
@click.pass_context
def main(
    context: click.Context, checked: Path | None, exported: tuple[Path, Path] | None, formats: bool, as_json: bool
) -> None:
    """Turn a dataset as downloaded into index.json; what is dropped is reported with its reason."""
    context.obj = as_json
    if formats:
        from triad.modalities.skeleton.readers import formats_table

        cli.echo(formats_table())
        context.exit()
    if exported is not None:
        export(*exported, as_json)
        context.exit()
    if checked is not None:
        document = check(checked)
        show(document, as_json)
        context.exit(1 if document["problems"] else 0)
    if context.invoked_subcommand is None:
        raise click.UsageError("name a dataset (see --help), or a folder to --check", context)


if __name__ == "__main__":
    cli.run(main)
