"""Ablation over all subsets of streams of samples that show several classes or none, by mean average precision."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from triad.fusion.evaluation.fusion_candidates import NUM_FOLDS, SINGLE, Subset, stream_subsets
from triad.fusion.late_fusion import MULTI_LABEL_METHODS, build_late_fusion
from triad.fusion.late_fusion.multi_label import check_several_labels
from triad.fusion.predictions import (
    FUSED,
    Predictions,
    SampleBootstrap,
    check_disjoint,
    class_average_precision,
    held_out_units,
    present_scores,
)
from triad.modalities.checks import fail

DEFAULT_METHODS = ("mean", "product", "weighted")


def ablate_multi_label(
    test: Predictions,
    val: Predictions,
    *,
    methods: Sequence[str] = (),
    track: Callable[[Sequence[Subset]], Iterable[Subset]] = iter,
) -> dict[str, Any]:
    """Return the content of ``ablation.json``: a row for each fusion of each subset of the streams.

    The fusion of a subset is the one with the highest mean average precision on validation; fusions that learn are
    measured there on groups that they were not fitted on. ``paired`` compares all streams with each one alone.

    Args:
        test: joined labelled predictions of the test split.
        val: joined labelled predictions of the validation split, with every stream of ``test``.
        methods: names of :data:`~triad.fusion.late_fusion.MULTI_LABEL_METHODS`; empty for the default ones.
        track: wrapper of the list of subsets that shows progress.

    Raises:
        InputError: If the two sets share a sample or do not fit each other, a sample is unlabelled, no sample shows a
            class, or a method is of one class a sample.
    """
    methods = MULTI_LABEL_METHODS if tuple(methods) == ("all",) else tuple(methods) or DEFAULT_METHODS
    for method in methods:
        build_late_fusion(method, multi_label=True)
    for predictions, subject in ((test, "test predictions"), (val, "validation predictions")):
        check_several_labels(predictions, subject)
        if not (predictions.labels > 0).any():
            fail(subject, "have a sample that shows a class", "none")
    val = check_disjoint(val, test)
    if missing := sorted(set(test.streams) - set(val.streams)):
        cure = "give the validation predictions of every stream to --fit"
        fail("validation predictions", f"hold the test's streams {list(test.streams)}", f"none of {missing}", cure)
    bootstrap = SampleBootstrap(test)
    rows: list[dict[str, Any]] = []
    fused_by_subset: dict[Subset, Predictions] = {}
    resampled_by_subset: dict[Subset, np.ndarray] = {}
    for subset in track(stream_subsets(test.streams)):
        names = (SINGLE,) if len(subset) == 1 else methods
        validation = [_validation_precision(val, subset, name) for name in names]
        best = int(np.argmax(np.round(validation, 9)))
        for number, name in enumerate(names):
            fused = _fuse(test, val, subset, name)
            resampled = bootstrap.mean_average_precisions(present_scores(fused, FUSED))
            rows.append(
                {
                    "streams": list(subset),
                    "fusion": name,
                    "mode": "late",
                    "selected": number == best,
                    "mean_average_precision": _mean_precision(fused),
                    "ci95": bootstrap.interval(resampled),
                    "validation": validation[number],
                }
            )
            if number == best:
                fused_by_subset[subset] = fused
                resampled_by_subset[subset] = resampled
    all_streams = tuple(test.streams)
    paired = [
        {
            "a": "+".join(all_streams),
            "b": "+".join(subset),
            "difference": _mean_precision(fused_by_subset[all_streams]) - _mean_precision(fused_by_subset[subset]),
            "ci95": bootstrap.interval(resampled_by_subset[all_streams] - resampled_by_subset[subset]),
        }
        for subset in fused_by_subset
        if len(subset) == 1 < len(all_streams)
    ]
    precisions = class_average_precision(fused_by_subset[all_streams], FUSED)
    return {
        "dataset": test.meta.get("dataset"),
        "protocol": test.meta.get("protocol"),
        "split": test.meta.get("split"),
        "classes": list(test.classes),
        "metric": "mean_average_precision",
        "num_test": len(test),
        "num_validation": len(val),
        "interval": {
            "over": bootstrap.unit,
            "units": bootstrap.num_units,
            "resamples": len(bootstrap.multiplicities),
            "level": 0.95,
        },
        "rows": rows,
        "paired": paired,
        "per_class": [
            {"class": name, "n": int((test.labels[:, label] > 0).sum()), FUSED: float(precisions[label])}
            for label, name in enumerate(test.classes)
            if np.isfinite(precisions[label])
        ],
    }


def _fuse(test: Predictions, val: Predictions, subset: Subset, method: str) -> Predictions:
    """Return the test predictions with the stream ``fused``; a single stream is taken as it is."""
    present = test.any_present(subset)
    if method == SINGLE:
        (stream,) = subset
        return test.with_stream(FUSED, test.scores[stream], kind=test.kinds[stream], present=present)
    fusion = build_late_fusion(method, multi_label=True).fit(val, subset)
    return test.with_stream(FUSED, fusion.predict(test), kind=fusion.kind, present=present)


def _validation_precision(val: Predictions, subset: Subset, method: str) -> float:
    """Return the mean average precision on validation, of a fusion that learns out of fold."""
    if method != "weighted":
        return _mean_precision(_fuse(val, val, subset, method))
    units = np.unique(held_out_units(val.groups, val.ids.tolist()), return_inverse=True)[1]
    folds = units % min(NUM_FOLDS, int(units.max()) + 1)
    if not folds.any():
        return _mean_precision(_fuse(val, val, subset, method))
    scores = np.zeros((len(val), len(val.classes)))
    for fold in np.unique(folds):
        train, held_out = val.select(folds != fold), val.select(folds == fold)
        scores[folds == fold] = build_late_fusion(method, multi_label=True).fit(train, subset).predict(held_out)
    return _mean_precision(val.with_stream(FUSED, scores, kind="sigmoid", present=val.any_present(subset)))


def _mean_precision(predictions: Predictions) -> float:
    return float(np.nanmean(class_average_precision(predictions, FUSED)))
