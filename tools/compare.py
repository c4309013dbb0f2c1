"""compare CONFIG... --data OUT: train several models on one footing and compare them with late fusion."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from triad.tools import cli


@click.command(cls=cli.VariadicOptions)
@click.argument("configs", nargs=-1, required=True, metavar="CONFIG...", type=click.Path(path_type=Path))
@click.option("--data", required=True, type=click.Path(path_type=Path), help="Folder of a prepared dataset.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder of trainings and comparison.json.")
@click.option("--seeds", default=1, show_default=True, type=click.IntRange(min=1), help="Number of seeds, from 0 on.")
@click.option("--epochs", type=click.IntRange(min=1), help="Epochs of every training  [default: the configs' own].")
@click.option(
    "--frozen",
    is_flag=True,
    help="Keep all encoders as they are: their features are computed once, and what follows them trains in seconds.",
)
@click.option("--passes", default=1, show_default=True, type=click.IntRange(min=1), help="Draws of each sample.")
@click.option("--cfg-options", "options", multiple=True, metavar="KEY=VALUE", help="Change a field of every config.")
@cli.json_option
def main(
    configs: tuple[Path, ...],
    data: Path,
    out: Path,
    seeds: int,
    epochs: int | None,
    frozen: bool,
    passes: int,
    options: tuple[str, ...],
    as_json: bool,
) -> None:
    """Train every CONFIG with every seed and compare the answers with the late fusion of the first one's streams.

    Validation is used for the choice of the late fusion alone. A training whose predictions lie in --out is not
    repeated: run the same command again to continue, or with further configs; other options need another --out.
    """
    from triad.fusion.datasets.minihome import pairs_of
    from triad.fusion.evaluation.comparison import build_comparison
    from triad.fusion.evaluation.model_comparison_table import model_comparison_table
    from triad.fusion.evaluation.model_runs import FrozenSettings, run_model
    from triad.fusion.training.config import build_config
    from triad.modalities.atomic_files import write_json
    from triad.modalities.folder_lock import lock_folder

    names = [config.stem for config in configs]
    if len(set(names)) < len(names):
        raise click.UsageError("every config must have a name of its own")
    for config in configs:  # a mistake in the last one shows before the first trains
        build_config(config, options=options, data=data)
    settings = FrozenSettings(passes, out / "features") if frozen else None
    jobs = [(config, seed) for config in configs for seed in range(seeds)]
    runs: dict[str, list[Any]] = {name: [] for name in names}
    with lock_folder(out, "comparison"):
        for config, seed in cli.progress(jobs, label="trainings"):
            run = run_model(
                config,
                data=data,
                work_dir=out / config.stem / f"seed{seed}",
                seed=seed,
                options=options,
                epochs=epochs,
                frozen=settings,
            )
            runs[config.stem].append(run)
    first = runs[names[0]][0].test
    pairs = pairs_of(first.meta.get("dataset"), first.classes)
    document = build_comparison(runs, reference=names[0], pairs=pairs)
    write_json(out / "comparison.json", document)
    if as_json:
        cli.print_json(document)
    else:
        cli.TextConsole(width=None if sys.stdout.isatty() else 140).print(model_comparison_table(document))
        cli.echo(out / "comparison.json")


if __name__ == "__main__":
    cli.run(main)
