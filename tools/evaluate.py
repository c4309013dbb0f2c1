"""evaluate flow|lift|…: estimators against ground truth."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

import cli

FLOW_COLUMNS = (
    ("EPE, px", "epe", "{:.3f}"),
    ("> 3 px and 5 %", "outliers", "{:.2%}"),
    ("> 1 px", "above_1px", "{:.2%}"),
    ("> 3 px", "above_3px", "{:.2%}"),
    ("> 5 px", "above_5px", "{:.2%}"),
    ("EPE of no motion", "epe_zero_flow", "{:.3f}"),
    ("EPE, moving", "epe_moving", "{:.3f}"),
    ("of no motion", "epe_zero_flow_moving", "{:.3f}"),
)
STORAGE_COLUMNS = (
    ("bytes a field", "bytes", "{:,.0f}"),
    ("error, px", "error_mean", "{:.4f}"),
    ("99.9 %", "error_999", "{:.3f}"),
    ("largest", "error_max", "{:.3f}"),
    ("16 at random", "random", "{:,.0f}/s"),
    ("in turn", "sequential", "{:,.0f}/s"),
    ("written", "encode", "{:,.0f}/s"),
)


@click.group()
def main() -> None:
    """Measure estimators, or what they have stored, against the truth."""


@main.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--flow", help="Estimator, as in tools/extract.py --flow.")
@click.option("--stream", help="Instead of --flow: a stream that was extracted, e.g. flow_dis.")
@click.option("--weights", type=click.Path(path_type=Path), help="Of the estimator.")
@click.option("--iterations", type=int, help="Of the estimator.")
@click.option("--warm-start", is_flag=True, help="Of fast RAFT, where a sequence has more than two frames.")
@click.option("--device", default="cpu", show_default=True, help="Where the estimator runs.")
@cli.json_option
def flow(
    folder: Path,
    flow: str | None,
    stream: str | None,
    weights: Path | None,
    iterations: int | None,
    warm_start: bool,
    device: str,
    as_json: bool,
) -> None:
    """Optical flow against the true one, in pixels of end-point error and shares of outliers.

    DIR holds sequences in Middlebury's format (<name>/frame10.png, frame11.png, flow10.flo), or is a prepared dataset
    with true flow (MiniHome); the latter also takes --stream. Every sequence weighs the same in the mean.
    """
    from fusion.estimators.flow.ground_truth import evaluate_dataset
    from fusion.index import load_index
    from modalities.flow.estimators import build_estimator
    from modalities.flow.evaluation import evaluate_folder, evaluation_document

    if (flow is None) == (stream is None):
        raise click.UsageError("give --flow NAME, or --stream of a prepared dataset")
    track = partial(cli.progress, label="sequences")
    source: Any = stream
    if flow is not None:
        options = {"weights": weights, "iterations": iterations, "warm_start": warm_start}
        source = build_estimator(flow, device=device, **options)
    elif weights or iterations is not None or warm_start or device != "cpu":
        raise click.UsageError("--weights, --iterations, --warm-start and --device go with --flow")
    prepared = stream is not None or (folder / "index.json").is_file()
    judged = (
        evaluate_dataset(load_index(folder), source, track=track)
        if prepared
        else evaluate_folder(folder, source, track=track)
    )
    document = evaluation_document(judged)
    if as_json:
        cli.print_json(document)
    else:
        show_flow(document)


@main.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--flow", default="dis", show_default=True, help="Estimator, as in tools/extract.py --flow.")
@click.option("--weights", type=click.Path(path_type=Path), help="Of the estimator.")
@click.option("--iterations", type=int, help="Of the estimator.")
@click.option("--clips", default=20, show_default=True, type=click.IntRange(1), help="Videos, evenly out of all.")
@cli.json_option
def storage(out: Path, flow: str, weights: Path | None, iterations: int | None, clips: int, as_json: bool) -> None:
    """Ways to store flow, on flow of the videos of the prepared dataset OUT: error added, bytes, speed of reading.

    Speeds are fields a second of one core's own time.
    """
    from fusion.benchmarks.flow_storage import compare_codecs, estimate_flow
    from fusion.index import load_index
    from modalities.flow.estimators import build_estimator

    index = load_index(out)
    estimator = build_estimator(flow, weights=weights, iterations=iterations)
    track = partial(cli.progress, label="clips")
    document = compare_codecs(estimate_flow(index, estimator, num_clips=clips, track=track))
    if as_json:
        cli.print_json(document)
        return
    table = Table("codec", *(column for column, *_ in STORAGE_COLUMNS))
    for name, row in document["codecs"].items():
        table.add_row(name, *(form.format(row[key]) for _, key, form in STORAGE_COLUMNS))
    click.echo(f"{document['fields']} fields of {document['height']} × {document['width']}")
    Console().print(table)


def show_flow(document: dict[str, Any]) -> None:
    table = Table("sequence", *(column for column, *_ in FLOW_COLUMNS))
    for name, row in [*document["sequences"].items(), ("mean", document["mean"])]:
        table.add_row(name, *(form.format(row[key]) if key in row else "–" for _, key, form in FLOW_COLUMNS))
    Console().print(table)


@main.command(cls=cli.VariadicOptions)
@click.option("--config", required=True, type=click.Path(path_type=Path), help="Of the lifter, as in tools/lift.py.")
@click.option("--checkpoint", required=True, type=click.Path(path_type=Path), help="Its weights, or a work folder.")
@click.option(
    "--data",
    multiple=True,
    required=True,
    type=click.Path(path_type=Path),
    help="Prepared datasets with 3D skeletons: nucla, minihome, …",
)
@click.option("--split", type=click.Choice(["val", "test"]), default="test", show_default=True, help="Of people.")
@cli.json_option
def lift(config: Path, checkpoint: Path, data: tuple[Path, ...], split: str, as_json: bool) -> None:
    """A lifter against the 3D skeletons of people it has not seen, in mm, beside baselines.

    Every recording is seen by two random cameras, with the mistakes of a 2D estimator. Every dataset weighs the same in
    the mean. Baselines learn from those who train: the mean pose, the 2D pose as a flat cut-out, a linear regression
    from one frame.
    """
    from fusion.estimators.lifting.checkpoints import load_lifter
    from fusion.estimators.lifting.evaluation import evaluate_lifter

    track = partial(cli.progress, label="lifting", unit="recordings")
    document = evaluate_lifter(load_lifter(config, checkpoint), data, split=split, track=track)
    if as_json:
        cli.print_json(document)
    else:
        show_lift(document)


def show_lift(document: dict[str, Any]) -> None:
    judged = {"lifter": document, **document["baselines"]}
    for title, measure in (("MPJPE, mm", "mpjpe"), ("PA-MPJPE, mm", "pa_mpjpe")):
        table = Table("", *judged, title=title)
        for name in [*document["sequences"], "mean"]:
            rows = [each["mean"] if name == "mean" else each["sequences"][name] for each in judged.values()]
            table.add_row(name, *(f"{row[measure]:.1f}" for row in rows))
        Console().print(table)


@main.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--stream", required=True, help="Of estimated poses, e.g. pose_simplepose.")
@click.option("--truth", default="skeleton", show_default=True, help="Stream of annotated joints.")
@cli.json_option
def pose(folder: Path, stream: str, truth: str, as_json: bool) -> None:
    """Estimated 2D poses of the prepared dataset DIR against its annotated joints: PCK and OKS.

    PCK is the share of joints within a share of the longer side of the person's box, or of the torso. The main person
    counts; one line says what the nearest person of each frame would give. Joints that lie outside of the frame are
    left out, a frame without a person misses all of its joints.
    """
    from fusion.estimators.pose_evaluation import evaluate_poses
    from fusion.index import load_index
    from modalities.skeleton.metrics.pose import evaluation_document

    track = partial(cli.progress, label="clips")
    document = evaluation_document(evaluate_poses(load_index(folder), stream, truth=truth, track=track))
    if as_json:
        cli.print_json(document)
    else:
        show_pose(document)


def show_pose(document: dict[str, Any]) -> None:
    columns = [key for key in document["mean"] if key != "oks"]
    parts = {"joints": document["joints"], "classes": {**document["classes"], "all": document["mean"]}}
    parts["classes"]["nearest person"] = document["best_person"]
    for title, rows in parts.items():
        heads = (key.removeprefix("pck_").replace("_", " ") for key in columns)
        table = Table(title, *heads, "OKS", title="PCK within a share of …")
        for name, row in rows.items():
            shares = ("–" if row[key] is None else f"{row[key]:.1%}" for key in columns)
            table.add_row(name.replace("_", " "), *shares, f"{row['oks']:.3f}" if "oks" in row else "")
        Console().print(table)
    lost, frames, outside = (document[key] for key in ("frames_without_person", "frames", "joints_outside"))
    click.echo(f"{lost} of {frames} frames without a person; {outside} annotated joints outside of the frame left out")


if __name__ == "__main__":
    cli.run(main)
