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
from fusion.datasets.protocols import SPLITS
from fusion.index.index import load_index
from modalities.atomic_files import read_json, write_json
from modalities.checks import fail

REPORT = "prepare.json"
SHOWN = 10
"""Rows of a kind that the table shows; the document holds all."""


def finish(out: Path, report: dict[str, Any], as_json: bool) -> None:
    """Keep and show the report: records, dropped ones with reasons, and the size of every split."""
    from fusion.datasets.checking import summarise  # with torch, which --help need not wait for

    index = load_index(out)
    document = {"dataset": index.dataset, **report, **summarise(index)}
    write_json(out / REPORT, document)
    show(document, as_json)


def verify(root: Path) -> dict[str, Any]:
    """The report of ``--check``; what was dropped is in the report of the preparation."""
    from fusion.datasets.checking import check

    index = load_index(root)
    report = read_json(root / REPORT, cure="prepare again") if (root / REPORT).is_file() else {}
    if not isinstance(report, dict):
        fail(f"'{root / REPORT}'", "be the report of a preparation", f"a {type(report).__name__}", "prepare again")
    return {
        "dataset": index.dataset,
        "dropped": report.get("dropped", []),
        **check(index, progress=partial(cli.progress, label="reading")),
    }


def export(root: Path, path: Path, as_json: bool) -> None:
    """Write the annotation pickle, and say what it holds."""
    from fusion.datasets.exporting import export_annotations

    document = export_annotations(root, path, progress=partial(cli.progress, label="writing"))
    if as_json:
        cli.print_json(document)
        return
    without = f" ({document['without']} records have no skeleton)" if document["without"] else ""
    click.echo(f"{path}: {document['clips']} clips of {document['dataset']}, layout {document['layout']}{without}")
    for name, size in document["splits"].items():
        click.echo(f"  {name} {size}")


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
    for name, row in document.get("lists", {}).items():
        if not row["same"]:
            console.print(f"list {name}: {row['found']} of {row['published']} clips are there")
    for kind, what in (("dropped", "reason"), ("known", "problem"), ("problems", "problem")):
        for row in document.get(kind, [])[:SHOWN]:
            console.print(f"{kind}: {row['id'] or document['dataset']}: {row[what]}", soft_wrap=True, markup=False)
        if len(document.get(kind, [])) > SHOWN:
            console.print(f"{kind}: {len(document[kind]) - SHOWN} more, see --json")
    for line in document.get("notes", []):
        console.print(f"note: {line}", soft_wrap=True, markup=False)
    for name, count in document.get("leaks", {}).items():
        tested = document["protocols"][name]["test"]
        console.print(f"leaks: {count} of the {tested} that test in {name} are in its train or val under another id")
    for line in document.get("unverified", []):
        console.print(f"not verified: {line}", soft_wrap=True, markup=False)
    if "unverified" in document and not document["problems"]:
        console.print("no problems")


@click.group(invoke_without_command=True)
@click.option("--check", "checked", type=click.Path(path_type=Path), help="Verify the prepared dataset in this folder.")
@click.option(
    "--export",
    "exported",
    type=(click.Path(path_type=Path), click.Path(path_type=Path)),
    metavar="OUT FILE.pkl",
    help="Write the skeletons and splits of a prepared dataset as a pickle for pyskl and mmaction2.",
)
@cli.json_option
@click.pass_context
def main(context: click.Context, checked: Path | None, exported: tuple[Path, Path] | None, as_json: bool) -> None:
    """Turn a dataset as downloaded into index.json; what is dropped is reported with its reason."""
    context.obj = as_json
    if exported is not None:
        export(*exported, as_json)
        context.exit()
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
    from fusion.datasets.minihome.prepare import prepare_minihome

    bar = partial(cli.progress, label="rendering")
    finish(out, prepare_minihome(out, clips=clips, seed=seed, workers=workers, progress=bar), as_json)


DATASETS = {
    "smarthome": "Toyota Smarthome: {Class}_p{PP}_r{RR}_v{VV}_c{CC}.mp4 and .json or _pose3d.json (LCR-Net++).",
    "tsu": "Toyota Smarthome Untrimmed: smarthome_CS_51.json, P{pp}T{tt}C{cc}.mp4, skeletons of the same names.",
    "ntu60": "NTU RGB+D: S001C001P001R001A001.skeleton …, S001C001P001R001A001_rgb.avi …; or ntu60_3d.pkl.",
    "ntu120": "NTU RGB+D 120: S001C001P001R001A001.skeleton …, S001C001P001R001A001_rgb.avi …; or ntu120_3d.pkl.",
    "nucla": "Northwestern-UCLA: a{AA}_s{SS}_e{EE}_v{VV}.json (20 joints), videos of the same names.",
    "utd_mhad": "UTD-MHAD: a{A}_s{S}_t{T}_skeleton.mat, a{A}_s{S}_t{T}_color.avi.",
    "florence3d": "Florence 3D Actions: a{AA}_s{S}_id{N}.txt, rows of 15 joints in millimetres.",
    "pku_mmd": "PKU-MMD, phase 1: {NNNN}-{L,M,R}.avi, skeletons and labels {NNNN}-{L,M,R}.txt, cross-….txt.",
    "ucf101": "UCF101: {Class}/v_{Class}_g{GG}_c{CC}.avi, classInd.txt, trainlist0{1,2,3}.txt, testlist0{1,2,3}.txt.",
    "hmdb51": "HMDB51: {class}/*.avi, {class}_test_split{1,2,3}.txt.",
    "jhmdb": "J-HMDB: videos/{class}/*.avi, splits/{class}_test_split{1,2,3}.txt, joints.npz.",
    "kinetics_skeleton": "Kinetics-skeleton: kinetics_{train,val}/{id}.json, kinetics_{train,val}_label.json.",
    "folder": "Your own clips: SOURCE/class/clip.mp4, or SOURCE/{train,val,test}/class/clip.mp4.",
    "table": "Your own recordings: TABLE is CSV or JSON with path and label, and any of subject, start, end, split ….",
}
"""What lies on disk, most of it in any folder below SOURCE; each has its file in ``fusion.datasets``."""
VIDEO_ONLY = ("ucf101", "hmdb51", "jhmdb", "folder")
"""Those without a choice of how their skeletons are stored: none, or pixels, which float16 is too coarse for."""


def command_of(name: str) -> click.Command:
    """``prepare NAME SOURCE OUT``, from ``prepare_NAME`` in the dataset's file."""

    def prepare(as_json: bool, out: Path, **options: Any) -> None:
        function = getattr(import_module(f"fusion.datasets.{name}"), f"prepare_{name}")
        source = options.pop(given)
        finish(out, function(source, out, progress=partial(cli.progress, label="reading"), **options), as_json)

    kind = click.Path(path_type=Path)
    given = "table" if name == "table" else "source"
    parameters: list[click.Parameter] = [click.Argument([given], type=kind), click.Argument(["out"], type=kind)]
    if name not in VIDEO_ONLY:
        sizes = click.Choice(["float16", "float32"])
        text = "Of the packed skeletons; float16 takes half the room and keeps 2 mm at four metres."
        parameters.append(click.Option(["--dtype"], type=sizes, default="float32", show_default=True, help=text))
    return click.Command(name, params=parameters, callback=click.pass_obj(prepare), help=DATASETS[name])


for dataset in DATASETS:
    main.add_command(command_of(dataset))


if __name__ == "__main__":
    cli.run(main)
