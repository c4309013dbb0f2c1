"""evaluate flow|…: estimators against ground truth."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

import cli


@click.group()
def main() -> None:
    """Measure estimators, or what they have stored, against the truth."""


@main.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--flow", help="Estimator, as in tools/extract.py --flow.")
@click.option("--stream", help="Instead of --flow: a stream that was extracted, e.g. flow_dis.")
@click.option("--weights", type=click.Path(path_type=Path), help="Of the estimator.")
@click.option("--iterations", type=int, help="Of the estimator.")
@click.option("--device", default="cpu", show_default=True, help="Where the estimator runs.")
@cli.json_option
def flow(
    folder: Path,
    flow: str | None,
    stream: str | None,
    weights: Path | None,
    iterations: int | None,
    device: str,
    as_json: bool,
) -> None:
    """Optical flow against the true one, in pixels of end-point error and shares of outliers.

    DIR holds sequences in Middlebury's format (<name>/frame10.png, frame11.png, flow10.flo), or is a prepared dataset
    with true flow (MiniHome); the latter also takes --stream. Every sequence weighs the same in the mean.
    """
    from fusion.data.index import load_index
    from fusion.data.true_flow import judge_dataset
    from modalities.flow.estimators import build_estimator
    from modalities.flow.evaluation import evaluation_document, judge_folder

    if (flow is None) == (stream is None):
        raise click.UsageError("give --flow NAME, or --stream of a prepared dataset")
    track = partial(cli.progress, label="sequences")
    source: Any = stream
    if flow is not None:
        source = build_estimator(flow, weights=weights, iterations=iterations, device=device)
    elif weights or iterations is not None or device != "cpu":
        raise click.UsageError("--weights, --iterations and --device go with --flow")
    prepared = stream is not None or (folder / "index.json").is_file()
    judged = (
        judge_dataset(load_index(folder), source, track=track)
        if prepared
        else judge_folder(folder, source, track=track)
    )
    document = evaluation_document(judged)
    if as_json:
        cli.print_json(document)
    else:
        show_flow(document)


def show_flow(document: dict[str, Any]) -> None:
    table = Table("sequence", *(column for column, *_ in FLOW_COLUMNS))
    for name, row in [*document["sequences"].items(), ("mean", document["mean"])]:
        table.add_row(name, *(form.format(row[key]) for _, key, form in FLOW_COLUMNS))
    Console().print(table)


FLOW_COLUMNS = (
    ("EPE, px", "epe", "{:.3f}"),
    ("> 3 px and 5 %", "outliers", "{:.2%}"),
    ("> 1 px", "above_1px", "{:.2%}"),
    ("> 3 px", "above_3px", "{:.2%}"),
    ("> 5 px", "above_5px", "{:.2%}"),
    ("EPE of no motion", "zero", "{:.3f}"),
)


if __name__ == "__main__":
    cli.run(main)
