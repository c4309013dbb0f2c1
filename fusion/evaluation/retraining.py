"""Ablation by training: one model for every subset of the streams of a joint model, resumable."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from mmengine.config import Config

from triad.fusion.evaluation.fusion_candidates import (
    SINGLE,
    FusionCandidate,
    Subset,
    evaluate_on_validation,
    stream_subsets,
)
from triad.fusion.evaluation.single_label import check_single_label
from triad.fusion.evaluation.stream_masking import JOINT
from triad.fusion.evaluation.subset_config import keep_streams, streams_at_test
from triad.fusion.predictions import Predictions, check_disjoint, choose_stream, sort_streams
from triad.fusion.training.last_checkpoint import resume_from
from triad.fusion.training.runner import build_runner, evaluate
from triad.modalities.atomic_files import atomic_write
from triad.modalities.checks import fail

TRAINED = "trained"
"""File that marks a finished training; it holds the config."""
BuildConfig = Callable[[Path], Config]
"""Function that returns the built config of the joint model for a work folder."""


def build_retrained_candidates(
    build: BuildConfig,
    out: str | Path,
    *,
    split: str = "test",
    track: Callable[[Sequence[Subset]], Iterable[Subset]] = iter,
) -> tuple[Predictions, Predictions, list[FusionCandidate]]:
    """Train a model on every subset of the streams and return the candidates with mode ``retrained``.

    A subset has the folder ``out/<streams>``. One that is trained is not trained again, one with predictions is not run
    again, and one whose training was stopped continues from its checkpoint.

    Args:
        build: function that returns the config of the joint model.
        out: folder of all trainings.
        split: split to evaluate; validation accuracy is always measured on ``val``.
        track: wrapper of the list of subsets that shows progress.

    Returns:
        The predictions of the evaluated split and of validation by the model of all streams, and the candidates.

    Raises:
        InputError: If the model has one stream only, samples are unlabelled, or a folder holds a model that was trained
            with another config.
    """
    out = Path(out)
    check_single_label(build(out), "model of an ablation")
    streams = sort_streams(streams_at_test(build(out)))
    if len(streams) < 2:
        fail("model of an ablation", "have two or more streams at test", f"only {list(streams)}")
    candidates = []
    for subset in track(stream_subsets(streams)):
        work_dir = out / "+".join(subset)
        test, val = (_train_and_predict(build, work_dir, subset, name) for name in (split, "val"))
        test.check_labelled("test samples")
        val.check_labelled("validation samples")
        val = check_disjoint(val, test)
        stream = choose_stream(test, None if len(subset) > 1 else subset[0])
        candidates.append(
            FusionCandidate(
                streams=subset,
                fusion=SINGLE if len(subset) == 1 else JOINT,
                mode="retrained",
                scores=test.scores[stream],
                present=test.present[stream],
                cost=test.meta.get("cost"),
                **evaluate_on_validation(val, val.scores[stream], val.present[stream]),
            )
        )
    return test, val, candidates


def _train_and_predict(build: BuildConfig, work_dir: Path, subset: Subset, split: str) -> Predictions:
    """Return the predictions of a split by the model of a subset, trained where it is not yet; rows sorted by id."""
    config = build(work_dir)
    keep_streams(config, subset)
    trained = work_dir / TRAINED
    text = config.pretty_text
    if trained.exists() and trained.read_text("utf-8") != text:
        cure = "give another --out, or remove the folder"
        fail(f"model in '{work_dir}'", "be trained with the config and options given", "one of others", cure)
    if not trained.exists():
        resume_from(config, work_dir)
        build_runner(config).train()
        with atomic_write(trained) as path:
            path.write_text(text, "utf-8")
    file = work_dir / f"{split}.npz"
    if not file.exists():
        config = build(work_dir)
        keep_streams(config, subset)
        evaluate(config, work_dir, split).save(file)
    predictions = Predictions.load(file)
    order = predictions.ids.argsort()
    return predictions.select(order)
