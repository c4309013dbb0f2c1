"""Aggregation of folds, splits and seeds of one experiment into one figure, or into the difference from another."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from triad import CONFIGS
from triad.tools import cli

RESULTS = CONFIGS / "results.json"


@click.command(cls=cli.VariadicOptions)
@click.argument("test", nargs=-1, required=True, metavar="TEST...")
@click.option("--out", metavar="NPZ", help="Write the joined folds; '{seed}' in the name becomes the seed.")
@click.option("--stream", metavar="NAME", help="Stream to evaluate  [default: fused, or the only one].")
@click.option(
    "--against",
    multiple=True,
    metavar="TEST...",
    help="Predictions of the same splits by another model or fusion: print the paired difference.",
)
@click.option("--against-stream", metavar="NAME", help="Their stream  [default: fused, or the only one].")
@click.option(
    "--record",
    type=click.Path(path_type=Path),
    is_flag=False,
    flag_value=RESULTS,
    metavar="[JSON]",
    help="Write the result into the file that triad zoo reads  [default: configs/results.json].",
)
@cli.json_option
def main(
    test: tuple[str, ...],
    out: str | None,
    stream: str | None,
    against: tuple[str, ...],
    against_stream: str | None,
    record: Path | None,
    as_json: bool,
) -> None:
    """Compute the accuracy over several test predictions of one dataset.

    Folds of a protocol (leave_one_out:s1, leave_one_out:s2, ...) are joined into one test set. Official splits are
    averaged, and the interval of their mean draws people or source videos once for all splits. Several seeds give a
    mean and a standard deviation. Protocol and seed are read from the files.
    """
    from triad.fusion.evaluation import aggregate_folds_by_seed, compare_runs, group_runs, summarize_runs
    from triad.fusion.evaluation.results import record_result, summarize_result
    from triad.fusion.predictions import Predictions
    from triad.modalities.file_names import check_name

    if against_stream and not against:
        raise click.UsageError("--against-stream goes with --against TEST...")
    runs = [Predictions.load(path) for path in test]
    summary = summarize_runs(runs, stream=stream)
    if against:
        others = [Predictions.load(path) for path in against]
        summary["against"] = compare_runs(runs, others, stream=stream, other_stream=against_stream)
    if out:
        aggregated = aggregate_folds_by_seed(group_runs(runs))
        if len(aggregated) > 1 and "{seed}" not in out:
            raise click.UsageError("several seeds need '{seed}' in --out")
        for seed, predictions in aggregated.items():
            predictions.save(Path(out.replace("{seed}", check_name("seed of predictions", str(seed)))))
    if record:
        command = " ".join(["triad aggregate", *test, *(["--stream", stream] if stream else []), "--record"])
        record_result(record, summarize_result(runs, stream=stream, command=command))
    if as_json:
        cli.print_json(summary)
        return
    for line in format_summary(summary):
        cli.echo(line)


def format_summary(summary: dict[str, Any]) -> list[str]:
    """Return one line for every run, one for every seed where there are several, and one for the total."""
    from triad.fusion.evaluation.interval_text import describe_interval

    def accuracies(row: dict[str, Any]) -> str:
        return f"mean class accuracy {row['mean_class_accuracy']:.1%}, top-1 {row['top1']:.1%}"

    lines = [
        f"{row['protocol']}, seed {row['seed']}: {accuracies(row)} ({row['num_test']} samples)"
        for row in summary["rows"]
    ]
    joint = summary["kind"] == "splits"
    kind = {"folds": "folds as one test set", "splits": "splits, mean", "one": "protocol"}[summary["kind"]]
    subject = f"{summary['dataset']}, stream '{summary['stream']}', {len(summary['protocols'])} {kind}"
    if summary["sd"] is not None:
        lines += [f"seed {row['seed']}: {accuracies(row)}" for row in summary["seeds"]]
        deviations = ", ".join(f"{100 * summary['sd'][name]:.1f}" for name in ("mean_class_accuracy", "top1"))
        lines.append(
            f"{subject}, {len(summary['seeds'])} seeds: {accuracies(summary)} (standard deviations {deviations})"
        )
    else:
        lines.append(f"{subject}: {accuracies(summary)} ({describe_interval(summary, joint=joint)})")
    if against := summary.get("against"):
        points, points_top1 = 100 * against["difference"], 100 * against["difference_top1"]
        lines += [
            f"against stream '{against['stream']}': {accuracies(against)}",
            f"difference: mean class accuracy {points:+.1f}, top-1 {points_top1:+.1f} points "
            f"({describe_interval(against, signed=True, joint=joint)})",
        ]
    return lines


if __name__ == "__main__":
    cli.run(main)
