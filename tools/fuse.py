"""Late fusion of predictions files, learned on validation predictions or with fixed weights."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from triad.tools import cli

if TYPE_CHECKING:
    from triad.fusion.predictions import SampleLabels


@click.command(cls=cli.VariadicOptions)
@click.argument("test", nargs=-1, required=True, metavar="TEST...")
@click.option("--fit", multiple=True, metavar="VAL...", help="Predictions of the validation split, to learn from.")
@click.option(
    "--weights",
    multiple=True,
    metavar="W...",
    help="Fixed weights instead of --fit: one number for each file (2 2 1 1), or stream=number. They weight "
    "probabilities (mean) or log-probabilities (product).",
)
@click.option(
    "--method",
    metavar="NAME",
    help="mean, product, max, weighted; logistic; svm and svm_rbf on scores, svm[_rbf]_features on features, "
    "svm[_rbf]_both on both; mlp, mlp_features; gated, gated_features; bilinear_features  "
    "[default: weighted; mean with --weights].",
)
@click.option(
    "--ids", type=click.Path(path_type=Path), help="Ids of the samples of score pickles without names, one a line."
)
@click.option("--fit-ids", type=click.Path(path_type=Path), help="The same for the pickles of --fit.")
@click.option(
    "--data", type=click.Path(path_type=Path), help="Prepared dataset, for score pickles without a predictions file."
)
@click.option("--out", metavar="NPZ", help="Write the predictions with the stream 'fused'.")
@click.option("--save", metavar="SKOPS", help="Write the fitted fusion.")
@cli.json_option
def main(
    test: tuple[str, ...],
    fit: tuple[str, ...],
    weights: tuple[str, ...],
    method: str | None,
    ids: Path | None,
    fit_ids: Path | None,
    data: Path | None,
    out: str | None,
    save: str | None,
    as_json: bool,
) -> None:
    """Fuse the predictions of several streams: TEST... --fit VAL..., or TEST... --weights W...

    NAME=SCORES.pkl among them is a score pickle of mmaction2, pyskl, 2s-AGCN or CTR-GCN, read without running what is
    in it. Its samples are matched by name, or are those of --ids in order.
    """
    from triad.fusion.late_fusion import (
        fuse_predictions,
        fuse_with_weights,
        parse_weights,
        save_fusion,
        summarize_fusion,
    )
    from triad.fusion.predictions import join_predictions, load_members

    if bool(fit) == bool(weights):
        raise click.UsageError("give --fit VAL... to learn from, or --weights W... to take as they are")
    samples = samples_of(data) if data else None
    members = load_members(test, ids_file=ids, samples=samples)
    if weights:
        weight_by_stream = parse_weights(weights, [member.streams for member in members])
        fused, fusion = fuse_with_weights(join_predictions(members), weight_by_stream, method=method or "mean")
    else:
        val = join_predictions(load_members(fit, ids_file=fit_ids, samples=samples))
        fused, fusion = fuse_predictions(join_predictions(members), val, method=method or "weighted")
    if out:
        fused.save(Path(out))
    if save:
        save_fusion(fusion, Path(save))
    summary = summarize_fusion(fused, fusion)
    if as_json:
        cli.print_json(summary)
    else:
        print_summary(summary, learned=bool(fit))


def samples_of(data: Path) -> SampleLabels:
    """Return the labelled samples of a prepared dataset."""
    from triad.fusion.index import load_index
    from triad.fusion.predictions import SampleLabels

    index = load_index(data)
    return SampleLabels.from_records(index.records, classes=index.metainfo["classes"], dataset=index.dataset)


def print_summary(summary: dict[str, Any], *, learned: bool) -> None:
    """Print the method, the weights and, where the samples are labelled, the accuracy."""
    from triad.fusion.evaluation.interval_text import describe_interval

    origin = f"learned on {summary['num_validation']} samples" if learned else "fixed weights"
    cli.echo(f"{summary['method']} of {', '.join(summary['streams'])}: {origin}")
    for stream, weight in summary.get("weights", {}).items():
        cli.echo(f"  weight {weight:.3f}  temperature {summary['temperatures'][stream]:.2f}  {stream}")
    if "mean_average_precision" in summary:
        cli.echo(
            f"mean average precision {summary['mean_average_precision']:.1%} ({describe_interval(summary)}) "
            f"on {summary['num_test']} samples"
        )
    if "mean_class_accuracy" in summary:
        cli.echo(
            f"mean class accuracy {summary['mean_class_accuracy']:.1%} ({describe_interval(summary)}), "
            f"top-1 {summary['top1']:.1%}, top-5 {summary['top5']:.1%} on {summary['num_test']} samples"
        )


if __name__ == "__main__":
    cli.run(main)
