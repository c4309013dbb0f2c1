"""Robustness: accuracy of trained models on corrupted test samples, all models on the same ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from mmengine.config import Config
from mmengine.runner import Runner

from triad.fusion.data import ABSENT, CORRUPTIONS, TIME_OFFSET, Corruption
from triad.fusion.evaluation.ablation import RESAMPLES
from triad.fusion.evaluation.single_label import check_single_label
from triad.fusion.models import Recognizer
from triad.fusion.predictions import Bootstrap, Predictions, choose_stream, groups_of, predict_classes, select_clusters
from triad.fusion.training.checkpoints import checkpoint_of
from triad.fusion.training.config import build_config
from triad.fusion.training.loading import average_of, load_dataset, load_model
from triad.fusion.training.metrics.action_metric import to_predictions
from triad.fusion.training.trained_classes import score_columns
from triad.modalities.checks import fail
from triad.modalities.modality import modality_of_reader

CLEAN = "clean"

Track = Callable[[Sequence[Any]], Iterable[Any]]


class TrainedModel(NamedTuple):
    """A model whose robustness is measured.

    Attributes:
        name: name of the row.
        config: config that it was trained with.
        model: recognizer in evaluation mode.
        checkpoint: path of its checkpoint.
    """

    name: str
    config: Config
    model: Recognizer
    checkpoint: Path


def load_models(
    paths: Sequence[tuple[Path, Path]], *, data: Path | None, options: Sequence[str] = ()
) -> list[TrainedModel]:
    """Load models that read the same streams in the same way.

    Args:
        paths: config and checkpoint (or work folder) of each model.
        data: folder of the prepared dataset; None takes that of the configs.
        options: changes of every config.

    Raises:
        InputError: If a file does not fit, two configs have one name, or a model reads other clips than the first.
    """
    models: list[TrainedModel] = []
    for path, checkpoint in paths:
        config = build_config(path, options=options, data=data)
        if path.stem in [model.name for model in models]:
            fail("configs of a robustness curve", "have names of their own", f"'{path.stem}' twice")
        if models and _clips_of(config) != _clips_of(models[0].config):
            cure = "evaluate it in a run of its own"
            fail(f"model '{path.stem}'", f"read the clips of '{models[0].name}'", "other readers or times", cure)
        file = checkpoint_of(checkpoint)
        models.append(TrainedModel(path.stem, config, load_model(config, file), file))
    return models


def _clips_of(config: Config) -> dict[str, Any]:
    """Return what decides the clips of a test: readers and times of its streams, sampler and crops."""
    streams = {
        name: (dict(stream["reader"]), stream["num_frames"], stream.get("source"))
        for name, stream in config.streams.items()
        if not stream.get("train_only")
    }
    dataset = {key: value for key, value in config.test_dataloader["dataset"].items() if key not in ("streams", "type")}
    return {"streams": streams, "dataset": dataset}


def corruptions_for(modalities: Mapping[str, str]) -> list[Corruption]:
    """Return all corruptions, in all their amounts, that change some of the streams.

    Whole streams are absent one by one.

    Args:
        modalities: modality of each stream.
    """
    chosen = []
    for name, kind in CORRUPTIONS.items():
        streams = [stream for stream, modality in modalities.items() if modality in (kind.modalities or (modality,))]
        if name == TIME_OFFSET and len(streams) == len(modalities):
            continue  # nothing is offset against anything
        if name == ABSENT and len(modalities) == 1:
            continue  # nothing is left
        groups = [(stream,) for stream in streams] if name == ABSENT else [tuple(streams)] if streams else []
        chosen += [Corruption(name, amount, group) for group in groups for amount in kind.amounts]
    return chosen


def measure_robustness(
    models: Sequence[TrainedModel], *, split: str = "test", resamples: int = RESAMPLES, track: Track = iter
) -> dict[str, Any]:
    """Return the content of ``robustness.json``: the accuracy of every model on clean and on corrupted samples.

    Every clip is decoded once for all models. Intervals draw whole subjects or source videos; ``difference`` is paired
    with the same model on clean samples.

    Args:
        models: models of :func:`load_models`.
        split: name of the split.
        resamples: number of bootstrap resamples.
        track: wrapper of the list of corruptions that shows progress.
    """
    config = models[0].config
    for model in models:
        check_single_label(model.config, "robustness")
    modalities = {
        name: modality_of_reader(config.streams[name]["reader"]).name for name in models[0].model.test_streams
    }
    conditions: list[Corruption | None] = [None, *corruptions_for(modalities)]
    clips = load_dataset(config, split)
    columns = [score_columns(model.checkpoint, clips) for model in models]
    rows: list[dict[str, Any]] = []
    clean: dict[str, np.ndarray] = {}
    bootstrap: Bootstrap | None = None
    for condition in track(conditions):
        for model, predictions in zip(models, _predict(models, columns, split, condition), strict=True):
            predictions.check_labelled("samples of a robustness curve")
            if bootstrap is None:
                unit, groups = select_clusters(predictions.groups)
                bootstrap = Bootstrap(predictions.labels, groups=groups, resamples=resamples, seed=0)
                about = {"dataset": predictions.meta["dataset"], "protocol": config.data["protocol"], "split": split}
                interval = {
                    "over": unit,
                    "units": bootstrap.num_units,
                    "resamples": resamples,
                    "seed": 0,
                    "level": 0.95,
                }
                about |= {"num_test": len(predictions), "interval": interval}
            stream = choose_stream(predictions)
            predicted = predict_classes(predictions.scores[stream], predictions.present[stream])
            correct = predicted == predictions.labels
            reference = clean.setdefault(model.name, correct)
            difference, ci95 = bootstrap.difference(correct, reference)
            rows.append(
                {
                    "model": model.name,
                    "corruption": CLEAN if condition is None else _name_of(condition),
                    "amount": None if condition is None else condition.amount,
                    "unit": None if condition is None else CORRUPTIONS[condition.kind].unit,
                    "streams": [] if condition is None else list(condition.streams),
                    "mean_class_accuracy": bootstrap.accuracy(correct),
                    "ci95": bootstrap.interval(correct),
                    "difference": difference,
                    "difference_ci95": ci95,
                }
            )
    return {**about, "models": [model.name for model in models], "rows": rows}


def _name_of(corruption: Corruption) -> str:
    return f"{corruption.streams[0]} {corruption.kind}" if corruption.kind == ABSENT else corruption.kind


@torch.no_grad()
def _predict(
    models: Sequence[TrainedModel],
    columns: Sequence[np.ndarray | None],
    split: str,
    condition: Corruption | None,
) -> Iterator[Predictions]:
    """Yield the predictions of each model; the clips are read once."""
    config = models[0].config
    dataset = {**config.test_dataloader["dataset"], "split": split}
    dataset |= {"streams": {name: config.streams[name] for name in models[0].model.test_streams}}
    if condition is not None:
        dataset["corrupt"] = {"kind": condition.kind, "amount": condition.amount, "streams": condition.streams}
    loader = Runner.build_dataloader({**config.test_dataloader, "dataset": dataset})
    outputs: list[list[dict[str, Any]]] = [[] for _ in models]
    for batch in loader:
        for number, trained in enumerate(models):
            prepared = trained.model.data_preprocessor(batch, False)["batch"]
            outputs[number] += trained.model(prepared, mode="predict")
    clips: Any = loader.dataset
    for number, trained in enumerate(models):
        classes = tuple(clips.metainfo["classes"])
        average = average_of(trained.config)
        predictions = to_predictions(outputs[number], classes, average, columns=columns[number])
        groups = groups_of(clips.records, predictions.ids.tolist())
        yield replace(predictions, groups=groups, meta={"dataset": clips.index.dataset})
