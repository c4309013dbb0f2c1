"""Joining of predictions of several models into one, sample by sample, by id and never by position."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from triad.fusion.predictions.class_names import align_classes, map_classes
from triad.fusion.predictions.predictions import Predictions
from triad.fusion.predictions.stream_names import FUSED
from triad.modalities.checks import fail, shorten

_SHARED_KEYS = ("dataset", "protocol", "split")


def join_predictions(members: Sequence[Predictions]) -> Predictions:
    """Join predictions of the same samples by id; rows are sorted by id, whatever the order of ``members``.

    ``fused`` scores are kept only of a single member: over several, they would not be the fusion of all streams.
    ``meta`` keeps what all members agree on, and the ``meta`` of each stream under ``streams``.

    Classes are matched by name, see :func:`~triad.fusion.predictions.class_names.align_classes`.

    Args:
        members: predictions of the same samples with different streams, one entry a model.

    Raises:
        InputError: If the sets of ids differ (naming the first ones that do), if labels, dataset, protocol or split
            differ, if classes have other names, or if two members have the same stream.
    """
    if not members:
        fail("predictions to join", "be at least one", "none")
    members = [member.select(np.argsort(member.ids)) for member in align_classes(members)]
    first = members[0]
    for number, member in enumerate(members[1:], start=2):
        _check_same_samples(first, member, number)
    meta_by_stream = _meta_by_stream(members)
    if len(members) == 1:
        return _with_meta(first, dict(first.meta), meta_by_stream)
    scores: dict[str, np.ndarray] = {}
    for member in members:
        if duplicates := sorted(set(member.streams) & set(scores)):
            name = duplicates[0]
            cure = f'rename one in its config, such as {name}_b with source="{name}"'
            fail("streams of joined predictions", "come from one file each", f"'{name}' from two", cure)
        scores |= {name: member.scores[name] for name in member.streams}
    joined = Predictions(
        ids=first.ids,
        labels=first.labels,
        classes=first.classes,
        scores=scores,
        kinds={name: member.kinds[name] for member in members for name in member.streams},
        present={name: member.present[name] for member in members for name in member.streams},
        features={name: array for member in members for name, array in member.features.items() if name != FUSED},
        spans=next((member.spans for member in members if member.spans is not None), None),
        groups={name: group for member in reversed(members) for name, group in member.groups.items()},
    )
    return _with_meta(joined, common_metadata([member.meta for member in members]), meta_by_stream)


def check_disjoint(val: Predictions, test: Predictions) -> Predictions:
    """Check that validation and test predictions are of one dataset and protocol and share no sample.

    Returns:
        The validation predictions over the classes of the test, matched by name.

    Raises:
        InputError: If classes have other names, dataset or protocol differ, or the two share an id.
    """
    val = map_classes(val, test.classes, subject="validation predictions", reference="test predictions")
    for key in ("dataset", "protocol"):
        if key in val.meta and key in test.meta and val.meta[key] != test.meta[key]:
            fail(f"{key} of the validation predictions", f"be the test's, '{test.meta[key]}'", f"'{val.meta[key]}'")
    shared_ids = np.intersect1d(val.ids, test.ids)
    if len(shared_ids):
        fail(
            "validation predictions",
            "share no sample with the test predictions",
            f"{len(shared_ids)} shared: {_quote_names(shared_ids)}",
            "give the predictions of the validation split to --fit",
        )
    return val


def common_metadata(metas: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the entries that are equal in every ``meta`` that has them."""
    values_by_key = {key: [meta[key] for meta in metas if key in meta] for meta in metas for key in meta}
    return {
        key: values[0] for key, values in sorted(values_by_key.items()) if all(value == values[0] for value in values)
    }


def _check_same_samples(first: Predictions, member: Predictions, number: int) -> None:
    subject = f"predictions file {number}"
    for key in _SHARED_KEYS:
        if key in first.meta and key in member.meta and first.meta[key] != member.meta[key]:
            fail(f"{key} of {subject}", f"be that of file 1, '{first.meta[key]}'", f"'{member.meta[key]}'")
    missing_ids = np.setdiff1d(first.ids, member.ids)
    extra_ids = np.setdiff1d(member.ids, first.ids)
    if len(missing_ids) or len(extra_ids):
        differences = [f"{len(missing_ids)} missing: {_quote_names(missing_ids)}"] if len(missing_ids) else []
        differences += [f"{len(extra_ids)} more: {_quote_names(extra_ids)}"] if len(extra_ids) else []
        cure = "dump all of them on the same dataset, protocol and split"
        fail(subject, "hold the samples of file 1", " and ".join(differences), cure)
    if member.labels.shape != first.labels.shape:
        fail(f"labels of {subject}", "be those of file 1", f"others for {_quote_names(first.ids)}")
    differs = (member.labels != first.labels).reshape(len(first), -1).any(axis=1)
    if differs.any():
        fail(f"labels of {subject}", "be those of file 1", f"others for {_quote_names(first.ids[differs])}")


def _quote_names(names: Sequence[str] | np.ndarray) -> str:
    """Return the first names, quoted, and the number of all where there are more."""
    return shorten([f"'{name}'" for name in names])


def _meta_by_stream(members: Sequence[Predictions]) -> dict[str, Mapping[str, Any]]:
    return {
        stream: member.meta.get("streams", {}).get(stream)
        or {key: value for key, value in member.meta.items() if key != "streams"}
        for member in members
        for stream in member.streams
    }


def _with_meta(joined: Predictions, meta: dict[str, Any], meta_by_stream: Mapping[str, Any]) -> Predictions:
    cost = {
        stream: stream_meta["cost"].get(stream, stream_meta["cost"])
        for stream, stream_meta in sorted(meta_by_stream.items())
        if isinstance(stream_meta.get("cost"), Mapping)
    }
    meta = {**meta, "streams": dict(sorted(meta_by_stream.items()))} | ({"cost": cost} if cost else {})
    return replace(joined, meta=meta)
