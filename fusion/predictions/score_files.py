"""Score pickles of other projects as predictions: mmaction2, pyskl, and the dictionaries of 2s-AGCN and CTR-GCN.

They are read without running what is in them. Samples are joined by name where a file has names, otherwise by a list of
ids in the file's order, and never by position alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

import numpy as np

from triad.fusion.predictions.grouping import groups_of
from triad.fusion.predictions.predictions import Predictions
from triad.modalities.checks import check_file, fail, printable
from triad.modalities.pickled_tensors import read_tensor_pickle
from triad.modalities.safe_pickle import ALLOWANCE

NAME_KEYS = ("frame_dir", "video_id", "filename", "sample_id", "id")
"""Fields of a result of mmaction2 that may name its sample, the likeliest first."""

NUMBERED = re.compile(r"(?:train_|val_|test_)?(\d+)")
"""Names that CTR-GCN's feeders make up from the position of a sample."""

IDS_CURE = (
    "list the ids in the order of the file's samples, one a line, and give the list to --ids (--fit-ids for --fit)"
)


class ScoreFile(NamedTuple):
    """Content of a score pickle.

    Attributes:
        path: path of the file, for messages.
        scores: scores of every sample, float32 ``[N, K]``.
        names: names of the samples; None where the file has none, or only numbers.
        labels: classes of the samples, ``[N]``; None where the file has none.
    """

    path: str
    scores: np.ndarray
    names: Sequence[str] | None
    labels: np.ndarray | None


@dataclass(frozen=True, kw_only=True, eq=False)
class SampleLabels:
    """What a score pickle lacks: the samples of the dataset, their classes and their groups.

    Args:
        ids: names of the samples, ``[N]``.
        labels: classes of the samples, ``[N]``.
        classes: K class names.
        groups: strings ``[N]`` by name, see :class:`Predictions`.
        meta: dataset, protocol and split, where they are known.
    """

    ids: np.ndarray
    labels: np.ndarray
    classes: tuple[str, ...]
    groups: Mapping[str, np.ndarray] = field(default_factory=dict)
    meta: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def from_predictions(cls, predictions: Predictions) -> SampleLabels:
        """Return those of the samples of a predictions file."""
        meta = {key: predictions.meta[key] for key in ("dataset", "protocol", "split") if key in predictions.meta}
        return cls(
            ids=predictions.ids,
            labels=predictions.labels,
            classes=predictions.classes,
            groups=predictions.groups,
            meta=meta,
        )

    @classmethod
    def from_records(
        cls, records: Sequence[Mapping[str, Any]], *, classes: Sequence[str], dataset: str
    ) -> SampleLabels:
        """Return those of the labelled records of an index, one label each."""
        labelled = [record for record in records if isinstance(record.get("label"), int)]
        ids = [record["id"] for record in labelled]
        return cls(
            ids=np.asarray(ids, dtype=np.str_),
            labels=np.array([record["label"] for record in labelled], dtype=np.int64),
            classes=tuple(classes),
            groups=groups_of(labelled, ids),
            meta={"dataset": dataset},
        )


def read_score_file(path: str | Path) -> ScoreFile:
    """Read a score pickle.

    Known are lists of dictionaries with ``pred_score`` or ``pred_scores.item`` and optional ``gt_label`` (mmaction2),
    lists or arrays of scores (pyskl), and dictionaries ``{name: scores}`` (2s-AGCN, CTR-GCN).

    Raises:
        InputError: If the file is missing, holds or calls more than plain values, arrays and tensors, or is none of
            these.
    """
    path = check_file("score file", path, "check the path")
    document = read_tensor_pickle(path, path.read_bytes())
    if isinstance(document, dict):
        return _read_dictionary(str(path), document)
    if isinstance(document, list | tuple) and document and isinstance(document[0], dict):
        return _read_results(str(path), document)
    return ScoreFile(str(path), _stack(str(path), document), None, None)


def to_predictions(
    score_file: ScoreFile, reference: SampleLabels, *, stream: str, ids: Sequence[str] | None = None
) -> Predictions:
    """Return the scores of a file as predictions of one stream; their order is that of the file.

    Rows that are no less than 0 and sum to 1 are taken as probabilities, all others as logits.

    Args:
        score_file: content of the file.
        reference: samples of the dataset, among which those of the file are.
        stream: name of the stream.
        ids: ids of the file's samples, in its order, for a file without names.

    Raises:
        InputError: If the samples cannot be named, are not all in ``reference``, or have other labels there, or the
            number of classes differs.
    """
    scores = score_file.scores
    subject = f"'{score_file.path}'"
    if scores.shape[1] != len(reference.classes):
        fail(subject, f"hold scores of {len(reference.classes)} classes", f"{scores.shape[1]}")
    rows = _rows_of(score_file, reference, ids)
    labels = reference.labels[rows]
    if score_file.labels is not None and (labels != score_file.labels).any():
        row = int(np.flatnonzero(labels != score_file.labels)[0])
        got = f"label {score_file.labels[row]} for '{reference.ids[rows[row]]}', which has {labels[row]}"
        fail(f"labels in {subject}", "agree with those of its samples", got, "check the order of --ids and of classes")
    is_probability = bool((scores >= 0).all() and np.allclose(scores.sum(axis=1), 1, atol=1e-3))
    if is_probability:
        scores = np.log(np.maximum(scores, np.finfo(np.float32).tiny))
    return Predictions(
        ids=reference.ids[rows],
        labels=labels,
        classes=reference.classes,
        scores={stream: scores},
        kinds={stream: "logprob" if is_probability else "logit"},
        groups={name: np.asarray(group)[rows] for name, group in reference.groups.items()},
        meta={**reference.meta, "score_file": Path(score_file.path).name},
    )


