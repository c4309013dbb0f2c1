"""Ablation of a jointly trained model: its predictions with some of its streams masked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from mmengine.config import Config
from mmengine.runner import Runner
from torch.utils.data import DataLoader

from triad.fusion.evaluation.fusion_candidates import (
    SINGLE,
    FusionCandidate,
    Subset,
    evaluate_on_validation,
    stream_subsets,
)
from triad.fusion.evaluation.single_label import check_single_label
from triad.fusion.evaluation.subset_config import streams_at_test
from triad.fusion.models import Recognizer
from triad.fusion.predictions import (
    FUSED,
    Predictions,
    average_clips,
    check_disjoint,
    groups_of,
    select_columns,
    sort_streams,
)
from triad.fusion.training.checkpoints import checkpoint_of
from triad.fusion.training.loading import average_of, load_dataset, load_model
from triad.fusion.training.runner import meta_of
from triad.fusion.training.trained_classes import score_columns
from triad.modalities.checks import check_choice, fail

JOINT = "joint"
"""Fusion name of several streams inside one model."""

Track = Callable[[DataLoader], Iterable[Any]]


def build_masked_candidates(
    config: Config, checkpoint: str | Path, *, split: str = "test", track: Track = iter
) -> tuple[Predictions, Predictions, list[FusionCandidate]]:
    """Build a candidate for every subset of the streams of one trained model, with all other streams masked.

    Args:
        config: completed config of a model of two or more streams.
        checkpoint: path of a checkpoint, or of a work folder whose best checkpoint is taken.
        split: split to evaluate, ``test`` or ``train``; validation accuracy is always measured on ``val``.
        track: wrapper of the batches of a split that shows progress.

    Returns:
        The predictions of the evaluated split and of validation, with one "stream" for each subset
        (``rgb+skeleton``), and the candidates.

    Raises:
        InputError: If the model has one stream only, the split is ``val``, a sample is unlabelled, or the checkpoint
            does not fit.
    """
    check_choice("split to evaluate", split, ("test", "train"))
    streams = streams_at_test(config)
    if len(streams) < 2:
        fail("model of a masked ablation", "have two or more streams at test", f"only {streams}")
    check_single_label(config, "model of a masked ablation")
    checkpoint = checkpoint_of(checkpoint)
    model = load_model(config, checkpoint)
    columns = score_columns(checkpoint, load_dataset(config, split))
    test = predict_subsets(model, config, split, columns=columns, track=track)
    val = predict_subsets(model, config, "val", columns=columns, track=track)
    test.check_labelled("test samples")
    val.check_labelled("validation samples")
    val = check_disjoint(val, test)
    candidates = []
    for subset in stream_subsets(sort_streams(model.test_streams)):
        name = "+".join(subset)
        candidates.append(
            FusionCandidate(
                streams=subset,
                fusion=SINGLE if len(subset) == 1 else JOINT,
                mode="masked",
                scores=test.scores[name],
                present=test.present[name],
                **evaluate_on_validation(val, val.scores[name], val.present[name]),
            )
        )
    return test, val, candidates


def predict_subsets(
    model: Recognizer, config: Config, split: str, *, columns: np.ndarray | None = None, track: Track = iter
) -> Predictions:
    """Predict the fused scores of every subset of the model's streams in one pass over a split.

    Every video is decoded once; the networks run once a subset.

    Args:
        model: recognizer in evaluation mode.
        config: config of the model.
        split: name of the split.
        columns: column of each class of the dataset among the model's scores; None where they are equal.
        track: wrapper of the batches that shows progress.
    """
    settings = {**config.test_dataloader, "dataset": {**config.test_dataloader["dataset"], "split": split}}
    loader = Runner.build_dataloader(settings)
    dataset: Any = loader.dataset
    meta = meta_of(config, model, dataset, split)
    subsets = stream_subsets(sort_streams(model.test_streams))
    rows: list[Mapping[str, Any]] = []
    with torch.no_grad():
        for batch in track(loader):
            rows += _subset_rows(model, batch, subsets)
    names = ["+".join(subset) for subset in subsets]
    scores = {name: np.stack([row["scores"][name] for row in rows]) for name in names}
    if columns is not None:
        scores = {name: select_columns(array, columns, "logprob") for name, array in scores.items()}
    return average_clips(
        ids=np.array([row["id"] for row in rows]),
        clip_numbers=np.array([row["number"] for row in rows]),
        labels=np.array([row["label"] for row in rows]),
        classes=tuple(dataset.metainfo["classes"]),
        scores=scores,
        kinds=dict.fromkeys(names, "logprob"),
        present={name: np.array([row["present"][name] for row in rows]) for name in names},
        spans=np.array([row["span"] for row in rows]),
        groups=groups_of(dataset.records, [row["id"] for row in rows]),
        meta=meta,
        average=average_of(config),
    )


def mask_streams(batch: Mapping[str, Any], streams: Iterable[str]) -> dict[str, Any]:
    """Return a copy of a batch in which no sample has any of ``streams``, nor a valid time of them.

    Transforms of other streams may read a stream, so that it is masked before them.
    """
    masks = {name: {key: torch.zeros_like(batch[name][key]) for key in ("present", "valid")} for name in streams}
    return {**batch, **{name: {**batch[name], **mask} for name, mask in masks.items()}}


def _subset_rows(model: Recognizer, batch: Mapping[str, Any], subsets: Sequence[Subset]) -> list[dict[str, Any]]:
    """Return one row a sample, with the scores and presence of every subset by name."""
    rows: list[dict[str, Any]] = []
    for subset in subsets:
        name = "+".join(subset)
        masked = mask_streams(batch, set(model.test_streams) - set(subset))
        predictions = model(**model.data_preprocessor(masked, False), mode="predict")
        rows = rows or [{**prediction, "scores": {}, "present": {}} for prediction in predictions]
        for index, (row, prediction) in enumerate(zip(rows, predictions, strict=True)):
            row["scores"][name] = prediction[FUSED]
            row["present"][name] = any(bool(batch[stream]["present"][index]) for stream in subset)
    return rows
