"""Samples: what a record lacks is blank and said so; randomness comes from seed, epoch and id alone."""

from __future__ import annotations

import shutil

import numpy as np
import pytest
import torch

from fusion.data.collate import collate
from fusion.data.dataset import ActionDataset
from fusion.data.temporal_sampler import TemporalSampler
from fusion.index.index import load_index, write_index
from modalities.augmentation import RandomSpatialAugmentation, SpatialAugmentation
from modalities.checks import InputError
from modalities.flow import FlowReader, FlowWriter
from modalities.rgb.reader import RgbReader
from modalities.skeleton.reader import PoseReader

CANVAS = (24, 32)
STREAMS = {
    "rgb": {"reader": RgbReader(frame_size=CANVAS), "num_frames": 3},
    "flow_dis": {"reader": FlowReader(frame_size=CANVAS), "num_frames": 4},
    "skeleton": {"reader": PoseReader(layout="minihome16", frame_size=CANVAS), "num_frames": 5},
}
CLASSES = ("left", "right", "still")
LACKS = {"left_s01": "flow_dis", "left_s03": "skeleton", "left_s06": "rgb"}


@pytest.fixture(scope="module")
def lacking(tiny, tmp_path_factory):
    """Three people of the tiny dataset; each first clip lacks another stream. Flow is one pixel to the right."""
    out = tmp_path_factory.mktemp("lacking")
    index = load_index(tiny)
    records = [record for record in index.records if record["subject"] in ("s01", "s03", "s06")]
    with FlowWriter(out / "flow.flow") as writer:
        writer.add(np.tile(np.float32([1, 0]), (9, 48, 64, 1)))
    kept = []
    for record in records:
        sources = {**record["sources"], "flow_dis": {"path": "flow.flow", "num": 9, "fps": 10.0}}
        sources.pop(LACKS.get(record["id"]), None)
        kept.append({**record, "sources": sources})
    for folder in ("videos", "skeleton"):
        shutil.copytree(tiny / folder, out / folder)
    streams = {**index.metainfo["streams"], "flow_dis": {"modality": "flow"}}
    write_index(out / "index.json", {**index.metainfo, "streams": streams}, kept)
    return out


def dataset(folder, **options) -> ActionDataset:
    options = {"streams": STREAMS, "split": "train", **options}
    return ActionDataset(index=folder, protocol="cross_subject", **options)


def position(data: ActionDataset, name: str) -> int:
    return [record["id"] for record in data.records].index(name)


@pytest.mark.parametrize(("name", "stream"), LACKS.items())
def test_a_stream_that_a_record_lacks_is_blank(lacking, name, stream):
    data = dataset(lacking)
    sample = data[position(data, name)]
    assert sample.present == {other: other != stream for other in STREAMS}
    blank, whole = sample.clips[stream], data[position(data, "right_s01")].clips[stream]
    assert not blank.valid.any()
    assert blank.times.tolist() == whole.times.tolist()
    pixels = "keypoints" if stream == "skeleton" else "data"
    assert getattr(blank, pixels).shape == getattr(whole, pixels).shape
    assert not getattr(blank, pixels).any()
    assert getattr(whole, pixels).any()


def test_a_stream_may_read_a_source_of_another_name(lacking):
    data = dataset(lacking, streams={"skeleton_bone": {**STREAMS["skeleton"], "source": "skeleton"}})
    plain = dataset(lacking, streams={"skeleton": STREAMS["skeleton"]})
    whole, same = data[position(data, "right_s01")], plain[position(plain, "right_s01")]
    assert np.array_equal(whole.clips["skeleton_bone"].keypoints, same.clips["skeleton"].keypoints)
    assert whole.clips["skeleton_bone"].keypoints.any()
    assert data[position(data, "left_s03")].present == {"skeleton_bone": False}


def test_labels_and_counts_are_those_of_the_split(lacking):
    data = dataset(lacking, temporal_sampler=TemporalSampler(length=0.5, num_clips=3))
    names = [CLASSES[label] for label in data.labels]
    assert [data[number].id.partition("_")[0] for number in range(len(data))] == names
    assert data.class_counts.tolist() == [9, 9, 9]  # three people, three views


