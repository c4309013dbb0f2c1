"""test CONFIG CHECKPOINT: accuracy on a split, and the predictions file that fusion and ablation read."""

from __future__ import annotations

from pathlib import Path

import click

import cli


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
@click.option("--seed", type=int, help="Seed that the predictions record (default: the config's).")
@click.option("--cfg-options", "options", multiple=True, metavar="KEY=VALUE", help="Change a field of the config.")
@click.option("--launcher", type=click.Choice(["none", "pytorch", "slurm", "mpi"]), default="none")
@click.option("--local_rank", "--local-rank", default=0, hidden=True)
@cli.json_option
def main(
    config: Path,
    checkpoint: Path,
    data: Path | None,
    splits: tuple[str, ...],
    dump: Path | None,
    seed: int | None,
    options: tuple[str, ...],
    launcher: str,
    local_rank: int,
    as_json: bool,
) -> None:
    """Test a checkpoint (a file, or the last one of a work folder) of CONFIG."""
    from mmengine.dist import is_main_process

    from fusion.training.config import build_config
    from fusion.training.metrics.action_metric import accuracies
    from fusion.training.runner import evaluate

    if dump is not None and len(splits) > 1 and "{split}" not in str(dump):
        raise click.UsageError("several splits need '{split}' in --dump")
    results = {}
    for split in splits:
        settings = build_config(config, options=options, data=data, seed=seed, launcher=launcher)
        predictions = evaluate(settings, checkpoint, split)
        if dump is not None and is_main_process():
            predictions.save(str(dump).replace("{split}", split))
        results[split] = {"samples": len(predictions), **accuracies(predictions)}
    if not is_main_process():
        return
    if as_json:
        cli.print_json(results)
    else:
        for split, row in results.items():
            values = ", ".join(f"{name} {100 * value:.1f}" for name, value in row.items() if name != "samples")
            click.echo(f"{split} ({row['samples']} samples): {values}")


if __name__ == "__main__":
    cli.run(main)
