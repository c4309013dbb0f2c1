"""Videos with a label at every step."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from untrimmed import VIDEOS, add_features, write_untrimmed

from triad.fusion.data import FrameDataset, collate
from triad.fusion.index import load_index, write_index
from triad.modalities.checks import InputError
from triad.modalities.features import FeatureReader

STREAMS = {"f": {"reader": FeatureReader(channels=2), "num_frames": 8, "source": "features_x"}}


@pytest.fixture(scope="module")
def videos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = write_untrimmed(tmp_path_factory.mktemp("videos"))
    add_features(out, "features_x", noise=0.0)
    return out


def dataset_of(videos: Path, split: str = "test", **options) -> FrameDataset:
    options = {"multi_label": True, "streams": STREAMS, **options}
    return FrameDataset(index=videos, protocol="cross_subject", split=split, **options)


def test_whole_video_has_label_at_every_step(videos):
    dataset = dataset_of(videos)
    assert (dataset.step, len(dataset)) == (0.25, 3)
    sample = dataset[0]
    assert (sample.id, tuple(sample.span)) == ("P02T01C01", (0.0, 6.0))
    expected = [[letter == "b", letter == "d"] for letter in VIDEOS[sample.id] for _ in range(2)]
    assert sample.label.tolist() == expected
    np.testing.assert_array_equal(sample.clips["f"].data, expected)
    assert sample.clips["f"].valid.all()


def test_classes_of_one_label_or_none(videos):
    sample = dataset_of(videos, multi_label=False)[0]
    expected = ["bd".find(letter) for letter in VIDEOS[sample.id] for _ in range(2)]
    assert sample.label.tolist() == expected


def test_random_piece_keeps_its_labels(videos):
    dataset = dataset_of(videos, "train", random_pieces=True, repeats=5)
    starts = set()
    for epoch in range(2):
        dataset.set_epoch(epoch, 0)
        for position in range(len(dataset)):
            sample = dataset[position]
            assert sample.label.shape == (8, 2)
            np.testing.assert_array_equal(sample.clips["f"].data, sample.label)
            starts.add(sample.span.start)
    assert len(starts) > 3
    dataset.set_epoch(1, 0)
    assert dataset[3].span == dataset_at(dataset, 1, 3)


def dataset_at(dataset: FrameDataset, epoch: int, position: int):
    dataset.set_epoch(epoch, 0)
    return dataset[position].span


def test_splits_are_those_of_records(videos):
    names = {
        split: [record["id"] for record in dataset_of(videos, split).records] for split in ("train", "val", "test")
    }
    assert names["train"] == ["P03T01C01"]
    assert names["val"] == ["P19T01C01"]
    assert len(dataset_of(videos, "train+val")) == 2


def test_batch_pads_shorter_videos(videos):
    dataset = dataset_of(videos)
    long, short = dataset[0], dataset_of(videos, "train", random_pieces=True)[0]
    batch = collate([long, short])
    assert batch["label"].shape == (2, 24, 2)
    assert (batch["label"][1, 8:] == -1).all()
    assert batch["f"]["valid"].sum(1).tolist() == [24, 8]


def test_classes_are_counted_in_steps(videos):
    dataset = dataset_of(videos)
    letters = "".join(VIDEOS[record["id"]] for record in dataset.records)
    assert dataset.class_counts.tolist() == [2 * letters.count("b"), 2 * letters.count("d")]
    assert dataset.labels.tolist() == [[1, 1]] * 3


def test_overlap_needs_sigmoid_loss(tmp_path):
    out = write_untrimmed(tmp_path, extra={"P02T01C01": [(0.0, 1.0, 1)]})
    add_features(out, "features_x")
    assert dataset_of(out)[0].label[0].tolist() == [1, 1]
    with pytest.raises(InputError, match=r"labels of video 'P02T01C01' must be one class at a time.*model\.loss=bce"):
        dataset_of(out, multi_label=False)[0]


def test_absent_stream_is_blank(videos, tmp_path):
    index = load_index(videos)
    for record in index.records:
        if record["source_video"] == "P02T01C01":
            del record["sources"]["features_x"]
        for source in record["sources"].values():
            source["path"] = str(videos / source["path"])
    write_index(tmp_path / "index.json", index.metainfo, index.records)
    sample = dataset_of(tmp_path)[0]
    assert sample.present == {"f": False}
    assert not sample.clips["f"].valid.any()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"step": 0.0}, "step must be seconds above 0"),
        ({"step": float("nan")}, "step must be seconds above 0"),
        ({"repeats": 0}, "repeats must be at least 1"),
    ],
)
def test_unusable_settings_are_refused(videos, options, message):
    with pytest.raises(InputError, match=message):
        dataset_of(videos, **options)


def test_steps_without_end_are_refused(videos):
    with pytest.raises(InputError, match="leave at most 1,000,000 steps of 'P02T01C01', which lasts 6 s, got 1e-09 s"):
        dataset_of(videos, step=1e-9)[0]