def test_samples_that_lack_a_stream_stay_in_the_batch(lacking):
    data = dataset(lacking)
    batch = collate([data[number] for number in range(len(data))])
    assert len(batch["id"]) == 9
    for name, stream in LACKS.items():
        present = dict(zip(batch["id"], batch[stream]["present"].tolist(), strict=True))
        assert present == {other: other != name for other in present}
        assert not batch[stream]["valid"][batch["id"].index(name)].any()


def test_the_same_seed_epoch_and_id_give_the_same_sample_in_any_order(lacking):
    first, second = (
        dataset(
            lacking,
            augmentation=RandomSpatialAugmentation(area=0.5, flip=0.5),
            temporal_sampler=TemporalSampler(min_span_ratio=0.5),
        )
        for _ in range(2)
    )
    first[3], first[0]
    for number in (2, 0):
        a, b = first[number], second[number]
        assert (a.span, a.view) == (b.span, b.view)
        assert np.array_equal(a.clips["skeleton"].keypoints, b.clips["skeleton"].keypoints)
    second.set_epoch(1)
    assert (first[2].span, first[2].view) != (second[2].span, second[2].view)
    other = dataset(
        lacking,
        augmentation=RandomSpatialAugmentation(area=0.5, flip=0.5),
        temporal_sampler=TemporalSampler(min_span_ratio=0.5),
        seed=1,
    )
    assert (first[2].span, first[2].view) != (other[2].span, other[2].view)
    assert first[1].view != first[2].view  # nor is it the same for every id


def test_workers_see_the_epoch_change(lacking):
    """Workers that live through epochs draw other views, and the views that this process would draw."""
    data = dataset(lacking, augmentation=RandomSpatialAugmentation(area=0.5, flip=0.5))
    loader = torch.utils.data.DataLoader(data, batch_size=3, num_workers=1, persistent_workers=True, collate_fn=collate)
    areas = []
    for epoch in range(2):
        data.set_epoch(epoch)
        areas.append(torch.cat([batch["view"]["width"] for batch in loader]))
        assert torch.allclose(areas[-1], torch.tensor([data[number].view.width for number in range(len(data))]))
    assert not torch.equal(*areas)


def test_views_of_a_test_sample(lacking):
    data = dataset(lacking, temporal_sampler=TemporalSampler(length=0.5, num_clips=3))
    assert len(data) == 27
    assert [data[number].id for number in range(4)] == [data.records[0]["id"]] * 3 + [data.records[1]["id"]]
    starts = [data[number].span.start for number in range(3)]
    assert starts == pytest.approx([0.0, 0.25, 0.5])  # a clip lasts 1 s
    assert all(data[number].view == SpatialAugmentation() for number in range(3))
    assert [data[number].number for number in range(4)] == [0, 1, 2, 0]


def test_an_unlabelled_record_has_label_minus_one(lacking, tmp_path):
    index = load_index(lacking)
    rows = [{**record, "label": None, "sources": {}} for record in index.records]
    write_index(tmp_path / "index.json", index.metainfo, rows)
    assert dataset(tmp_path)[0].label == -1


def test_what_does_not_fit(lacking, tiny):
    with pytest.raises(InputError, match=rf"stream 'flow_dis' .*; python tools/extract.py {tiny} --flow dis"):
        dataset(tiny)
    with pytest.raises(InputError, match=r"stream 'pose2d' must be in '.*', got only flow_dis, rgb, skeleton$"):
        dataset(lacking, streams={"pose2d": STREAMS["skeleton"]})
    bones = {"skeleton_bone": {**STREAMS["skeleton"]}}
    with pytest.raises(InputError, match=r"stream 'skeleton_bone' .* skeleton.*; add source=\"skeleton\" to the stre"):
        dataset(lacking, streams=bones)
    bones["skeleton_bone"]["source"] = "skelton"
    with pytest.raises(InputError, match=r"source 'skelton' of stream 'skeleton_bone' .* \(did you mean 'skele"):
        dataset(lacking, streams=bones)
    data = dataset(lacking)
    (lacking / "videos/right_s01.mp4").rename(lacking / "hidden.mp4")
    try:
        with pytest.raises(InputError, match=r"stream 'rgb' of clip 'right_s01': video must be a file, got '.*mp4'"):
            data[position(data, "right_s01")]
    finally:
        (lacking / "hidden.mp4").rename(lacking / "videos/right_s01.mp4")
