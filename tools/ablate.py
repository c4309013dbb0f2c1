"""Every subset of streams under every fusion, with intervals: ablation.json and report.html."""

from __future__ import annotations

import shlex
import sys
from functools import partial
from pathlib import Path

import click
from rich.console import Console

import cli


@click.command(cls=cli.VariadicOptions)
@click.argument("test", nargs=-1, required=True, metavar="PREDICTIONS...")
@click.option("--fit", multiple=True, required=True, metavar="VAL...", help="Predictions of the validation split.")
@click.option("--out", required=True, metavar="DIR", help="Folder for ablation.json and report.html.")
@cli.json_option
def main(test: tuple[str, ...], fit: tuple[str, ...], out: str, as_json: bool) -> None:
    """All 2^n - 1 subsets of the streams of PREDICTIONS..., learned and chosen on --fit VAL... alone."""
    from fusion.evaluation import Predictions, join
    from fusion.evaluation.ablation import ablate_predictions
    from fusion.evaluation.report import write_report
    from fusion.evaluation.table import ablation_table
    from modalities.store import write_json

    judged = join([Predictions.load(path) for path in test])
    pairs = ()
    if judged.meta.get("dataset") == "minihome":
        from fusion.data.minihome.pairs import PAIRS

        pairs = PAIRS
    document = ablate_predictions(
        judged,
        join([Predictions.load(path) for path in fit]),
        pairs=pairs,
        track=partial(cli.progress, label="subsets"),
    )
    write_json(Path(out) / "ablation.json", document)
    command = shlex.join(["python", "tools/ablate.py", *sys.argv[1:]])
    write_report(Path(out) / "report.html", document, reproduce=command)
    if as_json:
        cli.print_json(document)
    else:
        Console().print(ablation_table(document))
        click.echo(f"{Path(out) / 'ablation.json'}\n{Path(out) / 'report.html'}")


if __name__ == "__main__":
    cli.run(main)
