"""Late fusion of predictions files; everything learned is learned on the validation predictions."""

from __future__ import annotations

from pathlib import Path

import click

import cli


@click.command(cls=cli.VariadicOptions)
@click.argument("test", nargs=-1, required=True, metavar="TEST...")
@click.option("--fit", multiple=True, required=True, metavar="VAL...", help="Predictions of the validation split.")
@click.option(
    "--method",
    default="weighted",
    show_default=True,
    metavar="NAME",
    help="mean, product, weighted, svm, svm_features or logistic.",
)
@click.option("--out", metavar="NPZ", help="Write the predictions with a stream 'fused'.")
@click.option("--save", metavar="SKOPS", help="Write the fitted fusion.")
@cli.json_option
def main(
    test: tuple[str, ...], fit: tuple[str, ...], method: str, out: str | None, save: str | None, as_json: bool
) -> None:
    """Fuse predictions of several streams, one file or more: TEST... --fit VAL..."""
    from fusion.evaluation import Predictions, join
    from fusion.evaluation.fuse import fuse_predictions, fusion_summary
    from fusion.heads.late_methods import save_fusion

    fused, fusion = fuse_predictions(
        join([Predictions.load(path) for path in test]), join([Predictions.load(path) for path in fit]), method=method
    )
    if out:
        fused.save(Path(out))
    if save:
        save_fusion(fusion, Path(save))
    summary = fusion_summary(fused, fusion)
    if as_json:
        cli.print_json(summary)
        return
    click.echo(f"{method} of {', '.join(summary['streams'])}: learned on {summary['num_validation']} samples")
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
