"""Annotated instances: bad ones have a reason, overlapping ones of a class become one."""

from __future__ import annotations

import time

import numpy as np
import pytest

from triad.fusion.predictions.localization import (
    ActionInstance,
    check_instances,
    frame_labels,
    has_overlapping_classes,
    merge_instances,
)


@pytest.mark.parametrize(
    ("instance", "reason"),
    [
        (ActionInstance(1, 2, 3), "dropped: class of an instance must be from 0 to 2, got 3"),
        (ActionInstance(1, 2, -1), "dropped: class of an instance must be from 0 to 2, got -1"),
        (ActionInstance(2, 1, 0), "dropped: instance must end after it starts, from 0 s on, got 2.00 to 1.00 s"),
        (ActionInstance(2, 2, 0), "dropped: instance must end after it starts, from 0 s on, got 2.00 to 2.00 s"),
        (ActionInstance(-1, 2, 0), "dropped: instance must end after it starts, from 0 s on, got -1.00 to 2.00 s"),
        (ActionInstance(1, float("nan"), 0), "dropped: instance must end after it starts, from 0 s on, got 1.00 to"),
        (ActionInstance(12, 13, 0), "dropped: instance must start within the 10.00 s of the video, got 12.00 s"),
    ],
)
def test_bad_instance_is_dropped(instance, reason):
    usable, reasons = check_instances([instance], duration=10, num_classes=3)
    assert usable == []
    assert reasons[0].startswith(reason)


def test_late_end_is_cut():
    usable, reasons = check_instances([ActionInstance(8, 12, 0)], duration=10, num_classes=3)
    assert usable == [ActionInstance(8, 10, 0)]
    assert reasons == ["cut: instance must end within the 10.00 s of the video, got 12.00 s"]


def test_repeated_instance_counts_once():
    usable, reasons = check_instances([ActionInstance(1, 2, 0)] * 2, duration=10, num_classes=3)
    assert usable == [ActionInstance(1, 2, 0)]
    assert reasons == ["dropped: instance of class 0 from 1.00 to 2.00 s is there twice"]


def test_many_instances_are_checked_quickly():
    instances = [ActionInstance(number / 1000, number / 1000 + 1, number % 5) for number in range(50_000)]
    start = time.process_time()
    usable, reasons = check_instances(instances, duration=100, num_classes=5)
    assert time.process_time() - start < 2.0
    assert (usable, reasons) == (instances, [])


def test_overlap_of_a_class_merges():
    instances = [
        ActionInstance(0, 5, 0, 0.5),
        ActionInstance(4, 8, 0, 0.9),
        ActionInstance(8, 9, 0),
        ActionInstance(1, 2, 1),
    ]
    assert merge_instances(instances) == [
        ActionInstance(0, 8, 0, 0.9),
        ActionInstance(1, 2, 1),
        ActionInstance(8, 9, 0),
    ]


@pytest.mark.parametrize(
    ("instances", "overlap"),
    [
        ([], False),
        ([ActionInstance(0, 5, 0), ActionInstance(5, 6, 1)], False),
        ([ActionInstance(0, 5, 0), ActionInstance(3, 6, 0)], False),  # one class is no several
        ([ActionInstance(0, 9, 0), ActionInstance(1, 2, 0), ActionInstance(8, 10, 1)], True),
    ],
)
def test_several_classes_at_once(instances, overlap):
    assert has_overlapping_classes(instances) == overlap


def test_frame_labels_end_is_open():
    times = (np.arange(6) + 0.5) / 2  # centres of frames at 2 per second
    labels = frame_labels([ActionInstance(0.5, 1.5, 0), ActionInstance(1.0, 9.0, 1)], times, 3)
    assert labels.T.astype(int).tolist() == [[0, 1, 1, 0, 0, 0], [0, 0, 1, 1, 1, 1], [0] * 6]
