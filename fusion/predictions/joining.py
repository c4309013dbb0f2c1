"""Predictions of several models become one, sample by sample, never by position in a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from fusion.predictions.predictions import FUSED, Predictions
from modalities.checks import fail

_SAME = ("dataset", "protocol", "split")


def join(parts: Sequence[Predictions]) -> Predictions:
    """Join predictions of the same samples by id; rows come sorted by id, whatever the order of ``parts``.

    ``fused`` scores of one part are kept only where there is one part: over several it would no longer be the
    fusion of what is there. ``meta`` keeps what all parts agree on, and each stream's own under ``streams``.

    Raises:
        InputError: if the sets of ids differ (naming the first ones that do), if labels, classes, dataset, protocol
            or split differ, or if two parts bring the same stream.
    """
    if not parts:
        fail("predictions to join", "be at least one", "none")
    parts = [part.rows(np.argsort(part.ids)) for part in parts]
    first = parts[0]
    for number, part in enumerate(parts[1:], start=2):
        _check_same(first, part, number)
    if len(parts) == 1:
        return _with_meta(first, dict(first.meta), _own(parts))
    scores: dict[str, np.ndarray] = {}
    for part in parts:
        if twice := sorted(set(part.streams) & set(scores)):
            cure = f'name one apart in its config, such as {twice[0]}_b with source="{twice[0]}"'
            fail("streams of joined predictions", "come from one file each", f"'{twice[0]}' from two", cure)
        scores |= {name: part.scores[name] for name in part.streams}
    joined = Predictions(
        ids=first.ids,
        labels=first.labels,
        classes=first.classes,
        scores=scores,
        kinds={name: part.kinds[name] for part in parts for name in part.streams},
        present={name: part.present[name] for part in parts for name in part.streams},
        features={name: array for part in parts for name, array in part.features.items() if name != FUSED},
        spans=next((part.spans for part in parts if part.spans is not None), None),
        groups={name: group for part in reversed(parts) for name, group in part.groups.items()},
    )
    return _with_meta(joined, common_metadata([part.meta for part in parts]), _own(parts))


def check_disjoint(fit: Predictions, test: Predictions) -> None:
    """Refuse to learn from the samples that will be judged, or from another data set's.

    Raises:
        InputError: if classes, dataset or protocol differ, or the two share an id.
    """
    if fit.classes != test.classes:
        fail("validation predictions", f"have the classes of the test predictions, {_few(test.classes)}", fit.classes)
    for key in ("dataset", "protocol"):
        if key in fit.meta and key in test.meta and fit.meta[key] != test.meta[key]:
            fail(f"{key} of the validation predictions", f"be the test's, '{test.meta[key]}'", f"'{fit.meta[key]}'")
    shared = np.intersect1d(fit.ids, test.ids)
    if len(shared):
        fail(
            "validation predictions",
            "share no sample with the test predictions",
            f"{len(shared)} shared: {_few(shared)}",
            "give the predictions of the validation split to --fit",
        )


def _check_same(first: Predictions, part: Predictions, number: int) -> None:
    subject = f"predictions file {number}"
    if part.classes != first.classes:
        fail(f"classes of {subject}", f"be those of file 1, {_few(first.classes)}", _few(part.classes))
    for key in _SAME:
        if key in first.meta and key in part.meta and first.meta[key] != part.meta[key]:
            fail(f"{key} of {subject}", f"be that of file 1, '{first.meta[key]}'", f"'{part.meta[key]}'")
    lacking, extra = np.setdiff1d(first.ids, part.ids), np.setdiff1d(part.ids, first.ids)
    if len(lacking) or len(extra):
        found = [f"{len(lacking)} missing: {_few(lacking)}"] if len(lacking) else []
        found += [f"{len(extra)} more: {_few(extra)}"] if len(extra) else []
        cure = "dump all of them on the same dataset, protocol and split"
        fail(subject, "hold the samples of file 1", " and ".join(found), cure)
    if part.labels.shape != first.labels.shape or (part.labels != first.labels).any():
        same_shape = part.labels.shape == first.labels.shape
        wrong = (part.labels != first.labels).reshape(len(first), -1).any(axis=1) if same_shape else slice(None)
        fail(f"labels of {subject}", "be those of file 1", f"others for {_few(first.ids[wrong])}")


def _few(names: Sequence[str] | np.ndarray) -> str:
    shown = ", ".join(f"'{name}'" for name in names[:3])
    return shown + (", …" if len(names) > 3 else "")


def common_metadata(metas: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What every ``meta`` that says anything about it says alike."""
    every = {key: [meta[key] for meta in metas if key in meta] for meta in metas for key in meta}
    return {key: found[0] for key, found in sorted(every.items()) if all(value == found[0] for value in found)}


def _own(parts: Sequence[Predictions]) -> dict[str, Mapping[str, Any]]:
    return {
        stream: part.meta.get("streams", {}).get(stream) or {k: v for k, v in part.meta.items() if k != "streams"}
        for part in parts
        for stream in part.streams
    }


def _with_meta(joined: Predictions, meta: dict[str, Any], own: Mapping[str, Any]) -> Predictions:
    cost = {
        stream: each["cost"].get(stream, each["cost"])
        for stream, each in sorted(own.items())
        if isinstance(each.get("cost"), Mapping)
    }
    meta = {**meta, "streams": dict(sorted(own.items()))} | ({"cost": cost} if cost else {})
    return replace(joined, meta=meta)
