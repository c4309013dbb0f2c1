"""What a jointly trained model says when it must do without some of its streams."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from mmengine.config import Config
from mmengine.runner import Runner
from torch.utils.data import DataLoader

from fusion.evaluation.fusion_candidates import SINGLE, FusionCandidate, subsets
from fusion.models import Recognizer
from fusion.predictions import (
    Predictions,
    average_clips,
    check_disjoint,
    mean_class_accuracy,
    predict_classes,
    sort_streams,
)
from fusion.training.loading import load_model
from fusion.training.runner import groups_of, meta_of
from modalities.checks import check_choice, fail

JOINT = "joint"
"""The fusion of several streams inside one model."""

Track = Callable[[DataLoader], Iterable[Any]]


def masked_candidates(
    config: Config, checkpoint: str | Path, *, split: str = "test", track: Track = iter
) -> tuple[Predictions, Predictions, list[FusionCandidate]]:
    """One system for every subset of the streams of one trained model, the other streams marked absent.

    Args:
        config: completed, of a model of two or more streams.
        checkpoint: a file, or the last one of a work folder.
        split: the split that is judged; ``val`` tells how a system does on validation.
        track: wraps the batches of a split, to draw a progress bar.

    Returns:
        The predictions of the judged split and of validation, one "stream" a subset (``rgb+skeleton``), and the
        systems.

    Raises:
        InputError: if the model has one stream only, the split is validation, a sample is unlabelled, or the
            checkpoint does not fit.
    """
    check_choice("split to judge", split, ("test", "train"))
    if len(config.streams) < 2:
        fail("model of a masked ablation", "have two or more streams", f"only {list(config.streams)}")
    model = load_model(config, checkpoint)
    judged, val = (masked_predictions(model, config, part, track=track) for part in (split, "val"))
    judged.check_labelled("test samples")
    val.check_labelled("validation samples")
    check_disjoint(val, judged)
    systems = []
    for subset in subsets(sort_streams(model.streams)):
        name = "+".join(subset)
        known = predict_classes(val.scores[name], val.present[name])
        systems.append(
            FusionCandidate(
                streams=subset,
                fusion=SINGLE if len(subset) == 1 else JOINT,
                mode="masked",
                scores=judged.scores[name],
                present=judged.present[name],
                validation=mean_class_accuracy(val.labels, known),
            )
        )
    return judged, val, systems


def masked_predictions(model: Recognizer, config: Config, split: str, *, track: Track = iter) -> Predictions:
    """The fused score of every subset of the model's streams, in one pass over a split.

    Every video is decoded once; the networks run once a subset.
    """
    settings = {**config.test_dataloader, "dataset": {**config.test_dataloader["dataset"], "split": split}}
    loader = Runner.build_dataloader(settings)
    dataset: Any = loader.dataset
    meta = meta_of(config, model, dataset, split)
    every = subsets(sort_streams(model.streams))
    rows: list[Mapping[str, Any]] = []
    with torch.no_grad():
        for batch in track(loader):
            rows += _rows(model, model.data_preprocessor(batch, False)["batch"], every)
    names = ["+".join(subset) for subset in every]
    return average_clips(
        ids=np.array([row["id"] for row in rows]),
        clip_numbers=np.array([row["number"] for row in rows]),
        labels=np.array([row["label"] for row in rows]),
        classes=tuple(dataset.metainfo["classes"]),
        scores={name: np.stack([row["scores"][name] for row in rows]) for name in names},
        kinds=dict.fromkeys(names, "logprob"),
        present={name: np.array([row["present"][name] for row in rows]) for name in names},
        spans=np.array([row["span"] for row in rows]),
        groups=groups_of(dataset.records, [row["id"] for row in rows]),
        meta=meta,
    )


def _rows(model: Recognizer, batch: Mapping[str, Any], every: Sequence[tuple[str, ...]]) -> list[dict[str, Any]]:
    """One row a sample: its names, and score and presence of every subset."""
    rows: list[dict[str, Any]] = []
    for subset in every:
        said = model(mask(batch, set(model.streams) - set(subset)), mode="predict")
        rows = rows or [{**row, "scores": {}, "present": {}} for row in said]
        for number, (row, answer) in enumerate(zip(rows, said, strict=True)):
            row["scores"]["+".join(subset)] = answer["fused"]
            row["present"]["+".join(subset)] = any(bool(batch[name]["present"][number]) for name in subset)
    return rows


def mask(batch: Mapping[str, Any], streams: Iterable[str]) -> dict[str, Any]:
    """A prepared batch in which no sample has the given streams; the batch itself stays as it is."""
    absent = {name: {**batch[name], "present": torch.zeros_like(batch[name]["present"])} for name in streams}
    return {**batch, **absent}
