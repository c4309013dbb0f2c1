"""prepare DATASET [SOURCE] OUT: a dataset as downloaded → index.json, and a report of what was dropped and why."""

from __future__ import annotations

from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

import cli
from fusion.data.index import load_index
from fusion.data.protocols import SPLITS
from modalities.store import read_json, write_json

REPORT = "prepare.json"
SHOWN = 20
"""Rows of a kind that the table shows; the document holds all."""


def finish(out: Path, report: dict[str, Any], as_json: bool) -> None:
    """Keep and show the report: records, dropped ones with reasons, and the size of every split."""
    from fusion.data.checking import summarise  # with torch, which --help need not wait for

    index = load_index(out)
    document = {"dataset": index.dataset, **report, **summarise(index)}
    write_json(out / REPORT, document)
    show(document, as_json)


def verify(root: Path) -> dict[str, Any]:
    """The report of ``--check``; what was dropped is in the report of the preparation."""
    from fusion.data.checking import check

    index = load_index(root)
    kept = read_json(root / REPORT, cure="prepare again")["dropped"] if (root / REPORT).is_file() else []
    return {"dataset": index.dataset, "dropped": kept, **check(index, progress=partial(cli.progress, label="reading"))}


def show(document: dict[str, Any], as_json: bool) -> None:
    if as_json:
        cli.print_json(document)
        return
    console = Console()
    streams = ", ".join(f"{name} {count}" for name, count in document["streams"].items())
    console.print(f"[bold]{document['dataset']}[/]: {document['records']} records ({streams})")
    if "seconds" in document:
        console.print(", ".join(f"{name} {value:g} s" for name, value in document["seconds"].items()))
    table = Table("protocol", *SPLITS, "published")
    for name, counts in document["protocols"].items():
        published = ", ".join(f"{split} {count}" for split, count in document["published"].get(name, {}).items())
        table.add_row(name, *(str(count) for count in counts.values()), published)
    console.print(table)
    for kind, what in (("dropped", "reason"), ("problems", "problem")):
        for row in document[kind][:SHOWN]:
            console.print(f"{kind}: {row['id'] or document['dataset']}: {row[what]}", soft_wrap=True, markup=False)
        if len(document[kind]) > SHOWN:
            console.print(f"{kind}: {len(document[kind]) - SHOWN} more, see --json")
    for line in document.get("unverified", []):
        console.print(f"not verified: {line}", soft_wrap=True, markup=False)
    if "unverified" in document and not document["problems"]:
        console.print("no problems")


@click.group(invoke_without_command=True)
@click.option("--check", "checked", type=click.Path(path_type=Path), help="Verify the prepared dataset in this folder.")
@cli.json_option
@click.pass_context
def main(context: click.Context, checked: Path | None, as_json: bool) -> None:
    """Turn a dataset as downloaded into index.json; what is dropped is reported with its reason."""
    context.obj = as_json
    if checked is not None:
        document = verify(checked)
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
