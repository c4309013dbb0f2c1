"""evaluate localization OUT: models of clips slide over the long videos of a prepared dataset."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.table import Table

from triad.tools import cli

if TYPE_CHECKING:
    from triad.fusion.predictions import Predictions

SPLITS = ("val", "test")
MAX_PICTURES = 12
"""Timelines in a report, those of the first videos."""
METRICS = {
    "frame_map": "frame mAP",
    "event_map": "event mAP, IoU 0.1 to 0.7",
    "event_map_0.1": "at 0.1",
    "event_map_0.3": "at 0.3",
    "event_map_0.5": "at 0.5",
    "event_map_0.7": "at 0.7",
    "frame_accuracy": "frame accuracy",
    "edit": "edit score",
    "f1_10": "F1@10",
    "f1_25": "F1@25",
    "f1_50": "F1@50",
}


@click.command(cls=cli.VariadicOptions)
@click.argument("data", metavar="OUT", type=click.Path(path_type=Path))
@cli.checkpoints_option(required=False)
@cli.last_option
@click.option("--weights", multiple=True, metavar="W...", help="One weight a model, or stream=W  [default: equal]")
@click.option("--protocol", help="Protocol of the dataset  [default: its first]")
@click.option("--window", type=float, help="Length of a window in seconds  [default: that of the training clips]")
@click.option("--stride", type=float, help="Seconds from one window to the next  [default: half a window]")
@click.option(
    "--predictions",
    type=click.Path(path_type=Path),
    help="Windows that an earlier run wrote, or triad fuse made of them, instead of --checkpoint.",
)
@click.option("--fit", type=click.Path(path_type=Path), help="The same of the validation split.")
@click.option("--stream", help="Scores to judge  [default: fused, or the only stream]")
@click.option("--fps", default=10.0, show_default=True, help="Frames per second that are judged.")
@click.option("--known-classes", is_flag=True, help="Leave out classes of OUT that the models do not know.")
@click.option(
    "--out",
    default=Path("work_dirs/localization"),
    show_default=True,
    type=click.Path(path_type=Path),
    help="Folder of localization.json, timeline.json, report.html and the predictions of all windows.",
)
@click.option("--workers", default=2, show_default=True, type=click.IntRange(0, 64), help="Processes that read.")
@click.option("--device", help="cpu, cuda, cuda:1  [default: a GPU if there is one]")
@cli.json_option
def localization(
    data: Path,
    checkpoints: tuple[str, ...],
    last: bool,
    weights: tuple[str, ...],
    protocol: str | None,
    window: float | None,
    stride: float | None,
    predictions: Path | None,
    fit: Path | None,
    stream: str | None,
    fps: float,
    known_classes: bool,
    out: Path,
    workers: int,
    device: str | None,
    as_json: bool,
) -> None:
    """Measure labels over time on the videos of the prepared dataset OUT, whose records are segments of them.

    With --checkpoint, models of clips slide over the videos of the validation and the test split, with the streams of
    OUT and their own sampling. Scores of frames are the mean of the windows around them. Smoothing and thresholds are
    chosen on validation alone. Actions may overlap; where none do, frames have one class, and frame accuracy, edit
    score and F1@k are measured too. Intervals draw whole videos or people.
    """
    from triad.fusion.inference.localization import evaluate_windows
    from triad.fusion.predictions import Predictions
    from triad.modalities.atomic_files import write_json

    if bool(checkpoints) == bool(predictions) or bool(predictions) != bool(fit):
        raise click.UsageError("give --checkpoint K..., or --predictions TEST with --fit VAL")
    if predictions is not None and fit is not None:
        if window is not None or stride is not None or weights or protocol is not None:
            raise click.UsageError("--window, --stride, --weights and --protocol go with --checkpoint")
        test = Predictions.load(predictions)
        val = Predictions.load(fit)
    else:
        val, test = predict_splits(
            data, checkpoints, last, weights, protocol, window, stride, known_classes, out, workers, device
        )
    document, timeline = evaluate_windows(test, val, data, stream=stream, fps=fps, known_only=known_classes)
    write_json(out / "localization.json", document)
    write_json(out / "timeline.json", timeline)
    write_page(out / "report.html", document, timeline)
    if as_json:
        cli.print_json(document)
        return
    show_localization(document)
    cli.echo(f"{out / 'localization.json'}\n{out / 'timeline.json'}\n{out / 'report.html'}")


def predict_splits(
    data: Path,
    checkpoints: tuple[str, ...],
    last: bool,
    weights: tuple[str, ...],
    protocol: str | None,
    window: float | None,
    stride: float | None,
    known_classes: bool,
    out: Path,
    workers: int,
    device: str | None,
) -> tuple[Predictions, Predictions]:
    """Return the predictions of all windows of validation and test, and write them."""
    from triad.fusion.inference.localization import predict_windows
    from triad.fusion.inference.open_ensemble import open_ensemble
    from triad.fusion.inference.sliding_window import choose_sliding_window
    from triad.modalities.device import best_device

    ensemble = open_ensemble(checkpoints, last=last, weights=weights, device=device or best_device())
    sliding_window = choose_sliding_window(ensemble.models, window=window, stride=stride)
    results = []
    for name in SPLITS:
        result = predict_windows(
            ensemble,
            data,
            protocol=protocol,
            split=name,
            sliding_window=sliding_window,
            known_only=known_classes,
            num_workers=workers,
            track=partial(cli.progress, label=f"windows of {name}", unit="batches"),
        )
        result.save(out / f"{name}.npz")
        results.append(result)
    return results[0], results[1]


def write_page(path: Path, document: dict[str, Any], timeline: dict[str, Any]) -> None:
    """Write the report: metrics, classes, and the timelines of the first videos."""
    from triad.fusion.evaluation.report.tables_page import PageTable, write_tables
    from triad.fusion.rendering import to_png
    from triad.fusion.rendering.localization_timeline import draw_localization

    classes = [
        [name.replace("_", " "), str(row["actions"]), percent(row["frame_ap"]), percent(row["event_ap"])]
        for name, row in sorted(document["per_class"].items(), key=lambda item: -(item[1]["frame_ap"] or 0))
    ]
    videos = list(timeline["videos"].items())[:MAX_PICTURES]
    write_tables(
        path,
        kicker="localization",
        title=document["dataset"],
        facts=[
            f"{len(document['sequences'])} videos of {document['split']}, {document['protocol'].replace('_', ' ')}",
            f"{len(document['classes'])} classes",
            f"intervals over {document['ci95_units']} {document['ci95_over'].replace('_', ' ')}s",
        ],
        notes=document["notes"],
        tables=[
            PageTable("All videos", "Chosen on validation alone.", ("", "%", "95 %"), metric_rows(document)),
            PageTable(
                "Classes",
                "Average precision of frames, and of events over all thresholds of IoU.",
                ("class", "actions", "frames, %", "events, %"),
                classes,
            ),
        ],
        pictures=[(name, to_png(draw_localization(name, video))) for name, video in videos],
        reproduce=cli.command_line(),
    )


def percent(value: float | None) -> str:
    """Return a proportion in percent; a dash where it is not defined."""
    return "–" if value is None else f"{100 * value:.1f}"


def metric_rows(document: dict[str, Any]) -> list[list[str]]:
    """Return the title, the value and the interval of each metric."""
    from triad.fusion.evaluation.interval_text import format_interval

    return [
        [title, percent(document["mean"][key]), format_interval(document["ci95"].get(key))]
        for key, title in METRICS.items()
        if key in document["mean"]
    ]


def show_localization(document: dict[str, Any]) -> None:
    """Print the metrics of all videos with their intervals, and what was left out."""
    table = Table("", "%", "95 %")
    for row in metric_rows(document):
        table.add_row(*row)
    cli.TextConsole().print(table)
    settings = document["settings"]
    cli.echo(
        f"{len(document['sequences'])} videos of {document['split']}; intervals draw {document['ci95_units']} of "
        f"'{document['ci95_over']}'; chosen on validation: smoothing {settings['smoothing']:g} s, "
        f"threshold {settings['threshold']:g}"
    )
    for note in document["notes"]:
        cli.echo(f"note: {note}")
    dropped = document["dropped"]
    for entry in dropped[:10]:
        cli.echo(f"{entry['id']}: {entry['reason']}")
    if len(dropped) > 10:
        cli.echo(f"and {len(dropped) - 10} more, see localization.json")
