"""trajectories DATA --dump "{split}.npz": the hand-crafted baseline, dense trajectories with a linear SVM."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from triad.tools import cli


@click.command(cls=cli.VariadicOptions)
@click.argument("data", type=click.Path(path_type=Path))
@click.option("--protocol", help="Protocol of the dataset  [default: its first].")
@click.option("--flow", default="flow_dis", show_default=True, help="Stream of flow that points are tracked through.")
@click.option(
    "--split",
    "splits",
    multiple=True,
    default=["test"],
    show_default=True,
    help="Name of a split to predict; several may be given.",
)
@click.option("--dump", type=click.Path(path_type=Path), help="Predictions file; '{split}' in it becomes the split.")
@click.option(
    "--work-dir",
    type=click.Path(path_type=Path),
    default=Path("work_dirs/trajectories"),
    show_default=True,
    help="Folder of descriptors, about 1 MB a clip; what lies there is not computed again.",
)
@click.option("--refit", is_flag=True, help="Fit on train+val, after all choices are made.")
@click.option("--gaussians", type=click.IntRange(1), default=64, show_default=True, help="Gaussians of each mixture.")
@click.option("--workers", type=click.IntRange(1), help="Number of processes  [default: one a core].")
@click.option("--seed", default=0, show_default=True, help="Seed of the mixtures.")
@cli.json_option
def main(
    data: Path,
    protocol: str | None,
    flow: str,
    splits: tuple[str, ...],
    dump: Path | None,
    work_dir: Path,
    refit: bool,
    gaussians: int,
    workers: int | None,
    seed: int,
    as_json: bool,
) -> None:
    """Classify clips by HOG, HOF and MBH along dense trajectories (Wang et al. 2013).

    Fisher vectors and linear SVMs are fitted on the training split. The predictions have the streams rgb_trajectories
    (HOG), flow_trajectories (HOF and MBH) and fused (all descriptors), which fuse and ablate read as any other.
    """
    from triad.fusion.datasets import get_protocols
    from triad.fusion.estimators.trajectories import (
        DescriptorStore,
        evaluate_trajectories,
        extract_descriptors,
        select_parts,
    )
    from triad.fusion.index import load_index
    from triad.fusion.training.metrics.action_metric import accuracies

    if dump is not None and len(splits) > 1 and "{split}" not in str(dump):
        raise click.UsageError("several splits need '{split}' in --dump")
    index = load_index(data)
    protocol = protocol or next(iter(get_protocols(index.dataset)))
    train_split = "train+val" if refit else "train"
    _, parts = select_parts(index, protocol, splits, train_split)
    records = [record for part in parts.values() for record in part]
    store = DescriptorStore(work_dir, flow)
    show = partial(cli.progress, label="trajectories", unit="clips")
    extract_descriptors(store, index, records, num_workers=workers, progress=show)
    results = evaluate_trajectories(
        store,
        index,
        protocol,
        splits,
        train_split=train_split,
        num_gaussians=gaussians,
        seed=seed,
    )
    summary = {}
    for split, predictions in results.items():
        if dump is not None:
            predictions.save(str(dump).replace("{split}", split))
        summary[split] = {"num_test": len(predictions), **accuracies(predictions)}
    if as_json:
        cli.print_json(summary)
        return
    for split, row in summary.items():
        values = ", ".join(f"{name} {100 * row[name]:.1f}" for name in ("mean_class_accuracy", "top1") if name in row)
        cli.echo(f"{split} ({row['num_test']} samples): {values}")


if __name__ == "__main__":
    cli.run(main)
