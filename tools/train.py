"""train CONFIG [--data OUT …]: mmengine's Runner on a checked config; stopped, --resume goes on exactly."""

from __future__ import annotations

from pathlib import Path

import click

import cli
from fusion.training.config.loading import apply_datasets, complete_config, load_config
from fusion.training.runner import build_runner
from fusion.training.triad_runner import checkpoint_of


@click.command(cls=cli.VariadicOptions)
@click.argument("config", type=click.Path(path_type=Path))
@click.option(
    "--data",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A prepared dataset: its index, classes and layouts; of a lifter several.",
)
@click.option("--work-dir", type=click.Path(path_type=Path), help="Where checkpoints and logs go.")
@click.option("--resume", is_flag=True, help="Go on from the last checkpoint of the work folder.")
@click.option("--refit", is_flag=True, help="Train on train+val without validation, after all choices are made.")
@click.option("--seed", type=int, help="Of all randomness (default: the config's).")
@click.option("--cfg-options", "options", multiple=True, metavar="KEY=VALUE", help="Change a field of the config.")
@click.option("--threads", default=0, help="Threads of torch on the CPU (default: torch's own choice).")
@click.option("--launcher", type=click.Choice(["none", "pytorch", "slurm", "mpi"]), default="none")
@click.option("--local_rank", "--local-rank", default=0, hidden=True)
def main(
    config: Path,
    data: tuple[Path, ...],
    work_dir: Path | None,
    resume: bool,
    refit: bool,
    seed: int | None,
    options: tuple[str, ...],
    threads: int,
    launcher: str,
    local_rank: int,
) -> None:
    """Train the model of CONFIG."""
    settings = load_config(config, options)
    if data:
        apply_datasets(settings, data)
    if seed is not None:
        settings.randomness["seed"] = seed
    settings.work_dir = str(work_dir or Path("work_dirs") / f"{config.parent.name}_{config.stem}")
    settings.launcher = launcher
    if resume and (Path(settings.work_dir) / "last_checkpoint").is_file():
        settings.resume, settings.load_from = True, str(checkpoint_of(settings.work_dir))
    elif resume:
        click.echo(f"nothing to resume in '{settings.work_dir}': training from the start", err=True)
    if refit:
        settings.train_dataloader["dataset"]["split"] = "train+val"
        settings.val_dataloader = settings.val_cfg = settings.val_evaluator = None
        settings.default_hooks["checkpoint"]["save_best"] = None
    if threads:
        import torch

        torch.set_num_threads(threads)
    build_runner(complete_config(settings)).train()


if __name__ == "__main__":
    cli.run(main)
