"""test CONFIG CHECKPOINT: accuracy on a split, and the predictions file that fusion and ablation read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from triad.tools import cli


@click.command(cls=cli.VariadicOptions)
@click.argument("config", type=click.Path(path_type=Path))
@click.argument("checkpoint", type=click.Path(path_type=Path))
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    help="Folder of a prepared dataset, which gives index, classes and layouts.",
)
@click.option(
    "--split",
    "splits",
    multiple=True,
    default=["test"],
    show_default=True,
    help="Name of a split; several may be given.",
)
@click.option("--dump", type=click.Path(path_type=Path), help="Predictions file; '{split}' in it becomes the split.")
@cli.last_option
@click.option("--seed", type=int, help="Seed that the predictions record (default: the config's).")
@click.option("--cfg-options", "options", multiple=True, metavar="KEY=VALUE", help="Change a field of the config.")
@cli.launcher_option
@click.option("--local_rank", "--local-rank", default=0, hidden=True)
@cli.json_option
def main(
    config: Path,
    checkpoint: Path,
    data: Path | None,
    splits: tuple[str, ...],
    dump: Path | None,
    last: bool,
    seed: int | None,
    options: tuple[str, ...],
    launcher: str | None,
    local_rank: int,
    as_json: bool,
) -> None:
    """Test CHECKPOINT of CONFIG: a file, or a work folder, of which the checkpoint that validation chose is taken.

    Classes are matched by name. A dataset with some of the trained classes is judged on these.
    """
    from mmengine.dist import is_main_process

    from triad.fusion.predictions import FUSED, compute_multi_label_metrics, compute_stream_metrics
    from triad.fusion.training.checkpoints import checkpoint_of
    from triad.fusion.training.config import build_config
    from triad.fusion.training.launchers import current_launcher
    from triad.fusion.training.runner import evaluate

    if dump is not None and len(splits) > 1 and "{split}" not in str(dump):
        raise click.UsageError("several splits need '{split}' in --dump")
    checkpoint = checkpoint_of(checkpoint, last=last)
    results: dict[str, dict[str, Any]] = {}
    for split in splits:
        settings = build_config(config, options=options, data=data, seed=seed, launcher=launcher or current_launcher())
        predictions = evaluate(settings, checkpoint, split)
        if dump is not None and is_main_process():
            predictions.save(str(dump).replace("{split}", split))
        labelled = predictions.select(predictions.labelled)
        stream = FUSED if FUSED in predictions.scores else predictions.streams[0]
        compute = compute_multi_label_metrics if predictions.multi_label else compute_stream_metrics
        metrics = compute(labelled, stream) if len(labelled) else {}
        results[split] = {"samples": len(predictions), **metrics}
    if not is_main_process():
        return
    if as_json:
        cli.print_json(results)
    else:
        for split, row in results.items():
            cli.echo(f"{split} ({row['samples']} samples): {format_accuracies(row)}")


def format_accuracies(row: dict[str, Any]) -> str:
    """Return the accuracies of a split in percent, with the interval and what it was drawn from."""
    from triad.fusion.evaluation.interval_text import describe_interval

    if "ci95" not in row:
        return "without labels"
    if "mean_average_precision" in row:
        return f"mean_average_precision {100 * row['mean_average_precision']:.1f} ({describe_interval(row)})"
    values = {name: f"{name} {100 * row[name]:.1f}" for name in ("mean_class_accuracy", "top1", "top5")}
    values["mean_class_accuracy"] += f" ({describe_interval(row)})"
    return ", ".join(values.values())


if __name__ == "__main__":
    cli.run(main)
