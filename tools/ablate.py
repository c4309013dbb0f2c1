"""Every subset of streams, with intervals: ablation.json and report.html; from predictions, or one joint model."""

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
    from fusion.evaluation.fusion_candidates import FusionCandidate
    from fusion.predictions import Predictions

Judged = tuple["Predictions", "Predictions", list["FusionCandidate"]]


@click.command(cls=cli.VariadicOptions)
@click.argument("words", nargs=-1, required=True, metavar="PREDICTIONS... | CONFIG CHECKPOINT")
@click.option("--fit", multiple=True, metavar="VAL...", help="Predictions of the validation split.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder of ablation.json and report.html.")
@click.option(
    "--data", type=click.Path(path_type=Path), help="The prepared dataset: pictures of samples in the report."
)
@click.option("--config", type=click.Path(path_type=Path), help="With --checkpoint: also why this model says so.")
@click.option("--checkpoint", type=click.Path(path_type=Path), help="A file, or the last one of a work folder.")
@click.option("--split", help="Of CONFIG CHECKPOINT: the split that is judged  [default: test]")
@click.option("--cfg-options", "options", multiple=True, metavar="KEY=VALUE", help="Change a field of the config.")
@cli.json_option
def main(
    words: tuple[str, ...],
    fit: tuple[str, ...],
    out: Path,
    data: Path | None,
    config: Path | None,
    checkpoint: Path | None,
    split: str | None,
    options: tuple[str, ...],
    as_json: bool,
) -> None:
    """All 2^n - 1 subsets of the streams.

    Of PREDICTIONS...: every late fusion, learned and chosen on --fit VAL... alone. Of one joint model (the first word
    ends in .py): CONFIG CHECKPOINT, with the other streams masked.
    """
    from fusion.evaluation.ablation import ablation_document
    from fusion.evaluation.report import write_report
    from fusion.evaluation.table import ablation_table
    from fusion.index.index import load_index
    from fusion.rendering import gallery, open_explainer
    from modalities.atomic_files import write_json

    if words[0].endswith(".py"):
        if len(words) != 2 or fit or config or checkpoint:
            raise click.UsageError("a joint model takes CONFIG CHECKPOINT, and none of --fit, --config, --checkpoint")
        config, checkpoint = Path(words[0]), Path(words[1])
        (test, val, systems), data, attends = joint(config, checkpoint, data, split or "test", options)
    else:
        if not fit:
            raise click.UsageError("predictions need --fit VAL...: what validation chooses is what is quoted")
        if split is not None:
            raise click.UsageError("--split goes with CONFIG CHECKPOINT: predictions say what they are of")
        attends = config is not None
        if attends != (checkpoint is not None) or (attends and data is None):
            raise click.UsageError("--config and --checkpoint go together, and with --data")
        test, val, systems = late(words, fit)
    pairs = ()
    if test.meta.get("dataset") == "minihome":
        from fusion.datasets.minihome.pairs import PAIRS

        pairs = tuple(pair for pair in PAIRS if set(pair.classes) <= set(test.classes))
    document = {**ablation_document(test, systems, pairs=pairs), "num_validation": len(val)}
    write_json(out / "ablation.json", document)
    pictures = []
    if data is not None:
        look_of = open_explainer(config, checkpoint, data, options) if attends else None
        pictures = gallery(test, systems, load_index(data), look_of=look_of)
    command = shlex.join(["python", "tools/ablate.py", *sys.argv[1:]])
    write_report(out / "report.html", document, reproduce=command, pictures=pictures, explained=attends)
    if as_json:
        cli.print_json(document)
    else:
        Console().print(ablation_table(document))
        click.echo(f"{out / 'ablation.json'}\n{out / 'report.html'}")


def late(words: tuple[str, ...], fit: tuple[str, ...]) -> Judged:
    """Test and validation predictions, and every late fusion of them."""
    from fusion.evaluation.ablation import every_late_candidate
    from fusion.predictions import Predictions, join_predictions

    test, val = (join_predictions([Predictions.load(path) for path in paths]) for paths in (words, fit))
    return test, val, every_late_candidate(test, val, track=partial(cli.progress, label="subsets"))


def joint(
    config: Path, checkpoint: Path, data: Path | None, split: str, options: tuple[str, ...]
) -> tuple[Judged, Path, bool]:
    """One model with every subset of its streams, the dataset it was asked about, and whether it can be looked into."""
    from fusion.evaluation.stream_masking import masked_candidates
    from fusion.rendering import can_explain
    from fusion.training.config import build_config

    settings = build_config(config, options=options, data=data)
    judged = masked_candidates(settings, checkpoint, split=split, track=partial(cli.progress, label="batches"))
    return judged, Path(settings.data["index"]), can_explain(settings)


if __name__ == "__main__":
    cli.run(main)
