"""Samples of several labels: those of all segments of their video that share the span."""

from __future__ import annotations

import json

import numpy as np
import pytest
from untrimmed import write_untrimmed

from triad.fusion.data import ActionDataset, ClassSampler, TemporalSampler, collate
from triad.modalities.augmentation import RandomSpatialAugmentation
from triad.modalities.checks import InputError
from triad.modalities.rgb.reader import RgbReader


@pytest.fixture
def untrimmed(tmp_path):
    """The first training segment, 0 to 2 s, is overlapped from 1 to 4 s by the second, which has the other class."""
    return write_untrimmed(tmp_path, extra={"P03T01C01": [(1.0, 4.0, 1)]})


def dataset(out, split="train", **options):
    streams = {"rgb": {"reader": RgbReader(frame_size=(32, 48)), "num_frames": 2}}
    return ActionDataset(index=out, protocol="cross_subject", split=split, streams=streams, **options)


def relabel(out, label):
    document = json.loads((out / "index.json").read_text())
    record = next(row for row in document["data_list"] if row["id"] == "P03T01C01_0000")
    record["label"] = label
    (out / "index.json").write_text(json.dumps(document))


def test_overlapping_segments_share_labels(untrimmed):
    data = dataset(untrimmed, multi_label=True)
    assert [record["id"] for record in data.records] == [f"P03T01C01_000{number}" for number in range(3)]
    assert data.labels.tolist() == [[1, 1], [0, 1], [1, 1]]
    assert data.class_counts.tolist() == [2, 3]
    assert data[0].label.tolist() == [1, 1]


def test_training_labels_are_of_drawn_span(untrimmed):
    options = {"augmentation": RandomSpatialAugmentation(), "temporal_sampler": TemporalSampler(length=0.4)}
    data = dataset(untrimmed, multi_label=True, **options)
    drawn = {}
    for epoch in range(12):
        data.set_epoch(epoch)
        sample = data[0]
        drawn[round(sample.span.start, 3)] = sample.label.tolist()
    assert {1 if start >= 0.8 else 0 for start in drawn} == {0, 1}
    assert all(label == [1, int(start >= 0.8)] for start, label in drawn.items())


def test_batch_has_a_row_of_classes(untrimmed):
    data = dataset(untrimmed, multi_label=True)
    assert collate([data[0], data[1]])["label"].tolist() == [[1, 1], [0, 1]]


@pytest.mark.parametrize(("label", "expected"), [([1], [0, 1]), ([], [0, 0]), (None, [0, 0])])
def test_lists_and_unlabelled_records(tmp_path, label, expected):
    out = write_untrimmed(tmp_path)
    relabel(out, label)
    assert dataset(out, multi_label=True).labels[0].tolist() == expected


def test_unlabelled_video_is_unknown(tmp_path):
    out = write_untrimmed(tmp_path, {"P03T01C01": "bbbb", "P04T01C01": "dd"})
    relabel(out, None)
    assert dataset(out, multi_label=True).labels.tolist() == [[-1, -1], [0, 1]]


def test_list_needs_a_multi_label_dataset(untrimmed):
    relabel(untrimmed, [0, 1])
    data = dataset(untrimmed)
    for read in (lambda: data.labels, lambda: data[0]):
        with pytest.raises(InputError, match=r"must be one class, got a list of 2; train with model.loss=bce"):
            read()


def test_sampler_shows_each_sample_once(untrimmed):
    data = dataset(untrimmed, multi_label=True)
    assert sorted(ClassSampler(data, power=1.0, seed=0)) == [0, 1, 2]
    with pytest.raises(InputError, match="power must be 1 where samples show several classes, got 0"):
        ClassSampler(data, power=0.0, seed=0)


def test_single_labels_stay_numbers(untrimmed):
    data = dataset(untrimmed)
    assert (data.labels.tolist(), data[0].label) == ([0, 1, 1], 0)
    assert collate([data[0], data[1]])["label"].tolist() == [0, 1]
    assert data.class_counts.tolist() == [1, 2]
    assert data.labels.dtype == np.int64
