"""Scores of every sample over the classes, keyed by stream, and the file ``predictions.npz`` that stores them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from triad.fusion.predictions.number_arrays import to_floats, to_integers
from triad.fusion.predictions.stream_names import FUSED, sort_streams
from triad.modalities.atomic_files import read_arrays, write_arrays
from triad.modalities.checks import check_choice, check_shape, fail, shorten
from triad.modalities.schema import Fields, Number, Text, check_document

KINDS = ("logit", "logprob", "margin", "sigmoid")
"""Kinds of scores: values before a softmax, log-probabilities, distances to a hyperplane, values before a sigmoid."""

_CURE = "write it with triad test --dump or triad fuse --out"


SEED = Number(-(2**63), 2**63, whole=True)
META = Fields(
    optional={
        **dict.fromkeys(("dataset", "protocol", "split", "config", "version", "checkpoint"), Text()),
        "seed": SEED,
        "cost": Fields(others=Fields(others=Number(0))),
        "folds": Fields(others=Fields(optional={"seed": SEED})),
    }
)
"""What the origin of predictions may hold; other fields are free."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Predictions:
    """Scores of N samples over K classes, keyed by stream.

    Args:
        ids: unique names of the samples, ``[N]``.
        labels: class indices, ``[N]``, or when multi-label zeros and ones, ``[N, K]``; −1: unlabelled.
        classes: K class names, in the order of the scores.
        scores: float32 ``[N, K]`` by stream; finite wherever the stream is present.
        kinds: ``logit``, ``logprob``, ``margin`` or ``sigmoid``, by stream.
        present: bool ``[N]`` by stream, true where the sample has the stream; all true where left out.
        features: float32 ``[N, D]`` by stream, pooled before the classifier; optional.
        spans: start and end of the time range that was read, seconds, ``[N, 2]``; optional.
        groups: strings ``[N]`` by name (``subject``, ``source_video``); samples of one group stay together in a
            cross-validation and are drawn together by a bootstrap; optional.
        meta: JSON values: dataset, protocol, split, seed, config, checkpoint, cost.

    Raises:
        InputError: If a shape, a kind or a name does not fit, or an id occurs twice.
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
        def set_field(name: str, value: Any) -> None:
            object.__setattr__(self, name, value)

        set_field("ids", np.asarray(self.ids, dtype=np.str_))
        set_field("labels", to_integers("Predictions.labels", self.labels))
        set_field("classes", tuple(str(name) for name in self.classes))
        set_field("scores", {name: to_floats(f"scores of '{name}'", array) for name, array in self.scores.items()})
        set_field(
            "features", {name: to_floats(f"features of '{name}'", array) for name, array in self.features.items()}
        )
        set_field("groups", {name: np.asarray(array, dtype=np.str_) for name, array in self.groups.items()})
        all_present = {name: np.ones(len(self.ids), dtype=bool) for name in self.scores}
        set_field("present", all_present | {name: np.asarray(mask, dtype=bool) for name, mask in self.present.items()})
        self._check_samples()
        self._check_streams()

    def _check_samples(self) -> None:
        num_classes = len(self.classes)
        sizes = {"N": len(self.ids), "K": num_classes}
        check_shape("Predictions.ids", self.ids, ("N",))
        check_shape("Predictions.labels", self.labels, ("N", "K")[: max(1, self.labels.ndim)], **sizes)
        if num_classes < 2 or len(set(self.classes)) < num_classes:
            fail("Predictions.classes", "be two or more different names", shorten(self.classes) or "none")
        if (
            self.labels.ndim == 1
            and self.labels.size
            and not -1 <= self.labels.min() <= self.labels.max() < num_classes
        ):
            label_range = f"{self.labels.min()} … {self.labels.max()}"
            fail("Predictions.labels", f"lie between -1 and {num_classes - 1}", label_range)
        if self.labels.ndim == 2 and self.labels.size and not -1 <= self.labels.min() <= self.labels.max() <= 1:
            label_range = f"{self.labels.min()} … {self.labels.max()}"
            fail("Predictions.labels", "be 0 or 1 for each class, -1 where nothing is known", label_range)
        names, counts = np.unique(self.ids, return_counts=True)
        if len(names) < len(self.ids):
            fail("Predictions.ids", "be unique", f"'{names[counts > 1][0]}' twice", "average them with average_clips()")
        for name, group in self.groups.items():
            check_shape(f"Predictions.groups[{name!r}]", group, ("N",), **sizes)
        if self.spans is not None:
            check_shape("Predictions.spans", self.spans, ("N", 2), **sizes)

    def _check_streams(self) -> None:
        sizes = {"N": len(self.ids), "K": len(self.classes)}
        if not self.scores or set(self.kinds) != set(self.scores):
            fail(
                "Predictions.kinds",
                f"name the streams of the scores, {shorten(sorted(self.scores))}",
                shorten(sorted(self.kinds)),
            )
        for stream, scores in self.scores.items():
            check_choice(f"Predictions.kinds[{stream!r}]", self.kinds[stream], KINDS)
            check_shape(f"Predictions.scores[{stream!r}]", scores, ("N", "K"), **sizes)
            check_shape(f"Predictions.present[{stream!r}]", self.present[stream], ("N",), **sizes)
            not_finite = self.present[stream] & ~np.isfinite(scores).all(axis=1)
            if not_finite.any():
                fail(
                    f"Predictions.scores[{stream!r}]",
                    "be finite where the stream is present",
                    f"NaN or infinity in sample '{self.ids[not_finite][0]}'",
                )
        for name, arrays in (("present", self.present), ("features", self.features)):
            if unknown := sorted(set(arrays) - set(self.scores)):
                fail(
                    f"Predictions.{name}",
                    f"name streams of the scores, {shorten(sorted(self.scores))}",
                    shorten(unknown),
                )
        for stream, features in self.features.items():
            check_shape(f"Predictions.features[{stream!r}]", features, ("N", "D"), N=sizes["N"])

    def __len__(self) -> int:
        return len(self.ids)

    def __repr__(self) -> str:
        return (
            f"Predictions({len(self)} samples, {len(self.classes)} classes, "
            f"streams: {', '.join(f'{name} ({self.kinds[name]})' for name in self.scores)})"
        )

    @property
    def streams(self) -> tuple[str, ...]:
        """Streams that a late fusion may use: all but ``fused``, in the order of :func:`sort_streams`."""
        return sort_streams(set(self.scores) - {FUSED})

    @property
    def multi_label(self) -> bool:
        """Whether a sample may show several classes."""
        return self.labels.ndim == 2

    @property
    def labelled(self) -> np.ndarray:
        """Mask of the samples with labels, ``[N]``."""
        known = self.labels >= 0
        return np.asarray(known.all(axis=1)) if self.multi_label else known

    def select(self, index: np.ndarray) -> Predictions:
        """Return the samples at ``index`` (integers or a mask), in that order."""

        def select_from(arrays: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
            return {name: array[index] for name, array in arrays.items()}

        return replace(
            self,
            ids=self.ids[index],
            labels=self.labels[index],
            scores=select_from(self.scores),
            present=select_from(self.present),
            features=select_from(self.features),
            spans=None if self.spans is None else self.spans[index],
            groups=select_from(self.groups),
        )

    def with_stream(
        self, name: str, scores: np.ndarray, *, kind: str, present: np.ndarray, meta: Mapping[str, Any] | None = None
    ) -> Predictions:
        """Return a copy with one more stream, e.g. ``fused``; ``meta`` is merged into that of the copy."""
        return replace(
            self,
            scores={**self.scores, name: scores},
            kinds={**self.kinds, name: kind},
            present={**self.present, name: present},
            meta={**self.meta, **(meta or {})},
        )

    def select_streams(self, names: Sequence[str]) -> Predictions:
        """Return a copy with the named streams alone.

        Raises:
            InputError: If a stream is unknown.
        """
        for name in names:
            check_choice("stream to select", name, sorted(self.scores))

        def select_from(arrays: Mapping[str, Any]) -> dict[str, Any]:
            return {name: arrays[name] for name in names if name in arrays}

        return replace(
            self,
            scores=select_from(self.scores),
            kinds=select_from(self.kinds),
            present=select_from(self.present),
            features=select_from(self.features),
        )

    def any_present(self, streams: Sequence[str]) -> np.ndarray:
        """Return a mask ``[N]`` that is true where a sample has at least one of the streams."""
        return np.logical_or.reduce([self.present[name] for name in streams])

    def check_labelled(self, subject: str) -> None:
        """Check that every sample has exactly one label, as accuracies need.

        Args:
            subject: name of these predictions in the message, e.g. ``"test predictions"``.

        Raises:
            InputError: If labels are multi-label or missing, or there is no sample.
        """
        if self.multi_label:
            fail(subject, "carry one label a sample", f"multi-label predictions {list(self.labels.shape)}")
        if len(self) == 0:
            fail(subject, "hold at least one sample", "none")
        if (self.labels < 0).any():
            fail(subject, "be labelled", f"sample '{self.ids[self.labels < 0][0]}' without a label")

    def save(self, path: str | Path) -> None:
        """Write one ``.npz`` without pickles, atomically; equal content gives equal bytes."""
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
        """Read a file that :meth:`save` wrote; never runs code from the file.

        Raises:
            InputError: one line with the path, if the file is missing, damaged, pickled or incomplete.
        """
        arrays = read_arrays(path, cure=_CURE)
        if missing := [name for name in ("ids", "labels", "classes", "meta") if name not in arrays]:
            fail(f"'{path}'", "be a predictions file", f"a file without {', '.join(missing)}", _CURE)

        def arrays_under(prefix: str) -> dict[str, np.ndarray]:
            return {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}

        try:
            return cls(
                ids=arrays["ids"],
                labels=arrays["labels"],
                classes=tuple(arrays["classes"].tolist()),
                scores=arrays_under("scores/"),
                kinds={name: str(kind) for name, kind in arrays_under("kind/").items()},
                present=arrays_under("present/"),
                features=arrays_under("features/"),
                spans=arrays.get("spans"),
                groups=arrays_under("groups/"),
                meta=_read_meta(str(arrays["meta"]), path),
            )
        except (
            ValueError,
            TypeError,
            RecursionError,
            OverflowError,
        ) as error:  # InputError and a broken JSON are both ValueErrors
            fail(f"'{path}'", "be a predictions file", f"one where {error}", _CURE)


def _read_meta(text: str, path: str | Path) -> dict[str, Any]:
    meta = json.loads(text)
    check_document(f"origin of predictions '{path}'", meta, META, _CURE)
    return meta
