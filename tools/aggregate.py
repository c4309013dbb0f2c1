"""Folds, splits and seeds of one experiment as one figure, from their predictions files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

import cli


@click.command()
@click.argument("test", nargs=-1, required=True, metavar="TEST...")
@click.option("--out", metavar="NPZ", help="Write the pooled folds; '{seed}' in it becomes the seed.")
@click.option("--stream", metavar="NAME", help="What is judged  [default: fused, or the only one].")
@cli.json_option
def main(test: tuple[str, ...], out: str | None, stream: str | None, as_json: bool) -> None:
    """Accuracy over several test predictions of one dataset.

    Folds of a protocol (leave_one_out:s1, leave_one_out:s2, ...) are pooled into one test set; official splits are
    averaged; over seeds, mean and standard deviation are told. Protocol and seed are read from the files.
    """
    from fusion.evaluation.aggregate import group_runs, pooled_runs, summarise
    from fusion.predictions import Predictions

    parts = [Predictions.load(path) for path in test]
    summary = summarise(parts, stream=stream)
    if out:
        pooled = pooled_runs(group_runs(parts))
        if len(pooled) > 1 and "{seed}" not in out:
            raise click.UsageError("several seeds need '{seed}' in --out")
        for seed, predictions in pooled.items():
            predictions.save(Path(out.replace("{seed}", str(seed))))
    if as_json:
        cli.print_json(summary)
        return
    for line in lines_of(summary):
        click.echo(line)


def lines_of(summary: dict[str, Any]) -> list[str]:
    """Every run, every seed where there are several, and the figure."""

    def told(row: dict[str, Any]) -> str:
        return f"mean class accuracy {row['mean_class_accuracy']:.1%}, top-1 {row['top1']:.1%}"

    lines = [
        f"{row['protocol']}, seed {row['seed']}: {told(row)} ({row['num_test']} samples)" for row in summary["rows"]
    ]
    how = {"folds": "folds pooled", "splits": "splits, mean", "one": "protocol"}[summary["kind"]]
    what = f"{summary['dataset']}, stream '{summary['stream']}', {len(summary['protocols'])} {how}"
    if summary["sd"] is not None:
        lines += [f"seed {row['seed']}: {told(row)}" for row in summary["seeds"]]
        spread = ", ".join(f"{100 * summary['sd'][name]:.1f}" for name in ("mean_class_accuracy", "top1"))
        return [*lines, f"{what}, {len(summary['seeds'])} seeds: {told(summary)} (standard deviations {spread})"]
    interval = ""
    if "ci95" in summary:
        low, high = summary["ci95"]
        interval = f" (95 % over {summary['ci95_over'].replace('_', ' ')}s: {low:.1%} - {high:.1%})"
    return [*lines, f"{what}: {told(summary)}{interval}"]


if __name__ == "__main__":
    cli.run(main)
