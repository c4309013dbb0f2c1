"""Aggregation of folds, splits and seeds of one experiment into one figure, from their predictions files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

import cli

RESULTS = Path(__file__).resolve().parents[1] / "configs/results.json"


@click.command()
@click.argument("test", nargs=-1, required=True, metavar="TEST...")
@click.option("--out", metavar="NPZ", help="Write the joined folds; '{seed}' in the name becomes the seed.")
@click.option("--stream", metavar="NAME", help="Stream to evaluate  [default: fused, or the only one].")
@click.option(
    "--record",
    type=click.Path(path_type=Path),
    is_flag=False,
    flag_value=RESULTS,
    metavar="[JSON]",
    help="Write the result into the file that tools/zoo.py reads  [default: configs/results.json].",
)
@cli.json_option
def main(test: tuple[str, ...], out: str | None, stream: str | None, record: Path | None, as_json: bool) -> None:
    """Compute the accuracy over several test predictions of one dataset.

    Folds of a protocol (leave_one_out:s1, leave_one_out:s2, ...) are joined into one test set. Official splits are
    averaged. Several seeds give a mean and a standard deviation. Protocol and seed are read from the files.
    """
    from fusion.evaluation import aggregate_folds_by_seed, group_runs, summarize_runs
    from fusion.evaluation.results import record_result, summarize_result
    from fusion.predictions import Predictions

    runs = [Predictions.load(path) for path in test]
    summary = summarize_runs(runs, stream=stream)
    if out:
        aggregated = aggregate_folds_by_seed(group_runs(runs))
        if len(aggregated) > 1 and "{seed}" not in out:
            raise click.UsageError("several seeds need '{seed}' in --out")
        for seed, predictions in aggregated.items():
            predictions.save(Path(out.replace("{seed}", str(seed))))
    if record:
        command = " ".join(["tools/aggregate.py", *test, *(["--stream", stream] if stream else []), "--record"])
        record_result(record, summarize_result(runs, stream=stream, command=command))
    if as_json:
        cli.print_json(summary)
        return
    for line in format_summary(summary):
        click.echo(line)


def format_summary(summary: dict[str, Any]) -> list[str]:
    """Return one line for every run, one for every seed where there are several, and one for the total."""

    def accuracies(row: dict[str, Any]) -> str:
        return f"mean class accuracy {row['mean_class_accuracy']:.1%}, top-1 {row['top1']:.1%}"

    lines = [
        f"{row['protocol']}, seed {row['seed']}: {accuracies(row)} ({row['num_test']} samples)"
        for row in summary["rows"]
    ]
    kind = {"folds": "folds as one test set", "splits": "splits, mean", "one": "protocol"}[summary["kind"]]
    subject = f"{summary['dataset']}, stream '{summary['stream']}', {len(summary['protocols'])} {kind}"
    if summary["sd"] is not None:
        lines += [f"seed {row['seed']}: {accuracies(row)}" for row in summary["seeds"]]
        deviations = ", ".join(f"{100 * summary['sd'][name]:.1f}" for name in ("mean_class_accuracy", "top1"))
        total = f"{subject}, {len(summary['seeds'])} seeds: {accuracies(summary)} (standard deviations {deviations})"
        return [*lines, total]
    interval = ""
    if "ci95" in summary:
        low, high = summary["ci95"]
        interval = f" (95 % over {summary['ci95_over'].replace('_', ' ')}s: {low:.1%} - {high:.1%})"
    return [*lines, f"{subject}: {accuracies(summary)}{interval}"]


if __name__ == "__main__":
    cli.run(main)
