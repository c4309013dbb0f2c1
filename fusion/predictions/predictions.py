"""What a model said about every sample: the file that everything after the networks works on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from modalities.atomic_files import read_arrays, write_arrays
from modalities.checks import check_choice, check_shape, fail

KINDS = ("logit", "logprob", "margin")
"""How scores are meant: before a softmax, log-probabilities, distances to a hyperplane."""

FUSED = "fused"
"""The stream name of a decision over all streams; never an input of a late fusion."""

_MODALITIES = ("rgb", "flow", "skeleton")

_CURE = "write it with tools/test.py --dump or tools/fuse.py --out"


def modality_of(stream: str) -> str:
    """``flow_dis`` → ``flow``: what comes before the first underscore."""
    return stream.split("_", 1)[0]


def in_order(streams: Iterable[str]) -> tuple[str, ...]:
    """Streams as they are always named: appearance, motion, posture, then others by name."""

    def rank(stream: str) -> tuple[int, str]:
        modality = modality_of(stream)
        return (_MODALITIES.index(modality) if modality in _MODALITIES else len(_MODALITIES)), stream

    return tuple(sorted(streams, key=rank))


@dataclass(frozen=True, kw_only=True, eq=False)
class Predictions:
    """Scores of N samples over K classes, keyed by stream.

    Args:
        ids: ``[N]`` unique names of the samples.
        labels: ``[N]`` integers (−1: unlabelled), or ``[N, K]`` zeros and ones when multi-label.
        classes: K names, in the order of the scores.
        scores: float32 ``[N, K]`` a stream; finite wherever the stream is present.
        kinds: one of ``logit | logprob | margin`` a stream.
        present: bool ``[N]`` a stream: whether the sample has the stream at all; all true where left out.
        features: float32 ``[N, D]`` a stream, pooled before the classifier; optional.
        spans: ``[N, 2]`` seconds, start and end of what was looked at; optional.
        groups: ``[N]`` strings by name (``subject``, ``source_video``): what may not be split by a
            cross-validation and is drawn as one by a bootstrap; optional.
        meta: JSON values: dataset, protocol, split, seed, config, checkpoint, cost.

    Raises:
        InputError: if a shape, a kind or a name does not fit, or an id is there twice.
    """

    ids: np.ndarray
    labels: np.ndarray
    classes: tuple[str, ...]
    scores: Mapping[str, np.ndarray]
    kinds: Mapping[str, str]
    present: Mapping[str, np.ndarray] = field(default_factory=dict)
    features: Mapping[str, np.ndarray] = field(default_factory=dict)
    spans: np.ndarray | None = None
    groups: Mapping[str, np.ndarray] = field(default_factory=dict)
    meta: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        def settle(name: str, value: Any) -> None:
            object.__setattr__(self, name, value)

        settle("ids", np.asarray(self.ids, dtype=np.str_))
        settle("labels", np.asarray(self.labels, dtype=np.int64))
        settle("classes", tuple(str(name) for name in self.classes))
        settle("scores", {name: np.asarray(array, dtype=np.float32) for name, array in self.scores.items()})
        settle("features", {name: np.asarray(array, dtype=np.float32) for name, array in self.features.items()})
        settle("groups", {name: np.asarray(array, dtype=np.str_) for name, array in self.groups.items()})
        everywhere = {name: np.ones(len(self.ids), dtype=bool) for name in self.scores}
        settle("present", everywhere | {name: np.asarray(mask, dtype=bool) for name, mask in self.present.items()})
        self._check()

    def _check(self) -> None:
        sizes = check_shape("Predictions.ids", self.ids, ("N",))
        sizes["K"] = len(self.classes)
        check_shape("Predictions.labels", self.labels, ("N", "K")[: max(1, self.labels.ndim)], **sizes)
        if len(self.classes) < 2 or len(set(self.classes)) < len(self.classes):
            fail("Predictions.classes", "be two or more different names", list(self.classes))
        if self.labels.ndim == 1 and self.labels.size and not -1 <= self.labels.min() <= self.labels.max() < sizes["K"]:
            fail(
                "Predictions.labels",
                f"lie between -1 and {sizes['K'] - 1}",
                f"{self.labels.min()} … {self.labels.max()}",
            )
        names, counts = np.unique(self.ids, return_counts=True)
        if len(names) < len(self.ids):
            fail("Predictions.ids", "be unique", f"'{names[counts > 1][0]}' twice", "average views with from_views()")
        if not self.scores or set(self.kinds) != set(self.scores):
            fail("Predictions.kinds", f"name the streams of the scores, {sorted(self.scores)}", sorted(self.kinds))
        for stream, scores in self.scores.items():
            check_choice(f"Predictions.kinds[{stream!r}]", self.kinds[stream], KINDS)
            check_shape(f"Predictions.scores[{stream!r}]", scores, ("N", "K"), **sizes)
            check_shape(f"Predictions.present[{stream!r}]", self.present[stream], ("N",), **sizes)
            broken = self.present[stream] & ~np.isfinite(scores).all(axis=1)
            if broken.any():
                fail(
                    f"Predictions.scores[{stream!r}]",
                    "be finite where the stream is present",
                    f"NaN or infinity in sample '{self.ids[broken][0]}'",
                )
        for kind, arrays in (("present", self.present), ("features", self.features)):
            if unknown := sorted(set(arrays) - set(self.scores)):
                fail(f"Predictions.{kind}", f"name streams of the scores, {sorted(self.scores)}", unknown)
        for stream, features in self.features.items():
            check_shape(f"Predictions.features[{stream!r}]", features, ("N", "D"), N=sizes["N"])
        for name, group in self.groups.items():
            check_shape(f"Predictions.groups[{name!r}]", group, ("N",), **sizes)
        if self.spans is not None:
            check_shape("Predictions.spans", self.spans, ("N", 2), **sizes)

    def __len__(self) -> int:
        return len(self.ids)

    def __repr__(self) -> str:
        return (
            f"Predictions({len(self)} samples, {len(self.classes)} classes, "
            f"streams: {', '.join(f'{name} ({self.kinds[name]})' for name in self.scores)})"
        )

    @property
    def streams(self) -> tuple[str, ...]:
        """The streams a late fusion may use, all but ``fused``, :func:`in_order`."""
        return in_order(set(self.scores) - {FUSED})

    def rows(self, index: np.ndarray) -> Predictions:
        """The samples at ``index`` (integers or a mask), in that order."""

        def take(arrays: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
            return {name: array[index] for name, array in arrays.items()}

        return replace(
            self,
            ids=self.ids[index],
            labels=self.labels[index],
            scores=take(self.scores),
            present=take(self.present),
            features=take(self.features),
            spans=None if self.spans is None else self.spans[index],
            groups=take(self.groups),
        )

    def with_stream(
        self, name: str, scores: np.ndarray, *, kind: str, present: np.ndarray, meta: Mapping[str, Any] | None = None
    ) -> Predictions:
        """A copy with one more stream, e.g. ``fused``; ``meta`` is merged into the copy's."""
        return replace(
            self,
            scores={**self.scores, name: scores},
            kinds={**self.kinds, name: kind},
            present={**self.present, name: present},
            meta={**self.meta, **(meta or {})},
        )

    def present_any(self, streams: Sequence[str]) -> np.ndarray:
        """``[N]``: whether a sample has at least one of the streams."""
        return np.logical_or.reduce([self.present[name] for name in streams])

    def check_labelled(self, subject: str) -> None:
        """Raise an InputError unless every sample has exactly one label, as accuracies need."""
        if self.labels.ndim != 1:
            fail(subject, "carry one label a sample", f"multi-label predictions {list(self.labels.shape)}")
        if len(self) == 0:
            fail(subject, "hold at least one sample", "none")
        if (self.labels < 0).any():
            fail(subject, "be labelled", f"sample '{self.ids[self.labels < 0][0]}' without a label")

    def save(self, path: str | Path) -> None:
        """Write one ``.npz`` without pickles, whole or not at all; equal content is equal bytes."""
        arrays: dict[str, np.ndarray] = {
            "ids": self.ids,
            "labels": self.labels,
            "classes": np.asarray(self.classes, dtype=np.str_),
            "meta": np.asarray(json.dumps(self.meta, sort_keys=True, ensure_ascii=False)),
        }
        for stream in sorted(self.scores):
            arrays[f"scores/{stream}"] = self.scores[stream]
            arrays[f"kind/{stream}"] = np.asarray(self.kinds[stream])
            arrays[f"present/{stream}"] = self.present[stream]
        arrays |= {f"features/{stream}": self.features[stream] for stream in sorted(self.features)}
        arrays |= {f"groups/{name}": self.groups[name] for name in sorted(self.groups)}
        if self.spans is not None:
            arrays["spans"] = np.asarray(self.spans, dtype=np.float64)
        write_arrays(path, **arrays)

    @classmethod
    def load(cls, path: str | Path) -> Predictions:
        """Read what :meth:`save` wrote; never runs code from the file.

        Raises:
            InputError: one line with the path, if the file is missing, damaged, pickled or incomplete.
        """
        arrays = read_arrays(path, cure=_CURE)
        if missing := [name for name in ("ids", "labels", "classes", "meta") if name not in arrays]:
            fail(f"'{path}'", "be a predictions file", f"a file without {', '.join(missing)}", _CURE)

        def below(folder: str) -> dict[str, np.ndarray]:
            return {
                name.removeprefix(f"{folder}/"): array
                for name, array in arrays.items()
                if name.startswith(f"{folder}/")
            }

        try:
            return cls(
                ids=arrays["ids"],
                labels=arrays["labels"],
                classes=tuple(arrays["classes"].tolist()),
                scores=below("scores"),
                kinds={name: str(kind) for name, kind in below("kind").items()},
                present=below("present"),
                features=below("features"),
                spans=arrays.get("spans"),
                groups=below("groups"),
                meta=json.loads(str(arrays["meta"])),
            )
        except (ValueError, TypeError) as error:  # InputError and a broken JSON are both ValueErrors
            fail(f"'{path}'", "be a predictions file", f"one where {error}", _CURE)
