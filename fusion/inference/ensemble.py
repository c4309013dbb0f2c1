"""Predictions of one or several models for one window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from triad.fusion.data import Batch
from triad.fusion.inference.interfaces import Model
from triad.fusion.models import SampleMap
from triad.fusion.predictions import (
    FUSED,
    Predictions,
    average_clips,
    join_predictions,
    match_classes,
    select_columns,
    to_probabilities,
)
from triad.modalities.checks import check_choice, fail, shorten
from triad.modalities.clips import Span

if TYPE_CHECKING:  # scikit-learn, which one model does without, takes seconds to import
    from triad.fusion.late_fusion import LateFusion


@dataclass(frozen=True)
class WindowPrediction:
    """Prediction for one window.

    Args:
        span: start and end of the window, seconds.
        predictions: one row as ``test`` would write it: the scores of every stream, and of ``fused`` where there are
            several.
        attention_maps: maps of the fusion modules of all networks, of the centre of the middle clip.
    """

    span: Span
    predictions: Predictions
    attention_maps: tuple[SampleMap, ...] = ()

    @property
    def final_stream(self) -> str:
        """Name of the scores that decide: ``fused`` where there are several streams."""
        return FUSED if FUSED in self.predictions.scores else self.predictions.streams[0]

    @property
    def label(self) -> str:
        """Name of the likeliest class."""
        return str(self.predictions.classes[int(self.probabilities.argmax())])

    @property
    def probability(self) -> float:
        """Probability of the likeliest class."""
        return float(self.probabilities.max())

    def __str__(self) -> str:
        return f"{self.span.start:.2f} – {self.span.end:.2f} s  {self.label}  {self.probability:.0%}"

    @property
    def multi_label(self) -> bool:
        """Whether several classes or none may hold at once."""
        return self.predictions.kinds[self.final_stream] == "sigmoid"

    @property
    def probabilities(self) -> np.ndarray:
        """Probability of every class, ``[K]``; for the margins of an SVM their softmax, which is no probability."""
        return self.probabilities_of(self.final_stream)

    def probabilities_of(self, stream: str) -> np.ndarray:
        """Return the probabilities of one stream alone, ``[K]``; uniform where the video lacks the stream.

        Those of models of several classes are independent, and 0 without the stream.
        """
        num_classes = len(self.predictions.classes)
        kind = self.predictions.kinds[stream]
        if not self.predictions.present[stream][0]:
            return np.full(num_classes, 0.0 if kind == "sigmoid" else 1 / num_classes)
        return to_probabilities(self.predictions.scores[stream][0], kind)


class ModelEnsemble:
    """Models that are run one by one and whose streams are then fused.

    Classes are matched by name. Where a model knows more of them than another, all are asked for the classes of the
    model with the fewest.

    Args:
        models: models of the same classes with different streams.
        weights: weight of each stream of several models; all equal by default.
        method: ``mean`` or ``product`` of weighted probabilities.
        fusion: path of a fusion that ``triad fuse --save`` fitted, instead of weights.

    Raises:
        InputError: If classes differ, two models have the same stream, or weights or fusion are for other streams.
    """

    def __init__(
        self,
        models: Sequence[Model],
        *,
        weights: Mapping[str, float] | None = None,
        method: str = "mean",
        fusion: str | Path | None = None,
    ) -> None:
        self.models = list(models)
        self.classes = min((model.classes for model in models), key=len)
        self.streams = tuple(
            stream
            for model in models
            for stream in (model.inputs if model.scored_streams is None else model.scored_streams)
        )
        _check_models(self.models, self.streams)
        if weights is not None and set(weights) != set(self.streams):
            fail("--weights", f"name the streams {', '.join(self.streams)}", ", ".join(weights))
        self.weights = dict(weights) if weights is not None else None
        self.method = method if method == "mean" else _check_method(method)
        self.fitted_fusion: LateFusion | None = None
        if fusion is not None:
            self.fitted_fusion = _load_fitted_fusion(fusion, self.streams, self.classes)
            self.classes = tuple(self.fitted_fusion.calibration_.classes_)
        self._columns = _match_models(self.models, self.classes)

    @property
    def fusion_settings(self) -> dict[str, Any] | None:
        """Method and weights of the fusion as JSON values; None for a single model."""
        if self.fitted_fusion is not None:
            return {"method": self.fitted_fusion.method, "learned": True}
        if len(self.models) == 1 and self.weights is None:
            return None
        return {"method": self.method, "weights": self.weights or dict.fromkeys(self.streams, 1.0)}

    def predict(self, span: Span, batches: Sequence[Batch]) -> WindowPrediction:
        """Run every model on a window and fuse their scores.

        Args:
            span: start and end of the window, seconds.
            batches: one batch a model: the test views of the window.
        """
        attention_maps: list[SampleMap] = []
        joined = self.score(batches)
        for model in self.models:
            maps: Sequence[tuple[SampleMap, ...]] = getattr(model.network, "attention_maps", ())
            if maps:
                attention_maps += maps[model.temporal_sampler.num_clips // 2 * len(model.views)]
        return WindowPrediction(span, joined, tuple(attention_maps))

    def score(self, batches: Sequence[Batch]) -> Predictions:
        """Run every model on the test views of some windows and fuse their scores; rows are sorted by id.

        Args:
            batches: one batch a model, of the same windows.
        """
        runs = zip(self.models, self._columns, batches, strict=True)
        joined = join_predictions([self._run_model(model, columns, batch) for model, columns, batch in runs])
        if self.fusion_settings is None:
            return joined
        scores, kind = self._fuse(joined)
        return joined.with_stream(FUSED, scores, kind=kind, present=joined.any_present(joined.streams))

    def _run_model(self, model: Model, columns: np.ndarray, batch: Batch) -> Predictions:
        kind_of_fused = "sigmoid" if model.multi_label else "logprob"
        kinds = {**dict.fromkeys(model.inputs, "sigmoid" if model.multi_label else "logit"), FUSED: kind_of_fused}
        scores = {name: select_columns(array, columns, kinds[name]) for name, array in model.network(batch).items()}
        return average_clips(
            ids=np.array(batch["id"]),
            clip_numbers=batch["number"].numpy(),
            labels=batch["label"].numpy(),
            classes=self.classes,
            scores=scores,
            kinds={name: kinds[name] for name in scores},
            present={name: batch[name]["present"].numpy() for name in scores if name != FUSED},
            spans=batch["span"].numpy(),
            average=model.average_clips,
        )

    def _fuse(self, predictions: Predictions) -> tuple[np.ndarray, str]:
        if self.fitted_fusion is not None:
            return self.fitted_fusion.predict(predictions), self.fitted_fusion.kind
        weights = self.weights or dict.fromkeys(self.streams, 1.0)
        from triad.fusion.late_fusion import build_fixed_fusion

        fusion = build_fixed_fusion(self.method, predictions).set_weights(predictions, weights)
        return fusion.predict(predictions), fusion.kind


def _check_method(method: str) -> str:
    from triad.fusion.late_fusion import FIXED_WEIGHT_METHODS

    return check_choice("--fuse", method, FIXED_WEIGHT_METHODS)


def _check_models(models: Sequence[Model], streams: Sequence[str]) -> None:
    if len({model.multi_label for model in models}) > 1:
        single, several = (next(model.name for model in models if model.multi_label == kind) for kind in (False, True))
        got = f"'{single}' of one class a clip beside '{several}' of several"
        fail("models to fuse", "be all of one class a clip, or all of several", got, "predict with one kind")
    unscored = next((model.name for model in models if model.scored_streams == ()), None)
    if unscored is not None and len(models) > 1:
        fail(
            f"streams of '{unscored}' beside other models", "have scores of their own", "none", "predict with it alone"
        )
    repeated = next((name for name in streams if streams.count(name) > 1), None)
    if repeated is not None:
        cure = f"leave one model out, or name the stream {repeated}_b with source='{repeated}' in a config"
        fail("streams of several models", "differ", f"'{repeated}' in two models", cure)


def _match_models(models: Sequence[Model], classes: tuple[str, ...]) -> list[np.ndarray]:
    """Return the columns of the classes in the scores of each model."""
    owner = next((f"model '{model.name}'" for model in models if model.classes == classes), "the fusion")
    return [match_classes(model.classes, classes, subject=f"model '{model.name}'", reference=owner) for model in models]


def _load_fitted_fusion(path: str | Path, streams: Sequence[str], classes: tuple[str, ...]) -> LateFusion:
    from triad.fusion.late_fusion import load_fusion

    fusion = load_fusion(path)
    if fusion.reads_features:
        fail(f"fusion '{path}'", "work on scores", f"{fusion.method}, which reads features", "fit another --method")
    if missing := set(fusion.calibration_.streams_) - set(streams):
        cure = "give the checkpoint of every stream that it was fitted on"
        fail(f"fusion '{path}'", f"use only the streams {', '.join(streams)}", ", ".join(sorted(missing)), cure)
    if set(fusion.calibration_.classes_) != set(classes):
        cure = "fit it on predictions of these models"
        got = shorten(fusion.calibration_.classes_)
        fail(f"fusion '{path}'", f"have the classes of the models, {shorten(classes)}", got, cure)
    return fusion
