"""Late fusion of predictions files, learned on validation predictions or with fixed weights."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

import cli


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
@click.option("--out", metavar="NPZ", help="Write the predictions with the stream 'fused'.")
@click.option("--save", metavar="SKOPS", help="Write the fitted fusion.")
@cli.json_option
def main(
    test: tuple[str, ...],
    fit: tuple[str, ...],
    weights: tuple[str, ...],
    method: str | None,
    out: str | None,
    save: str | None,
    as_json: bool,
) -> None:
    """Fuse the predictions of several streams: TEST... --fit VAL..., or TEST... --weights W..."""
    from fusion.late_fusion import fuse_predictions, fuse_with_weights, parse_weights, save_fusion, summarize_fusion
    from fusion.predictions import Predictions, join_predictions

    if bool(fit) == bool(weights):
        raise click.UsageError("give --fit VAL... to learn from, or --weights W... to take as they are")
    members = [Predictions.load(path) for path in test]
    if weights:
        weight_by_stream = parse_weights(weights, [member.streams for member in members])
        fused, fusion = fuse_with_weights(join_predictions(members), weight_by_stream, method=method or "mean")
    else:
        val = join_predictions([Predictions.load(path) for path in fit])
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


def print_summary(summary: dict[str, Any], *, learned: bool) -> None:
    """Print the method, the weights and, where the samples are labelled, the accuracy."""
    origin = f"learned on {summary['num_validation']} samples" if learned else "fixed weights"
    click.echo(f"{summary['method']} of {', '.join(summary['streams'])}: {origin}")
    for stream, weight in summary.get("weights", {}).items():
        click.echo(f"  weight {weight:.3f}  temperature {summary['temperatures'][stream]:.2f}  {stream}")
    if "mean_class_accuracy" in summary:
        low, high = summary["ci95"]
        click.echo(
            f"mean class accuracy {summary['mean_class_accuracy']:.1%} "
            f"(95 % over {summary['ci95_over'].replace('_', ' ')}s: {low:.1%} - {high:.1%}), "
            f"top-1 {summary['top1']:.1%}, top-5 {summary['top5']:.1%} on {summary['num_test']} samples"
        )


if __name__ == "__main__":
    cli.run(main)
