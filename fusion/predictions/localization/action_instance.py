"""Action instances of a video: one class from a start to an end, annotated or detected."""

from __future__ import annotations

from collections.abc import Iterable
from math import isfinite
from operator import attrgetter
from typing import NamedTuple

import numpy as np

from triad.modalities.checks import InputError, fail


class ActionInstance(NamedTuple):
    """Action instance.

    Attributes:
        start: first second.
        end: second at which it is over.
        label: class index.
        score: confidence of a detected instance; 1 for an annotated one.
    """

    start: float
    end: float
    label: int
    score: float = 1.0


def check_instances(
    instances: Iterable[ActionInstance], *, duration: float, num_classes: int
) -> tuple[list[ActionInstance], list[str]]:
    """Return the usable instances of a video in the order of time, and a reason for each that is changed or dropped.

    An instance that ends after the video is cut. One of an unknown class, without a length, or that starts after the
    video is dropped, as is one that repeats another.

    Args:
        instances: annotated instances.
        duration: length of the video, seconds.
        num_classes: number of classes.
    """
    usable: set[ActionInstance] = set()
    reasons: list[str] = []
    for instance in instances:
        try:
            _check_instance(instance, duration, num_classes)
        except InputError as error:
            reasons.append(f"dropped: {error}")
            continue
        if instance.end > duration:
            reasons.append(f"cut: instance must end within the {duration:.2f} s of the video, got {instance.end:.2f} s")
            instance = instance._replace(end=duration)
        if instance in usable:
            start, end, label, _ = instance
            reasons.append(f"dropped: instance of class {label} from {start:.2f} to {end:.2f} s is there twice")
            continue
        usable.add(instance)
    return sorted(usable), reasons


def _check_instance(instance: ActionInstance, duration: float, num_classes: int) -> None:
    start, end, label, _ = instance
    if not 0 <= label < num_classes:
        fail("class of an instance", f"be from 0 to {num_classes - 1}", label)
    if not (isfinite(start) and isfinite(end) and 0 <= start < end):
        fail("instance", "end after it starts, from 0 s on", f"{start:.2f} to {end:.2f} s")
    if start >= duration:
        fail("instance", f"start within the {duration:.2f} s of the video", f"{start:.2f} s")


def merge_instances(instances: Iterable[ActionInstance]) -> list[ActionInstance]:
    """Return instances of which no two of one class overlap; those that do become one, with the higher score."""
    merged: list[ActionInstance] = []
    for instance in sorted(instances, key=attrgetter("label", "start")):
        last = merged[-1] if merged else None
        if last is not None and last.label == instance.label and instance.start < last.end:
            end = max(last.end, instance.end)
            merged[-1] = last._replace(end=end, score=max(last.score, instance.score))
        else:
            merged.append(instance)
    return sorted(merged)


def has_overlapping_classes(instances: Iterable[ActionInstance]) -> bool:
    """Return whether two instances of different classes share a time."""
    last_end = -np.inf
    for instance in merge_instances(instances):
        if instance.start < last_end:
            return True
        last_end = max(last_end, instance.end)
    return False


def frame_labels(instances: Iterable[ActionInstance], times: np.ndarray, num_classes: int) -> np.ndarray:
    """Return which classes each time shows, several or none.

    Args:
        instances: annotated instances.
        times: increasing times, seconds.
        num_classes: number K of classes.

    Shapes: times ``[T]``; returns bool ``[T, K]``.
    """
    labels = np.zeros((len(times), num_classes), dtype=bool)
    for instance in instances:
        first, end = np.searchsorted(times, (instance.start, instance.end))
        labels[first:end, instance.label] = True
    return labels
