"""prepare DATASET [SOURCE] OUT: a dataset as downloaded → index.json, and a report of what was dropped and why."""

from __future__ import annotations

from collections import Counter
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

import cli
from fusion.data.index import Index, load_index
from fusion.data.protocols import count_splits
from modalities.store import read_json, write_json

REPORT = "prepare.json"


def finish(out: Path, report: dict[str, Any], as_json: bool) -> None:
    """Keep and show the report: records, dropped ones with reasons, and the size of every split."""
    index = load_index(out)
    document = {"dataset": index.dataset, **report, **summarise(index)}
    write_json(out / REPORT, document)
    show(document, as_json)


def summarise(index: Index) -> dict[str, Any]:
    problems = [
        {"id": record["id"], "problem": f"{stream}: '{source.path}' is missing"}
        for record in index.records
        for stream in record["sources"]
        if (source := index.source(record, stream)) and not source.path.is_file()
    ]
    streams = Counter(stream for record in index.records for stream in record["sources"])
    return {
        "records": len(index.records),
        "streams": dict(streams),
        "protocols": count_splits(index.records, index.dataset),
        "problems": problems,
    }


def show(document: dict[str, Any], as_json: bool) -> None:
    if as_json:
        cli.print_json(document)
        return
    console = Console()
    streams = ", ".join(f"{name} {count}" for name, count in document["streams"].items())
    console.print(f"[bold]{document['dataset']}[/]: {document['records']} records ({streams})")
    table = Table("protocol", "train", "val", "test")
    for name, counts in document["protocols"].items():
        table.add_row(name, *(str(count) for count in counts.values()))
    console.print(table)
    for kind in ("dropped", "problems"):
        for row in document[kind]:
            console.print(f"{kind}: {row['id']}: {row.get('reason') or row.get('problem')}", soft_wrap=True)


@click.group(invoke_without_command=True)
@click.option("--check", "checked", type=click.Path(path_type=Path), help="Verify the prepared dataset in this folder.")
@cli.json_option
@click.pass_context
def main(context: click.Context, checked: Path | None, as_json: bool) -> None:
    """Turn a dataset as downloaded into index.json; what is dropped is reported with its reason."""
    context.obj = as_json
    if checked is not None:
        index = load_index(checked)
        report_file = checked / REPORT
        kept = read_json(report_file, cure="prepare again")["dropped"] if report_file.is_file() else []
        document = {"dataset": index.dataset, "dropped": kept, **summarise(index)}
        show(document, as_json)
        context.exit(1 if document["problems"] else 0)
    if context.invoked_subcommand is None:
        raise click.UsageError("name a dataset (see --help), or a folder to --check", context)


@main.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--clips", default=8, show_default=True, help="Clips of each person in each class.")
@click.option("--seed", default=0, show_default=True, help="Equal seeds give equal bytes.")
@click.option("--workers", default=2, show_default=True, help="Processes that render.")
@click.pass_obj
def minihome(as_json: bool, out: Path, clips: int, seed: int, workers: int) -> None:
    """Render MiniHome, the embedded simulated flat (nothing to download)."""
    from fusion.data.prepare.minihome import prepare_minihome

    bar = partial(cli.progress, label="rendering")
    finish(out, prepare_minihome(out, clips=clips, seed=seed, workers=workers, progress=bar), as_json)


DATASETS = {
    "jhmdb": "J-HMDB: videos/<class>/*.avi, splits/*.txt and joints.npz.",
    "nucla": "Northwestern-UCLA: a{AA}_s{SS}_e{EE}_v{VV}.json (20 joints), videos of the same names.",
    "utd_mhad": "UTD-MHAD: a{A}_s{S}_t{T}_skeleton.mat, a{A}_s{S}_t{T}_color.avi.",
    "florence3d": "Florence 3D Actions: a{AA}_s{S}_id{N}.txt, rows of 15 joints in millimetres.",
}
"""What lies on disk, anywhere below SOURCE if no folder is named; each has its file in ``fusion.data.prepare``."""
PACKED = ("nucla", "utd_mhad", "florence3d")
"""Those whose store may be half as large."""


def command_of(name: str) -> click.Command:
    """``prepare NAME SOURCE OUT``, from ``prepare_NAME`` in the dataset's file."""

    def prepare(as_json: bool, source: Path, out: Path, **options: str) -> None:
        function = getattr(import_module(f"fusion.data.prepare.{name}"), f"prepare_{name}")
        finish(out, function(source, out, progress=partial(cli.progress, label="reading"), **options), as_json)

    folder = click.Path(path_type=Path)
    parameters: list[click.Parameter] = [click.Argument(["source"], type=folder), click.Argument(["out"], type=folder)]
    if name in PACKED:
        sizes = click.Choice(["float16", "float32"])
        text = "Of the packed skeletons; float16 takes half the room and keeps 2 mm at four metres."
        parameters.append(click.Option(["--dtype"], type=sizes, default="float32", show_default=True, help=text))
    return click.Command(name, params=parameters, callback=click.pass_obj(prepare), help=DATASETS[name])


for dataset in DATASETS:
    main.add_command(command_of(dataset))


if __name__ == "__main__":
    cli.run(main)
