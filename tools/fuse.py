"""Late fusion of predictions files; everything learned is learned on the validation predictions."""

from __future__ import annotations

from pathlib import Path

import click

import cli


@click.command(cls=cli.VariadicOptions)
@click.argument("test", nargs=-1, required=True, metavar="TEST...")
@click.option("--fit", multiple=True, metavar="VAL...", help="Predictions of the validation split.")
@click.option(
    "--weights",
    multiple=True,
    metavar="W...",
    help="Given weights instead: one a file as 2 2 1 1, or stream=2 each; of probabilities (mean) or their logarithms "
    "(product).",
)
@click.option(
    "--method",
    metavar="NAME",
    help="mean, product, weighted, svm, svm_features or logistic  [default: weighted; mean with --weights].",
)
@click.option("--out", metavar="NPZ", help="Write the predictions with a stream 'fused'.")
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
    """Fuse predictions of several streams, one file or more: TEST... --fit VAL..., or TEST... --weights W..."""
    from fusion.late_fusion.fuse import fuse_given, fuse_predictions, fusion_summary, read_weights
    from fusion.late_fusion.methods import save_fusion
    from fusion.predictions import Predictions, join_predictions

    if bool(fit) == bool(weights):
        raise click.UsageError("give --fit VAL... to learn from, or --weights W... to take as they are")
    parts = [Predictions.load(path) for path in test]
    if weights:
        fused, fusion = fuse_given(
            join_predictions(parts), read_weights(weights, [part.streams for part in parts]), method=method or "mean"
        )
    else:
        val = join_predictions([Predictions.load(path) for path in fit])
        fused, fusion = fuse_predictions(join_predictions(parts), val, method=method or "weighted")
    if out:
        fused.save(Path(out))
    if save:
        save_fusion(fusion, Path(save))
    summary = fusion_summary(fused, fusion)
    if as_json:
        cli.print_json(summary)
        return
    learned = f"learned on {summary['num_validation']} samples" if fit else "given weights"
    click.echo(f"{fusion.method} of {', '.join(summary['streams'])}: {learned}")
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
