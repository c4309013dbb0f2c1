"""Several looks at one sample become one row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy.special import logsumexp

from fusion.predictions.predictions import Predictions
from modalities.checks import fail


def from_views(
    *,
    ids: np.ndarray,
    labels: np.ndarray,
    classes: tuple[str, ...],
    scores: Mapping[str, np.ndarray],
    kinds: Mapping[str, str],
    views: np.ndarray | None = None,
    present: Mapping[str, np.ndarray] | None = None,
    features: Mapping[str, np.ndarray] | None = None,
    spans: np.ndarray | None = None,
    groups: Mapping[str, np.ndarray] | None = None,
    meta: Mapping[str, Any] | None = None,
) -> Predictions:
    """Average the R rows that share an id into one row a sample, sorted by id.

    Logits, margins and features are averaged as they are; log-probabilities as probabilities, so that the result
    is one again. A stream counts only in the views where it is present. The span of a sample is that of all its
    views together.

    Args:
        ids: ``[R]``, a name as often as the sample has views.
        views: ``[R]`` number of the view; a second row of the same id and view is the padding of a distributed
            sampler and is dropped. Without it every row counts.
        labels: ``[R]`` or ``[R, K]``; the views of a sample agree.
        spans: ``[R, 2]`` seconds.
        classes: K names.
        scores: ``[R, K]`` a stream.
        kinds: a stream, as in :class:`Predictions`.
        present: ``[R]`` a stream.
        features: ``[R, D]`` a stream.
        groups: ``[R]`` by name; the first view's counts.
        meta: as in :class:`Predictions`.

    Raises:
        InputError: if two views of a sample carry different labels.
    """
    ids = np.asarray(ids, dtype=np.str_)
    keep = np.ones(len(ids), dtype=bool)
    if views is not None:
        keep[:] = False
        keep[np.unique(np.stack([ids, np.asarray(views).astype(np.str_)]), axis=1, return_index=True)[1]] = True
    kept = np.flatnonzero(keep)
    names, first, row_of = np.unique(ids[kept], return_index=True, return_inverse=True)
    labels = np.asarray(labels)
    disagrees = (labels[kept] != labels[kept][first][row_of]).reshape(len(kept), -1).any(axis=1)
    if disagrees.any():
        fail("views of one sample", "carry one label", f"two for '{ids[kept][disagrees][0]}'")

    def mean(array: np.ndarray, mask: np.ndarray) -> np.ndarray:
        total = np.zeros((len(names), array.shape[1]))
        np.add.at(total, row_of[mask], array[kept][mask].astype(np.float64))
        count = np.bincount(row_of[mask], minlength=len(names))
        return total / np.maximum(count, 1)[:, None]

    masks = {name: np.ones(len(kept), dtype=bool) for name in scores}
    masks |= {name: np.asarray(mask, dtype=bool)[kept] for name, mask in (present or {}).items()}
    averaged = {}
    for stream, array in scores.items():
        if kinds[stream] == "logprob":
            array = np.exp(array - logsumexp(array, axis=1, keepdims=True))
            average = np.log(np.maximum(mean(array, masks[stream]), np.finfo(np.float32).tiny))
        else:
            average = mean(array, masks[stream])
        averaged[stream] = average
    if spans is not None:
        start, end = np.full(len(names), np.inf), np.full(len(names), -np.inf)
        np.minimum.at(start, row_of, np.asarray(spans)[kept, 0])
        np.maximum.at(end, row_of, np.asarray(spans)[kept, 1])
        spans = np.stack([start, end], axis=1)
    return Predictions(
        ids=names,
        labels=labels[kept][first],
        classes=classes,
        scores=averaged,
        kinds=kinds,
        present={name: np.bincount(row_of[mask], minlength=len(names)) > 0 for name, mask in masks.items()},
        features={name: mean(array, masks[name]) for name, array in (features or {}).items()},
        spans=spans,
        groups={name: np.asarray(group)[kept][first] for name, group in (groups or {}).items()},
        meta=meta or {},
    )
