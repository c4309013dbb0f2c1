"""Ablation over every subset of streams, with intervals: ablation.json and report.html."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from triad.tools import cli
from triad.tools.ablate_inputs import Ablation, ablate_joint_model, ablate_predictions, measure_costs, retrain_subsets
from triad.tools.ablate_multi_label import ablate_several_labels, show_several_labels
from triad.tools.ablate_robustness import measure_models

if TYPE_CHECKING:
    from triad.fusion.evaluation import FusionCandidate
    from triad.fusion.predictions import Predictions


@click.command(cls=cli.VariadicOptions)
@click.argument("inputs", nargs=-1, required=True, metavar="PREDICTIONS... | CONFIG CHECKPOINT...")
@click.option("--fit", multiple=True, metavar="VAL...", help="Predictions of the validation split.")
@click.option("--streams", multiple=True, metavar="NAME...", help="Streams of the predictions  [default: all].")
@click.option(
    "--methods",
    multiple=True,
    metavar="NAME...",
    help="Late fusions to compare, or all  [default: mean product weighted svm svm_features logistic].",
)
@click.option("--compare", nargs=2, metavar="A B", help="Two late fusions; adds their difference, as svm minus mean.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder of ablation.json and report.html.")
@click.option("--data", type=click.Path(path_type=Path), help="Prepared dataset; adds sample pictures to the report.")
@click.option("--config", type=click.Path(path_type=Path), help="Config of a model that the pictures explain.")
@click.option("--checkpoint", type=click.Path(path_type=Path), help="Its checkpoint, or its work folder.")
@cli.last_option
@click.option("--measure-cost", is_flag=True, help="Time networks and flow extraction on a few clips of --data.")
@click.option("--robustness", is_flag=True, help="Accuracy of CONFIG CHECKPOINT... on corrupted samples, side by side.")
@click.option("--retrain", is_flag=True, help="Train CONFIG on every subset of its streams, in --out; resumable.")
@click.option("--split", help="Split that CONFIG CHECKPOINT is evaluated on  [default: test]")
@click.option("--cfg-options", "options", multiple=True, metavar="KEY=VALUE", help="Change a field of the config.")
@cli.json_option
def main(
    inputs: tuple[str, ...],
    fit: tuple[str, ...],
    streams: tuple[str, ...],
    methods: tuple[str, ...],
    compare: tuple[str, str] | None,
    out: Path,
    data: Path | None,
    config: Path | None,
    checkpoint: Path | None,
    last: bool,
    measure_cost: bool,
    robustness: bool,
    retrain: bool,
    split: str | None,
    options: tuple[str, ...],
    as_json: bool,
) -> None:
    """Evaluate all 2^n - 1 subsets of the streams.

    With PREDICTIONS..., every late fusion is learned and chosen on --fit VAL... alone; files of several splits or
    seeds are grouped by both, and the table shows means over them, with intervals that draw people or source videos
    once for all. With CONFIG CHECKPOINT (the first word ends in .py), one joint model is evaluated with all other
    streams masked; with CONFIG --retrain, a model is trained on every subset instead. With --robustness, several models
    that read the same streams are tested on corrupted samples: joints lost, frames lost, streams absent or out of step,
    darkness and more.
    """
    from triad.fusion.datasets.minihome import pairs_of
    from triad.fusion.evaluation import build_ablation_document, compare_fusions
    from triad.fusion.evaluation.aggregate import are_folds_of_one

    def checkpoint_of(path: str | Path) -> Path:
        """Return the checkpoint of a path, by functions that take torch, which predictions do not need."""
        from triad.fusion.training.checkpoints import checkpoint_of as find_checkpoint

        return find_checkpoint(path, last=last)

    if robustness:
        if not inputs[0].endswith(".py") or len(inputs) % 2 or fit or streams or config or checkpoint:
            raise click.UsageError("--robustness takes CONFIG CHECKPOINT, once a model, and no predictions")
        paths = [(Path(path), checkpoint_of(folder)) for path, folder in zip(inputs[::2], inputs[1::2], strict=True)]
        measure_models(paths, data, out=out, split=split or "test", options=options, as_json=as_json)
        return
    if retrain:
        if not inputs[0].endswith(".py") or len(inputs) != 1 or fit or streams or methods or compare or config:
            raise click.UsageError("--retrain takes CONFIG alone, and --data, --split or --cfg-options")
        (test, val, candidates), data = retrain_subsets(Path(inputs[0]), data, out, split or "test", options)
        explained = False
    elif inputs[0].endswith(".py"):
        if len(inputs) != 2 or fit or streams or methods or compare or config or checkpoint:
            must = "none of --fit, --streams, --methods, --compare, --config, --checkpoint"
            raise click.UsageError(f"a joint model takes CONFIG CHECKPOINT, and {must}")
        config, checkpoint = Path(inputs[0]), checkpoint_of(inputs[1])
        (test, val, candidates), data, explained = ablate_joint_model(
            config, checkpoint, data, split or "test", options
        )
    else:
        if not fit:
            raise click.UsageError("predictions need --fit VAL...: the fusion is chosen on validation")
        if split is not None:
            raise click.UsageError("--split goes with CONFIG CHECKPOINT; predictions are of one split")
        if measure_cost and data is None:
            raise click.UsageError("--measure-cost needs --data")
        explained = config is not None
        if explained != (checkpoint is not None) or (explained and data is None):
            raise click.UsageError("--config and --checkpoint go together, and with --data")
        if show_several_labels(inputs):
            if compare or data or config or checkpoint or measure_cost:
                raise click.UsageError("predictions of several classes a sample take --streams and --methods alone")
            ablate_several_labels(inputs, fit, streams, methods, out, as_json=as_json)
            return
        checkpoint = checkpoint_of(checkpoint) if checkpoint is not None else None
        splits = ablate_predictions(inputs, fit, streams, methods, compare or ())
        if len(splits) > 1:
            if explained or measure_cost:
                options_of_one = "--config, --checkpoint and --measure-cost"
                raise click.UsageError(f"{options_of_one} are about the models of one split; give its predictions")
            if are_folds_of_one(list(splits)):
                ablate_folds(splits, out=out, data=data, compare=compare, as_json=as_json)
                return
            ablate_splits(splits, out=out, data=data, compare=compare, as_json=as_json)
            return
        ((test, val, candidates),) = splits.values()
    extraction = {}
    if measure_cost and data is not None:
        test, extraction = measure_costs(test, data)
    pairs = pairs_of(test.meta.get("dataset"), test.classes)
    document = {
        **build_ablation_document(test, candidates, pairs=pairs, extraction=extraction),
        "num_validation": len(val),
    }
    if compare:
        document["compared"] = compare_fusions([(test, candidates)], *compare)
    pictures = []
    if data is not None:
        from triad.fusion.index import load_index
        from triad.fusion.rendering import draw_gallery, open_explainer

        explain = open_explainer(config, checkpoint, data, options) if explained else None
        pictures = draw_gallery(test, candidates, load_index(data), explain=explain)
    runs = {"": (test, candidates)}
    write_outputs(out, document, runs, pictures=pictures, explained=explained, as_json=as_json)


def ablate_folds(
    folds: Mapping[str, Ablation], *, out: Path, data: Path | None, compare: tuple[str, str] | None, as_json: bool
) -> None:
    """Write the ablation of folds, which are one test set."""
    from triad.fusion.datasets.minihome import pairs_of
    from triad.fusion.evaluation import SplitAblation, build_ablation_document, compare_fusions
    from triad.fusion.evaluation.fold_ablation import join_fold_ablations
    from triad.fusion.index import load_index
    from triad.fusion.rendering import draw_gallery

    test, candidates = join_fold_ablations(
        {name: SplitAblation(test, len(val), candidates) for name, (test, val, candidates) in folds.items()}
    )
    pairs = pairs_of(test.meta.get("dataset"), test.classes)
    document = {
        **build_ablation_document(test, candidates, pairs=pairs),
        "num_validation": sum(len(val) for _, val, _ in folds.values()),
        "folds": list(folds),
    }
    if compare:
        document["compared"] = compare_fusions([(test, candidates)], *compare)
    pictures = draw_gallery(test, candidates, load_index(data)) if data is not None else []
    runs = {"": (test, candidates)}
    write_outputs(out, document, runs, pictures=pictures, explained=False, as_json=as_json)


def ablate_splits(
    splits: Mapping[str, Ablation], *, out: Path, data: Path | None, compare: tuple[str, str] | None, as_json: bool
) -> None:
    """Write the means over several splits; the sample pictures are of the first."""
    from triad.fusion.evaluation import SplitAblation, build_joint_document, compare_fusions

    document = build_joint_document(
        {name: SplitAblation(test, len(val), candidates) for name, (test, val, candidates) in splits.items()}
    )
    if compare:
        document["compared"] = compare_fusions([(test, rows) for test, _, rows in splits.values()], *compare)
    pictures = []
    if data is not None:
        from triad.fusion.index import load_index
        from triad.fusion.rendering import draw_gallery

        test, _, candidates = next(iter(splits.values()))
        pictures = draw_gallery(test, candidates, load_index(data))
    runs = {name: (test, candidates) for name, (test, _, candidates) in splits.items()}
    write_outputs(out, document, runs, pictures=pictures, explained=False, as_json=as_json)


def write_outputs(
    out: Path,
    document: dict[str, Any],
    runs: Mapping[str, tuple[Predictions, Sequence[FusionCandidate]]],
    *,
    pictures: Sequence[tuple[str, bytes]],
    explained: bool,
    as_json: bool,
) -> None:
    """Write ``ablation.json``, ``report.html`` and a page for each class; print the table or the document."""
    from triad.fusion.evaluation import ablation_table, find_changed_clips
    from triad.fusion.evaluation.report import write_class_pages, write_report
    from triad.modalities.atomic_files import write_json

    write_json(out / "ablation.json", document)
    command = cli.command_line()
    best_single = document["best_single"]
    fused = max((row for row in document["rows"] if row["selected"]), key=lambda row: len(row["streams"]))
    class_pages = {}
    if len(fused["streams"]) > 1:
        changes = find_changed_clips(runs, best_single=best_single)
        class_pages = write_class_pages(
            out, changes, streams=fused["streams"], best_single=best_single, fusion=fused["fusion"]
        )
    write_report(
        out / "report.html",
        document,
        reproduce=command,
        pictures=pictures,
        explained=explained,
        class_pages=class_pages,
    )
    if as_json:
        cli.print_json(document)
    else:
        cli.TextConsole().print(ablation_table(document))
        cli.echo(f"{out / 'ablation.json'}\n{out / 'report.html'}")


if __name__ == "__main__":
    cli.run(main)
