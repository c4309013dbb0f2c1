"""train CONFIG [--data OUT …]: train the model of a config with mmengine's Runner."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from triad.tools import cli

if TYPE_CHECKING:
    from mmengine.config import Config
    from mmengine.runner import Runner


BACKENDS = {"tensorboard": "TensorboardVisBackend", "wandb": "WandbVisBackend"}
"""Backends of mmengine's visualizer by the names of the options."""


@click.command(cls=cli.VariadicOptions)
@click.argument("config", type=click.Path(path_type=Path))
@click.option(
    "--data",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Folder of a prepared dataset, which gives index, classes and layouts; several for a lifter.",
)
@click.option("--work-dir", type=click.Path(path_type=Path), help="Folder of checkpoints and logs.")
@click.option("--resume", is_flag=True, help="Continue from the last checkpoint of the work folder.")
@click.option(
    "--weights",
    multiple=True,
    metavar="[STREAM=]FILE",
    help="Start encoders from published or trained weights (triad weights compare shows what matches).",
)
@click.option("--refit", is_flag=True, help="Train on train+val without validation, after all choices are made.")
@click.option("--seed", type=int, help="Seed of all randomness (default: the config's).")
@click.option(
    "--log-to",
    "backends",
    multiple=True,
    type=click.Choice(list(BACKENDS)),
    help="Also log to TensorBoard, or to Weights & Biases.",
)
@click.option("--amp/--no-amp", default=None, help="Mixed precision in bfloat16 (default: on a GPU).")
@click.option("--auto-scale-lr", is_flag=True, help="Scale the learning rate to the batch size of all processes.")
@click.option("--cfg-options", "options", multiple=True, metavar="KEY=VALUE", help="Change a field of the config.")
@click.option("--threads", default=0, help="Threads of torch on the CPU (default: torch's own choice).")
@click.option(
    "--workers",
    type=click.IntRange(0),
    help="Processes that read for a loader (default: the config's; up to 8 on a GPU).",
)
@click.option("--profile-loader", is_flag=True, help="Do not train: say how long each stage of a batch takes.")
@cli.json_option
@cli.launcher_option
@click.option("--local_rank", "--local-rank", default=0, hidden=True)
def main(
    config: Path,
    data: tuple[Path, ...],
    work_dir: Path | None,
    resume: bool,
    weights: tuple[str, ...],
    refit: bool,
    seed: int | None,
    backends: tuple[str, ...],
    amp: bool | None,
    auto_scale_lr: bool,
    options: tuple[str, ...],
    threads: int,
    workers: int | None,
    profile_loader: bool,
    as_json: bool,
    launcher: str | None,
    local_rank: int,
) -> None:
    """Train the model of CONFIG."""
    from triad.fusion.training.config import build_config
    from triad.fusion.training.last_checkpoint import find_last_checkpoint, resume_from
    from triad.fusion.training.launchers import current_launcher, is_first_process
    from triad.fusion.training.runner import build_runner
    from triad.modalities.folder_lock import lock_folder

    launcher = launcher or current_launcher()
    work_dir = work_dir or Path("work_dirs") / f"{config.parent.name}_{config.stem}"
    if weights and resume and find_last_checkpoint(work_dir) is not None:
        cli.echo("--weights are left out: the training goes on from its last checkpoint", err=True)
    elif weights:
        options += weights_options(build_config(config, options=options, data=data or None), weights)
    settings = build_config(config, options=options, data=data or None, seed=seed, work_dir=work_dir, launcher=launcher)
    if refit:
        settings.train_dataloader["dataset"]["split"] = "train+val"
        settings.val_dataloader = settings.val_cfg = settings.val_evaluator = None
        settings.default_hooks["checkpoint"]["save_best"] = None
    if auto_scale_lr:
        settings.auto_scale_lr["enable"] = True
    for backend in backends:
        settings.visualizer["vis_backends"].append({"type": BACKENDS[backend]})
    if threads:
        import torch

        torch.set_num_threads(threads)
    if profile_loader:
        show_profile(build_runner(settings, amp=amp, workers=workers), as_json=as_json)
        return
    with lock_folder(work_dir, "training") if is_first_process(launcher) else nullcontext():
        if resume and not resume_from(settings, work_dir):
            cli.echo(f"nothing to resume in '{work_dir}': training from the start", err=True)
        build_runner(settings, amp=amp, workers=workers).train()


def weights_options(config: Config, weights: Sequence[str]) -> tuple[str, ...]:
    """Return the options of a config that load the files of ``--weights``, and print what matches."""
    from triad.fusion.training.weights_match import choose_streams

    matches = choose_streams(config, weights)
    for match in matches:
        cli.echo(f"stream '{match.stream}' starts from {match.report}", err=True)
    return tuple(f"{match.option}={str(match.report.path)!r}" for match in matches)


def show_profile(runner: Runner, *, as_json: bool) -> None:
    """Print the milliseconds of each stage of a batch, and which of loader and model is the slower."""
    from triad.fusion.training import loader_profile

    profile = loader_profile.profile_loader(runner)
    if as_json:
        cli.print_json(profile.to_json())
        return
    cli.echo(f"one batch of {profile.batch_size}, in one process:")
    for stage, milliseconds in profile.stages.items():
        cli.echo(f"{stage:>20}  {milliseconds:9.1f} ms")
    cli.echo(profile.conclusion)


if __name__ == "__main__":
    cli.run(main)
