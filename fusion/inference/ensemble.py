"""What models say about a window, and what they say together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import softmax

from fusion.data.collate import Batch
from fusion.inference.interfaces import Model
from fusion.late_fusion import FIXED_WEIGHT_METHODS, LateFusion, load_fusion
from fusion.predictions import FUSED, Predictions, average_clips, join_predictions
from modalities.checks import check_choice, fail
from modalities.sampling import Span


@dataclass(frozen=True)
class WindowPrediction:
    """What was said about one window.

    Args:
        span: of the window, seconds.
        predictions: one row, as ``test`` would write it: every stream, and ``fused`` where there are several.
        attended: where a network looked, see :class:`fusion.inference.torch_network.Attended`; None where none did.
    """

    span: Span
    predictions: Predictions
    attended: Any = None

    @property
    def stream(self) -> str:
        """The stream that decides: ``fused`` where there are several."""
        return FUSED if FUSED in self.predictions.scores else self.predictions.streams[0]

    @property
    def shares(self) -> np.ndarray:
        """Probability of every class, ``[K]``; of an SVM's margins their softmax, which is no probability."""
        return self.shares_of(self.stream)

    def shares_of(self, stream: str) -> np.ndarray:
        """The same by one stream alone; equal where the video lacks it."""
        if not self.predictions.present[stream][0]:
            return np.full(len(self.predictions.classes), 1 / len(self.predictions.classes))
        return softmax(self.predictions.scores[stream][0].astype(np.float64))


class ModelEnsemble:
    """Models that answer together: each by itself, then a late fusion of all their streams.

    Args:
        models: with the same classes and streams of their own.
        weights: of the streams of several models; equal without.
        method: ``mean`` or ``product``, of weighted probabilities.
        fusion: file of a fusion that ``tools/fuse.py --save`` fitted, instead of weights.

    Raises:
        InputError: if classes differ, a stream is there twice, or weights or fusion are of other streams.
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
        self.classes = models[0].classes
        for model in models[1:]:
            if model.classes != self.classes:
                odd = set(model.classes) ^ set(self.classes)
                got = f"{min(odd)} in one of them" if odd else "another order"
                fail(f"classes of '{model.name}'", f"be those of '{models[0].name}'", got)
        self.streams = tuple(stream for model in models for stream in model.readings)
        twice = next((name for name in self.streams if self.streams.count(name) > 1), None)
        if twice is not None:
            cure = f"leave one model out, or name the stream {twice}_b with source='{twice}' in a config"
            fail("streams of several models", "be of one model each", f"'{twice}' of two", cure)
        if weights is not None and set(weights) != set(self.streams):
            fail("--weights", f"be of the streams {', '.join(self.streams)}", ", ".join(weights))
        self.weights = dict(weights) if weights is not None else None
        self.method = check_choice("--fuse", method, FIXED_WEIGHT_METHODS)
        self.learned: LateFusion | None = self._learned(fusion) if fusion is not None else None

    def _learned(self, path: str | Path) -> LateFusion:
        fusion = load_fusion(path)
        needs = tuple(fusion.calibration_.streams_)
        if fusion.method == "svm_features":
            fail(f"fusion '{path}'", "work on scores", "svm_features, which reads features", "fit another --method")
        if lacking := set(needs) - set(self.streams):
            cure = "give the checkpoint of every stream that it was fitted on"
            fail(f"fusion '{path}'", f"be of the streams {', '.join(self.streams)}", f"{', '.join(lacking)} too", cure)
        if tuple(fusion.calibration_.classes_) != self.classes:
            fail(f"fusion '{path}'", "be of the models' classes", "others", "fit it on predictions of these models")
        return fusion

    @property
    def fused_by(self) -> dict[str, Any] | None:
        """How several models become one answer, as JSON can say it; None where there is one model."""
        if self.learned is not None:
            return {"method": self.learned.method, "learned": True}
        if len(self.models) == 1 and self.weights is None:
            return None
        return {"method": self.method, "weights": self.weights or dict.fromkeys(self.streams, 1.0)}

    def answer(self, span: Span, batches: Sequence[Batch]) -> WindowPrediction:
        """Ask every model about a window."""
        parts, attended = [], None
        for model, batch in zip(self.models, batches, strict=True):
            parts.append(self._asked(model, batch))
            seen = getattr(model.network, "attended", None)
            attended = attended if seen is None else seen
        together = join_predictions(parts)
        if self.fused_by is not None:
            scores, kind = self._fuse(together)
            present = together.any_present(together.streams)
            together = together.with_stream(FUSED, scores, kind=kind, present=present)
        return WindowPrediction(span, together, attended)

    def _asked(self, model: Model, batch: Batch) -> Predictions:
        scores = model.network(batch)
        present = {name: batch[name]["present"].numpy() for name in model.readings}
        return average_clips(
            ids=np.array(batch["id"]),
            clip_numbers=batch["number"].numpy(),
            labels=batch["label"].numpy(),
            classes=self.classes,
            scores=scores,
            kinds={name: "logprob" if name == FUSED else "logit" for name in scores},
            present=present,
            spans=batch["span"].numpy(),
        )

    def _fuse(self, together: Predictions) -> tuple[np.ndarray, str]:
        if self.learned is not None:
            return self.learned.predict(together), self.learned.kind
        weights = self.weights or dict.fromkeys(self.streams, 1.0)
        pool = FIXED_WEIGHT_METHODS[self.method]().set_weights(together, weights)
        return pool.predict(together), pool.kind