def _rows_of(score_file: ScoreFile, reference: SampleLabels, ids: Sequence[str] | None) -> np.ndarray:
    """Return the row in the reference of every sample of the file."""
    subject = f"'{score_file.path}'"
    row_by_id = {name: row for row, name in enumerate(reference.ids.tolist())}
    if score_file.names is None:
        if ids is None:
            fail(subject, "name its samples", "scores in an order that nothing tells", IDS_CURE)
        if len(ids) != len(score_file.scores):
            fail(f"ids of {subject}", f"be {len(score_file.scores)}, one a sample", len(ids), IDS_CURE)
        names = list(ids)
    else:
        names = _match_names(score_file.names, row_by_id)
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        fail(f"samples of {subject}", "differ", f"'{printable(twice)}' twice")
    if unknown := [name for name in names if name not in row_by_id]:
        got = f"{len(unknown)} others, such as '{printable(unknown[0])}' where there is '{reference.ids[0]}'"
        fail(f"samples of {subject}", "be those of the predictions or the dataset", got, IDS_CURE)
    return np.array([row_by_id[name] for name in names])


def _match_names(names: Sequence[str], known: Mapping[str, int]) -> list[str]:
    """Return names in the form that the dataset knows: as they are, without folders, or without extension as well."""
    forms = [
        list(names),
        [PurePosixPath(name).name for name in names],
        [PurePosixPath(name).stem for name in names],
    ]
    return next((form for form in forms if all(name in known for name in form)), list(names))


def _read_dictionary(path: str, document: Mapping[Any, Any]) -> ScoreFile:
    names = [str(name) for name in document]
    scores = _stack(path, list(document.values()))
    numbers = [NUMBERED.fullmatch(name) for name in names]
    if not all(numbers):
        return ScoreFile(path, scores, names, None)
    positions = np.array([int(number[1]) for number in numbers if number])
    if sorted(positions.tolist()) != list(range(len(positions))):
        fail(f"'{path}'", "number its samples from 0 without a gap", f"{positions.min()} … {positions.max()}", IDS_CURE)
    return ScoreFile(path, scores[np.argsort(positions)], None, None)


def _read_results(path: str, results: Sequence[Any]) -> ScoreFile:
    scores = [_field(result, "pred_score", "pred_scores") for result in results]
    if any(score is None for score in scores):
        fields = ", ".join(printable(name, 20) for name in list(results[0])[:6])
        fail(f"'{path}'", "hold pred_score or pred_scores.item in each result", fields)
    labels = [_field(result, "gt_label", "gt_labels") for result in results]
    labels = [label[0] if _is_list(label) else label for label in labels]
    has_labels = all(map(_is_number, labels))
    if has_labels and not all(np.isfinite(label).all() for label in labels):
        fail(f"'{path}'", "have whole numbers as labels", "NaN or infinity")
    names = None
    for key in NAME_KEYS:
        values = [result.get(key) if isinstance(result, dict) else None for result in results]
        if all(isinstance(value, str) for value in values) and len(set(values)) == len(values):
            names = [str(value) for value in values]
            break
    return ScoreFile(
        path,
        _stack(path, scores),
        names,
        np.array([int(np.reshape(label, -1)[0]) for label in labels]) if has_labels else None,
    )


def _field(result: Any, name: str, older_name: str) -> Any:
    """Return a field of a result of mmaction2; version 1.0 wrapped it as ``{"item": …}``."""
    if not isinstance(result, dict):
        return None
    value = result.get(name, result.get(older_name))
    return value.get("item") if isinstance(value, dict) else value


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | np.number) or (isinstance(value, np.ndarray) and value.size == 1)


def _is_list(value: Any) -> bool:
    return isinstance(value, list | tuple) and len(value) == 1


def _stack(path: str, rows: Any) -> np.ndarray:
    """Return scores ``[N, K]`` of a list of rows ``[K]`` or ``[1, K]``, or of one array.

    A small pickle can repeat a list in itself or in other lists, and as an array it would take all memory.
    """
    subject = f"'{path}'"
    try:
        flat = [row[0] if _is_list(row) else row for row in rows]
        is_flat = all(isinstance(row, np.ndarray) or all(map(_is_number, row)) for row in flat)
        if not is_flat:
            raise TypeError("lists in lists")
        num_values = sum(row.size if isinstance(row, np.ndarray) else len(row) for row in flat)
        if num_values > Path(path).stat().st_size + ALLOWANCE:
            raise ValueError("rows that repeat one another")
        scores = np.stack([np.asarray(row, dtype=np.float32).reshape(-1) for row in flat])
    except (TypeError, ValueError, OverflowError):
        fail(subject, "hold the scores of every sample, of equal number", "other values")
    if scores.ndim != 2 or scores.shape[1] < 2 or not np.isfinite(scores).all():
        fail(subject, "hold finite scores of two or more classes", f"shape {list(scores.shape)}")
    return scores
