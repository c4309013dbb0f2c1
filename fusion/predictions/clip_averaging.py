"""Averaging of the scores of several views of one sample: temporal clips and crops."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy.special import expit, logit, logsumexp

from triad.fusion.predictions.predictions import Predictions
from triad.modalities.checks import check_choice, fail

AVERAGES = ("prob", "score")
"""What is averaged over the views of a sample, in mmaction2's words: probabilities, or scores before the softmax."""


def average_clips(
    *,
    ids: np.ndarray,
    labels: np.ndarray,
    classes: tuple[str, ...],
    scores: Mapping[str, np.ndarray],
    kinds: Mapping[str, str],
    clip_numbers: np.ndarray | None = None,
    present: Mapping[str, np.ndarray] | None = None,
    features: Mapping[str, np.ndarray] | None = None,
    spans: np.ndarray | None = None,
    groups: Mapping[str, np.ndarray] | None = None,
    meta: Mapping[str, Any] | None = None,
    average: str | None = None,
) -> Predictions:
    """Average the R rows that share an id into one row a sample, sorted by id.

    A stream is averaged over the clips in which it is present. The span of a sample covers the spans of all its clips.

    Args:
        ids: sample of every row, ``[R]``; an id occurs once for every clip of the sample.
        labels: labels of the rows, ``[R]`` or ``[R, K]``; equal for all clips of a sample.
        classes: K class names.
        scores: arrays ``[R, K]`` by stream.
        kinds: kinds of the scores by stream, as in :class:`Predictions`.
        clip_numbers: number of the clip within its sample, ``[R]``; a second row of the same id and number is padding
            of a distributed sampler and is dropped. Without it, every row counts.
        present: masks ``[R]`` by stream; all true where left out.
        features: arrays ``[R, D]`` by stream.
        spans: start and end of the rows, seconds, ``[R, 2]``.
        groups: arrays ``[R]`` by name; a sample takes those of its first clip.
        meta: JSON values, as in :class:`Predictions`.
        average: ``prob`` averages the probabilities of logits and log-probabilities, which gives log-probabilities;
            ``score`` averages both as they are and normalises log-probabilities again. By default log-probabilities
            are averaged as probabilities and logits as they are, as margins and features always. Logits of a sigmoid
            stay such.

    Raises:
        InputError: If two clips of a sample have different labels, or for an unknown ``average``.
    """
    if average is not None:
        check_choice("average_clips", average, AVERAGES)
    ids = np.asarray(ids, dtype=np.str_)
    rows = np.arange(len(ids))
    if clip_numbers is not None:
        keys = np.stack([ids, np.asarray(clip_numbers).astype(np.str_)])
        rows = np.sort(np.unique(keys, axis=1, return_index=True)[1])
    names, first, sample_of = np.unique(ids[rows], return_index=True, return_inverse=True)
    labels = np.asarray(labels)[rows]
    differs = (labels != labels[first][sample_of]).reshape(len(rows), -1).any(axis=1)
    if differs.any():
        fail("clips of one sample", "have one label", f"two for '{ids[rows][differs][0]}'")

    def mean(array: np.ndarray, mask: np.ndarray) -> np.ndarray:
        total = np.zeros((len(names), array.shape[1]))
        np.add.at(total, sample_of[mask], array[rows][mask].astype(np.float64))
        count = np.bincount(sample_of[mask], minlength=len(names))
        return total / np.maximum(count, 1)[:, None]

    masks = {name: np.ones(len(rows), dtype=bool) for name in scores}
    masks |= {name: np.asarray(mask, dtype=bool)[rows] for name, mask in (present or {}).items()}
    mean_scores = {}
    mean_kinds = dict(kinds)
    for stream, array in scores.items():
        kind = kinds[stream]
        if kind == "sigmoid" and average == "prob":
            mean_scores[stream] = logit(mean(expit(array.astype(np.float64)), masks[stream]).clip(1e-12, 1 - 1e-12))
        elif kind == "margin" or average == "score" or (kind in ("logit", "sigmoid") and average is None):
            mean_scores[stream] = mean(array, masks[stream])
            if kind == "logprob":
                mean_scores[stream] -= logsumexp(mean_scores[stream], axis=1, keepdims=True)
        else:
            probabilities = np.exp(array - logsumexp(array, axis=1, keepdims=True))
            mean_scores[stream] = np.log(np.maximum(mean(probabilities, masks[stream]), np.finfo(np.float32).tiny))
            mean_kinds[stream] = "logprob"
    return Predictions(
        ids=names,
        labels=labels[first],
        classes=classes,
        scores=mean_scores,
        kinds=mean_kinds,
        present={name: np.bincount(sample_of[mask], minlength=len(names)) > 0 for name, mask in masks.items()},
        features={name: mean(array, masks[name]) for name, array in (features or {}).items()},
        spans=None if spans is None else _merge_spans(np.asarray(spans)[rows], sample_of, len(names)),
        groups={name: np.asarray(group)[rows][first] for name, group in (groups or {}).items()},
        meta=meta or {},
    )


def _merge_spans(spans: np.ndarray, sample_of: np.ndarray, num_samples: int) -> np.ndarray:
    """Return the earliest start and latest end of every sample. Shapes: spans ``[R, 2]``; returns ``[N, 2]``."""
    start = np.full(num_samples, np.inf)
    end = np.full(num_samples, -np.inf)
    np.minimum.at(start, sample_of, spans[:, 0])
    np.maximum.at(end, sample_of, spans[:, 1])
    return np.stack([start, end], axis=1)
