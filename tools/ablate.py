"""Ablation over every subset of streams, with intervals: ablation.json and report.html."""

from __future__ import annotations

import shlex
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console

import cli

if TYPE_CHECKING:
    from fusion.evaluation import FusionCandidate
    from fusion.predictions import Predictions

Ablation = tuple["Predictions", "Predictions", list["FusionCandidate"]]
"""Test predictions, validation predictions, and the candidates made from them."""


@click.command(cls=cli.VariadicOptions)
@click.argument("inputs", nargs=-1, required=True, metavar="PREDICTIONS... | CONFIG CHECKPOINT")
@click.option("--fit", multiple=True, metavar="VAL...", help="Predictions of the validation split.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder of ablation.json and report.html.")
@click.option("--data", type=click.Path(path_type=Path), help="Prepared dataset; adds sample pictures to the report.")
@click.option("--config", type=click.Path(path_type=Path), help="Config of a model that the pictures explain.")
@click.option("--checkpoint", type=click.Path(path_type=Path), help="Its checkpoint, or its work folder.")
@click.option("--split", help="Split that CONFIG CHECKPOINT is evaluated on  [default: test]")
@click.option("--cfg-options", "options", multiple=True, metavar="KEY=VALUE", help="Change a field of the config.")
@cli.json_option
def main(
    inputs: tuple[str, ...],
    fit: tuple[str, ...],
    out: Path,
    data: Path | None,
    config: Path | None,
    checkpoint: Path | None,
    split: str | None,
    options: tuple[str, ...],
    as_json: bool,
) -> None:
    """Evaluate all 2^n - 1 subsets of the streams.

    With PREDICTIONS..., every late fusion is learned and chosen on --fit VAL... alone. With CONFIG CHECKPOINT (the
    first word ends in .py), one joint model is evaluated with all other streams masked.
    """
    from fusion.evaluation import ablation_table, build_ablation_document
    from fusion.evaluation.report import write_report
    from fusion.index import load_index
    from fusion.rendering import draw_gallery, open_explainer
    from modalities.atomic_files import write_json

    if inputs[0].endswith(".py"):
        if len(inputs) != 2 or fit or config or checkpoint:
            raise click.UsageError("a joint model takes CONFIG CHECKPOINT, and none of --fit, --config, --checkpoint")
        config, checkpoint = (Path(path) for path in inputs)
        (test, val, candidates), data, explained = ablate_joint_model(
            config, checkpoint, data, split or "test", options
        )
    else:
        if not fit:
            raise click.UsageError("predictions need --fit VAL...: the fusion is chosen on validation")
        if split is not None:
            raise click.UsageError("--split goes with CONFIG CHECKPOINT; predictions are of one split")
        explained = config is not None
        if explained != (checkpoint is not None) or (explained and data is None):
            raise click.UsageError("--config and --checkpoint go together, and with --data")
        test, val, candidates = ablate_predictions(inputs, fit)
    pairs = ()
    if test.meta.get("dataset") == "minihome":
        from fusion.datasets.minihome import PAIRS

        pairs = tuple(pair for pair in PAIRS if set(pair.classes) <= set(test.classes))
    document = {**build_ablation_document(test, candidates, pairs=pairs), "num_validation": len(val)}
    write_json(out / "ablation.json", document)
    pictures = []
    if data is not None:
        explain = open_explainer(config, checkpoint, data, options) if explained else None
        pictures = draw_gallery(test, candidates, load_index(data), explain=explain)
    command = shlex.join(["python", "tools/ablate.py", *sys.argv[1:]])
    write_report(out / "report.html", document, reproduce=command, pictures=pictures, explained=explained)
    if as_json:
        cli.print_json(document)
    else:
        Console().print(ablation_table(document))
        click.echo(f"{out / 'ablation.json'}\n{out / 'report.html'}")


def ablate_predictions(test_paths: tuple[str, ...], val_paths: tuple[str, ...]) -> Ablation:
    """Fit every late fusion of predictions files."""
    from fusion.evaluation import build_late_candidates
    from fusion.predictions import Predictions, join_predictions

    test = join_predictions([Predictions.load(path) for path in test_paths])
    val = join_predictions([Predictions.load(path) for path in val_paths])
    return test, val, build_late_candidates(test, val, track=partial(cli.progress, label="subsets"))


def ablate_joint_model(
    config_path: Path, checkpoint: Path, data: Path | None, split: str, options: tuple[str, ...]
) -> tuple[Ablation, Path, bool]:
    """Mask the streams of one model; also returns its dataset and whether its decisions can be explained."""
    from fusion.evaluation.stream_masking import build_masked_candidates
    from fusion.rendering import can_explain
    from fusion.training.config import build_config

    config = build_config(config_path, options=options, data=data)
    track = partial(cli.progress, label="batches")
    ablation = build_masked_candidates(config, checkpoint, split=split, track=track)
    return ablation, Path(config.data["index"]), can_explain(config)


if __name__ == "__main__":
    cli.run(main)
