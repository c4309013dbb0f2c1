"""Classes matched by name: which columns of scores belong to the classes that samples are judged on."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.special import log_softmax

from triad.fusion.predictions.predictions import Predictions
from triad.modalities.checks import fail, shorten

_logger = logging.getLogger(__name__)


def match_classes(scored: Sequence[str], judged: Sequence[str], *, subject: str, reference: str) -> np.ndarray:
    """Return the column of each class to judge on among the scored ones, int ``[K]``.

    One line is logged where the order differs or some scored classes are not judged on.

    Args:
        scored: classes of the scores, in their order.
        judged: classes to judge on, in their order.
        subject: owner of the scores in the message, such as ``"checkpoint 'epoch_1.pth'"``.
        reference: owner of the classes to judge on in the message.

    Raises:
        InputError: naming both lists, and what is only in one of them, if one has no scores.
    """
    scored = [str(name) for name in scored]
    judged = [str(name) for name in judged]
    columns = {name: column for column, name in enumerate(scored)}
    missing = [name for name in judged if name not in columns]
    if missing:
        extra = [name for name in scored if name not in set(judged)]
        differences = f"only {reference}: {shorten(missing)}" + (f"; only {subject}: {shorten(extra)}" if extra else "")
        got = f"{shorten(scored)} ({differences})"
        fail(f"classes of {subject}", f"include those of {reference}, {shorten(judged)}", got)
    if len(judged) < len(scored):
        _logger.info("%s has %d classes; judged on the %d of %s", subject, len(scored), len(judged), reference)
    elif scored != judged:
        _logger.info("classes of %s come in another order than those of %s: matched by name", subject, reference)
    return np.array([columns[name] for name in judged], dtype=np.int64)


def select_columns(scores: np.ndarray, columns: np.ndarray, kind: str) -> np.ndarray:
    """Return the scores of some classes; log-probabilities are normalised again where classes are left out.

    Args:
        scores: scores over all classes.
        columns: column of each class that is kept.
        kind: kind of the scores, see :data:`~triad.fusion.predictions.KINDS`.

    Shapes: ``[..., K]``, ``[k]`` -> ``[..., k]``.
    """
    selected = scores[..., columns]
    if kind == "logprob" and len(columns) < scores.shape[-1]:
        return log_softmax(selected, axis=-1).astype(scores.dtype)
    return selected


def map_classes(predictions: Predictions, classes: Sequence[str], *, subject: str, reference: str) -> Predictions:
    """Return predictions over the given classes in the given order; scores and labels are matched by name.

    Args:
        predictions: predictions over these classes, or more.
        classes: names of the classes.
        subject: name of the predictions in the message.
        reference: owner of ``classes`` in the message.

    Raises:
        InputError: If the predictions lack a class, or a sample is labelled with a class that is not among them.
    """
    if predictions.classes == tuple(classes):
        return predictions
    columns = match_classes(predictions.classes, classes, subject=subject, reference=reference)
    return replace(
        predictions,
        classes=tuple(classes),
        labels=_map_labels(predictions, columns, subject, reference),
        scores={
            name: select_columns(array, columns, predictions.kinds[name]) for name, array in predictions.scores.items()
        },
    )


def align_classes(members: Sequence[Predictions], *, subject: str = "predictions file") -> list[Predictions]:
    """Return predictions over the same classes in one order, those of the member with the fewest, the first of equals.

    Args:
        members: predictions of one dataset.
        subject: name of a member in the message; its number follows.

    Raises:
        InputError: As :func:`map_classes`.
    """
    reference = min(range(len(members)), key=lambda number: len(members[number].classes))
    classes = members[reference].classes
    return [
        map_classes(member, classes, subject=f"{subject} {number}", reference=f"{subject} {reference + 1}")
        for number, member in enumerate(members, start=1)
    ]


def _map_labels(predictions: Predictions, columns: np.ndarray, subject: str, reference: str) -> np.ndarray:
    labels = predictions.labels
    if labels.ndim == 2:
        left_out = np.delete(labels, columns, axis=1).any(axis=1)
        mapped = labels[:, columns]
    else:
        new_label = np.full(len(predictions.classes) + 1, -1)  # the last entry serves −1, samples without a label
        new_label[columns] = np.arange(len(columns))
        mapped = new_label[labels]
        left_out = (labels >= 0) & (mapped < 0)
    if left_out.any():
        row = int(np.flatnonzero(left_out)[0])
        own_labels = [labels[row]] if labels.ndim == 1 else np.flatnonzero(labels[row])
        name = shorten([predictions.classes[label] for label in own_labels])
        got = f"'{name}' for sample '{predictions.ids[row]}'"
        fail(f"labels of {subject}", f"be of the classes of {reference}", got)
    return mapped


def known_classes(scored: Sequence[str], judged: Sequence[str]) -> list[int | None]:
    """Return the column of each class to judge on among the scored ones; None for one that has no scores.

    Names are equal if their letters and digits are, whatever their case: ``Watch_TV`` and ``WatchTV``.

    Args:
        scored: classes of the scores, in their order.
        judged: classes to judge on, in their order.
    """
    exact = {str(name): column for column, name in enumerate(scored)}
    plain = {_plain_name(name): column for column, name in enumerate(scored)}
    return [exact.get(str(name), plain.get(_plain_name(name))) for name in judged]


def _plain_name(name: str) -> str:
    return "".join(letter for letter in str(name).casefold() if letter.isalnum())
