"""evaluate flow|storage|lift|pose|localization: measure estimators and labels over time against ground truth."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import click
from rich.table import Table

from triad.tools import cli
from triad.tools.evaluate_localization import localization

FLOW_COLUMNS = (
    ("EPE, px", "epe", "{:.3f}"),
    ("> 3 px and 5 %", "outliers", "{:.2%}"),
    ("> 1 px", "above_1px", "{:.2%}"),
    ("> 3 px", "above_3px", "{:.2%}"),
    ("> 5 px", "above_5px", "{:.2%}"),
    ("EPE of zero flow", "epe_zero_flow", "{:.3f}"),
    ("EPE, moving", "epe_moving", "{:.3f}"),
    ("of zero flow", "epe_zero_flow_moving", "{:.3f}"),
)
STORAGE_COLUMNS = (
    ("bytes per field", "bytes", "{:,.0f}"),
    ("error, px", "error_mean", "{:.4f}"),
    ("99.9 %", "error_999", "{:.3f}"),
    ("largest", "error_max", "{:.3f}"),
    ("16 random fields", "random", "{:,.0f}/s"),
    ("sequential", "sequential", "{:,.0f}/s"),
    ("written", "encode", "{:,.0f}/s"),
)


@click.group()
def main() -> None:
    """Measure estimators, the streams they extracted, or labels over time against ground truth."""


main.add_command(localization)


@main.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--flow", help="Estimator, as in triad extract --flow.")
@click.option("--stream", help="Extracted stream to measure instead of --flow, e.g. flow_dis.")
@click.option("--weights", type=click.Path(path_type=Path), help="Weights of the estimator.")
@click.option("--iterations", type=int, help="Iterations of the estimator.")
@click.option("--warm-start", is_flag=True, help="Start fast RAFT from the flow of the frame before.")
@click.option("--device", default="cpu", show_default=True, help="Device of the estimator.")
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
    """Measure optical flow: end-point errors in pixels and fractions of outliers.

    DIR holds sequences in Middlebury's format (<name>/frame10.png, frame11.png, flow10.flo), or is a prepared dataset
    with true flow (MiniHome), for which --stream works too. Every sequence weighs the same in the mean.
    """
    from triad.fusion.estimators.flow.ground_truth import evaluate_dataset
    from triad.fusion.index import load_index
    from triad.modalities.flow.estimators import build_estimator
    from triad.modalities.flow.evaluation import evaluate_folder, evaluation_document

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
    evaluations = (
        evaluate_dataset(load_index(folder), source, track=track)
        if prepared
        else evaluate_folder(folder, source, track=track)
    )
    document = evaluation_document(evaluations)
    if as_json:
        cli.print_json(document)
    else:
        show_flow(document)


@main.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--flow", default="dis", show_default=True, help="Estimator, as in triad extract --flow.")
@click.option("--weights", type=click.Path(path_type=Path), help="Weights of the estimator.")
@click.option("--iterations", type=int, help="Iterations of the estimator.")
@click.option(
    "--clips", default=20, show_default=True, type=click.IntRange(1), help="Number of videos, evenly spread over all."
)
@cli.json_option
def storage(out: Path, flow: str, weights: Path | None, iterations: int | None, clips: int, as_json: bool) -> None:
    """Compare ways to store flow on videos of the prepared dataset OUT: added error, bytes, speed of reading.

    Speeds are fields per second of CPU time of one core.
    """
    from triad.fusion.benchmarks.flow_storage import compare_codecs, estimate_flow
    from triad.fusion.index import load_index
    from triad.modalities.flow.estimators import build_estimator

    index = load_index(out)
    estimator = build_estimator(flow, weights=weights, iterations=iterations)
    track = partial(cli.progress, label="clips")
    document = compare_codecs(estimate_flow(index, estimator, num_clips=clips, track=track))
    if as_json:
        cli.print_json(document)
        return
    table = Table("codec", *(title for title, *_ in STORAGE_COLUMNS))
    for name, row in document["codecs"].items():
        table.add_row(name, *(number_format.format(row[key]) for _, key, number_format in STORAGE_COLUMNS))
    cli.echo(f"{document['fields']} fields of {document['height']} × {document['width']}")
    cli.TextConsole().print(table)


def show_flow(document: dict[str, Any]) -> None:
    table = Table("sequence", *(title for title, *_ in FLOW_COLUMNS))
    for name, row in [*document["sequences"].items(), ("mean", document["mean"])]:
        cells = (number_format.format(row[key]) if key in row else "–" for _, key, number_format in FLOW_COLUMNS)
        table.add_row(name, *cells)
    cli.TextConsole().print(table)


@main.command(cls=cli.VariadicOptions)
@click.option(
    "--config", required=True, type=click.Path(path_type=Path), help="Config of the lifter, as in triad lift."
)
@click.option(
    "--checkpoint",
    required=True,
    type=click.Path(path_type=Path),
    help="Weights of the lifter, or the work folder of its training.",
)
@click.option(
    "--data",
    multiple=True,
    required=True,
    type=click.Path(path_type=Path),
    help="Prepared datasets with 3D skeletons: nucla, minihome, …",
)
@click.option("--split", type=click.Choice(["val", "test"]), default="test", show_default=True, help="Split.")
@cli.json_option
def lift(config: Path, checkpoint: Path, data: tuple[Path, ...], split: str, as_json: bool) -> None:
    """Measure a lifter on 3D skeletons of people that are new to it, in mm, beside baselines.

    Two random cameras capture every recording, with simulated errors of a 2D estimator. Every dataset weighs the same
    in the mean. The baselines learn from the training split: the mean pose, the flat 2D pose, and a linear regression
    from one frame.
    """
    from triad.fusion.estimators.lifting.checkpoints import load_lifter
    from triad.fusion.estimators.lifting.evaluation import evaluate_lifter

    track = partial(cli.progress, label="lifting", unit="recordings")
    document = evaluate_lifter(load_lifter(config, checkpoint), data, split=split, track=track)
    if as_json:
        cli.print_json(document)
    else:
        show_lift(document)


def show_lift(document: dict[str, Any]) -> None:
    methods = {"lifter": document, **document["baselines"]}
    for title, measure in (("MPJPE, mm", "mpjpe"), ("PA-MPJPE, mm", "pa_mpjpe")):
        table = Table("", *methods, title=title)
        for name in [*document["sequences"], "mean"]:
            rows = [result["mean"] if name == "mean" else result["sequences"][name] for result in methods.values()]
            table.add_row(name, *(f"{row[measure]:.1f}" for row in rows))
        cli.TextConsole().print(table)


@main.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--stream", required=True, help="Stream of estimated poses, e.g. pose_simplepose.")
@click.option("--truth", default="skeleton", show_default=True, help="Stream of annotated joints.")
@cli.json_option
def pose(folder: Path, stream: str, truth: str, as_json: bool) -> None:
    """Measure estimated 2D poses of the prepared dataset DIR against its annotated joints: PCK and OKS.

    PCK is the fraction of joints within a threshold, itself a fraction of the longer side of the person's box or of the
    torso. The main person counts; one line shows the nearest person of each frame. Joints outside of the frame are left
    out. In a frame without a person all joints are missed.
    """
    from triad.fusion.estimators.pose_evaluation import evaluate_poses
    from triad.fusion.index import load_index
    from triad.modalities.skeleton.metrics import evaluation_document

    track = partial(cli.progress, label="clips")
    document = evaluation_document(evaluate_poses(load_index(folder), stream, truth=truth, track=track))
    if as_json:
        cli.print_json(document)
    else:
        show_pose(document)


def show_pose(document: dict[str, Any]) -> None:
    columns = [key for key in document["mean"] if key != "oks"]
    classes = {**document["classes"], "all": document["mean"], "nearest person": document["best_person"]}
    for title, rows in (("joints", document["joints"]), ("classes", classes)):
        thresholds = (key.removeprefix("pck_").replace("_", " ") for key in columns)
        table = Table(title, *thresholds, "OKS", title="PCK within a fraction of …")
        for name, row in rows.items():
            cells = ("–" if row[key] is None else f"{row[key]:.1%}" for key in columns)
            table.add_row(name.replace("_", " "), *cells, f"{row['oks']:.3f}" if "oks" in row else "")
        cli.TextConsole().print(table)
    cli.echo(f"{document['frames_without_person']} of {document['frames']} frames without a person")
    cli.echo(f"{document['joints_outside']} annotated joints outside of the frame left out")


if __name__ == "__main__":
    cli.run(main)
