"""Samples: absent streams are empty and marked; randomness comes from seed, epoch and id alone."""

from __future__ import annotations

import shutil

import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader

from triad.fusion.data import ActionDataset, Sample, TemporalSampler, collate
from triad.fusion.index import load_index, write_index
from triad.modalities.augmentation import RandomSpatialAugmentation, SpatialAugmentation
from triad.modalities.checks import InputError
from triad.modalities.crop_views import CropViews
from triad.modalities.flow import FlowReader, FlowWriter
from triad.modalities.rgb.reader import RgbReader
from triad.modalities.skeleton import PoseReader

FRAME_SIZE = (24, 32)
STREAMS = {
    "rgb": {"reader": RgbReader(frame_size=FRAME_SIZE), "num_frames": 3},
    "flow_dis": {"reader": FlowReader(frame_size=FRAME_SIZE), "num_frames": 4},
    "skeleton": {"reader": PoseReader(layout="minihome16", frame_size=FRAME_SIZE), "num_frames": 5},
}
CLASSES = ("left", "right", "still")
ABSENT_STREAM = {"left_s01": "flow_dis", "left_s03": "skeleton", "left_s06": "rgb"}
"""Stream that each of these records lacks."""


@pytest.fixture(scope="module")
def incomplete(tiny, tmp_path_factory):
    """Three people of the tiny dataset, the first clip of each without one stream; flow is one pixel to the right."""
    out = tmp_path_factory.mktemp("incomplete")
    index = load_index(tiny)
    records = [record for record in index.records if record["subject"] in ("s01", "s03", "s06")]
    with FlowWriter(out / "flow.flow") as writer:
        writer.add(np.tile(np.float32([1, 0]), (9, 48, 64, 1)))
    rows = []
    for record in records:
        sources = {**record["sources"], "flow_dis": {"path": "flow.flow", "num": 9, "fps": 10.0}}
        sources.pop(ABSENT_STREAM.get(record["id"]), None)
        rows.append({**record, "sources": sources})
    for folder in ("videos", "skeleton"):
        shutil.copytree(tiny / folder, out / folder)
    streams = {**index.metainfo["streams"], "flow_dis": {"modality": "flow"}}
    write_index(out / "index.json", {**index.metainfo, "streams": streams}, rows)
    return out


def make_dataset(folder, **options) -> ActionDataset:
    options = {"streams": STREAMS, "split": "train", **options}
    return ActionDataset(index=folder, protocol="cross_subject", **options)


def get_sample(dataset: ActionDataset, name: str) -> Sample:
    return dataset[[record["id"] for record in dataset.records].index(name)]


@pytest.mark.parametrize(("name", "stream"), ABSENT_STREAM.items())
def test_absent_stream_is_empty(incomplete, name, stream):
    dataset = make_dataset(incomplete)
    sample = get_sample(dataset, name)
    assert sample.present == {stream_name: stream_name != stream for stream_name in STREAMS}
    empty = sample.clips[stream]
    complete = get_sample(dataset, "right_s01").clips[stream]
    assert not empty.valid.any()
    assert empty.times.tolist() == complete.times.tolist()
    field = "keypoints" if stream == "skeleton" else "data"
    assert getattr(empty, field).shape == getattr(complete, field).shape
    assert not getattr(empty, field).any()
    assert getattr(complete, field).any()


def test_stream_reads_source_of_another_name(incomplete):
    dataset = make_dataset(incomplete, streams={"skeleton_bone": {**STREAMS["skeleton"], "source": "skeleton"}})
    plain = make_dataset(incomplete, streams={"skeleton": STREAMS["skeleton"]})
    bones = get_sample(dataset, "right_s01").clips["skeleton_bone"]
    joints = get_sample(plain, "right_s01").clips["skeleton"]
    assert np.array_equal(bones.keypoints, joints.keypoints)
    assert bones.keypoints.any()
    assert get_sample(dataset, "left_s03").present == {"skeleton_bone": False}


def test_labels_and_counts_follow_split(incomplete):
    dataset = make_dataset(incomplete, temporal_sampler=TemporalSampler(length=0.5, num_clips=3))
    names = [CLASSES[label] for label in dataset.labels]
    assert [dataset[number].id.partition("_")[0] for number in range(len(dataset))] == names
    assert dataset.class_counts.tolist() == [9, 9, 9]  # three people, three temporal clips


def test_samples_without_stream_stay_in_batch(incomplete):
    dataset = make_dataset(incomplete)
    batch = collate([dataset[number] for number in range(len(dataset))])
    assert len(batch["id"]) == 9
    for name, stream in ABSENT_STREAM.items():
        present = dict(zip(batch["id"], batch[stream]["present"].tolist(), strict=True))
        assert present == {sample_id: sample_id != name for sample_id in present}
        assert not batch[stream]["valid"][batch["id"].index(name)].any()


def test_samples_depend_on_seed_epoch_id(incomplete):
    options = {
        "augmentation": RandomSpatialAugmentation(area=0.5, flip=0.5),
        "temporal_sampler": TemporalSampler(min_span_ratio=0.5),
    }
    dataset = make_dataset(incomplete, **options)
    same_seed = make_dataset(incomplete, **options)
    other_seed = make_dataset(incomplete, **options, seed=1)
    dataset[3], dataset[0]  # the order of reading changes nothing
    for number in (2, 0):
        sample = dataset[number]
        same_sample = same_seed[number]
        assert (sample.span, sample.view) == (same_sample.span, same_sample.view)
        assert np.array_equal(sample.clips["skeleton"].keypoints, same_sample.clips["skeleton"].keypoints)
    sampled = (dataset[2].span, dataset[2].view)
    same_seed.set_epoch(1)
    assert sampled != (same_seed[2].span, same_seed[2].view)
    assert sampled != (other_seed[2].span, other_seed[2].view)
    assert dataset[1].view != dataset[2].view


def test_workers_see_epoch_change(incomplete):
    """Workers that live through epochs draw other augmentations, the same as this process would draw."""
    dataset = make_dataset(incomplete, augmentation=RandomSpatialAugmentation(area=0.5, flip=0.5))
    loader = DataLoader(dataset, batch_size=3, num_workers=1, persistent_workers=True, collate_fn=collate)
    widths = []
    for epoch in range(2):
        dataset.set_epoch(epoch)
        widths.append(torch.cat([batch["view"]["width"] for batch in loader]))
        assert torch.allclose(widths[-1], torch.tensor([dataset[number].view.width for number in range(len(dataset))]))
    assert not torch.equal(*widths)


def test_temporal_clips_spread_over_record(incomplete):
    dataset = make_dataset(incomplete, temporal_sampler=TemporalSampler(length=0.5, num_clips=3))
    assert len(dataset) == 27
    assert [dataset[number].id for number in range(4)] == [dataset.records[0]["id"]] * 3 + [dataset.records[1]["id"]]
    starts = [dataset[number].span.start for number in range(3)]
    assert starts == pytest.approx([0.0, 0.25, 0.5])  # a clip lasts 1 s
    assert all(dataset[number].view == SpatialAugmentation() for number in range(3))
    assert [dataset[number].number for number in range(4)] == [0, 1, 2, 0]


def test_crops_multiply_temporal_clips(incomplete):
    """Two temporal clips of three crops: all crops of the first clip, then of the second."""
    sampler = TemporalSampler(length=0.5, num_clips=2)
    dataset = make_dataset(incomplete, temporal_sampler=sampler, crop_views={"type": CropViews, "crops": "three"})
    assert (len(dataset), dataset.num_views, dataset.middle_view) == (54, 6, 3)
    assert dataset.class_counts.tolist() == [18, 18, 18]
    samples = [dataset[number] for number in range(6)]
    assert [sample.number for sample in samples] == [0, 1, 2, 3, 4, 5]
    assert [sample.span.start for sample in samples] == [0, 0, 0, 0.5, 0.5, 0.5]
    assert [round(sample.view.x * 32) for sample in samples] == [4, 0, 8] * 2
    assert all((sample.view.y, sample.view.width, sample.view.height) == (0, 0.75, 1) for sample in samples)
    whole = make_dataset(incomplete, temporal_sampler=sampler)
    for number, sample in enumerate(samples):
        assert np.array_equal(sample.clips["rgb"].data, whole[number // 3].clips["rgb"].data)
    ids = {dataset[number].id for number in range(6, 12)}
    assert ids == {dataset.records[1]["id"]}


def test_crops_of_skeletons_are_one_sample(incomplete):
    options = {"streams": {"skeleton": STREAMS["skeleton"]}, "crop_views": CropViews(crops="ten", crop_pct=0.5)}
    dataset = make_dataset(incomplete, **options)
    assert len(dataset) == 9
    assert dataset[0].view == SpatialAugmentation()


def test_training_boxes_have_their_aspect(incomplete):
    dataset = make_dataset(incomplete, augmentation=RandomSpatialAugmentation(area=0.5, aspect=1.0))
    for number in range(9):
        view = dataset[number].view
        assert view.width * 32 == pytest.approx(view.height * 24)


def test_crops_in_training_are_refused(incomplete):
    with pytest.raises(InputError, match=r"ActionDataset.crop_views must be None beside an augmentation, got both"):
        make_dataset(incomplete, augmentation=RandomSpatialAugmentation(), crop_views=CropViews())


def test_unlabelled_record_has_label_minus_one(incomplete, tmp_path):
    index = load_index(incomplete)
    rows = [{**record, "label": None, "sources": {}} for record in index.records]
    write_index(tmp_path / "index.json", index.metainfo, rows)
    assert make_dataset(tmp_path)[0].label == -1


def test_absent_sources_name_the_cure(incomplete, tiny):
    with pytest.raises(InputError, match=rf"stream 'flow_dis' .*; triad extract {tiny} --flow dis"):
        make_dataset(tiny)
    with pytest.raises(InputError, match=r"stream 'pose2d' must be in '.*', got only flow_dis, rgb, skeleton$"):
        make_dataset(incomplete, streams={"pose2d": STREAMS["skeleton"]})
    bones = {"skeleton_bone": {**STREAMS["skeleton"]}}
    with pytest.raises(InputError, match=r"stream 'skeleton_bone' .* skeleton.*; add source=\"skeleton\" to the stre"):
        make_dataset(incomplete, streams=bones)
    bones["skeleton_bone"]["source"] = "skelton"
    with pytest.raises(InputError, match=r"source 'skelton' of stream 'skeleton_bone' .* \(did you mean 'skele"):
        make_dataset(incomplete, streams=bones)


def test_missing_file_names_stream_and_clip(incomplete):
    dataset = make_dataset(incomplete)
    (incomplete / "videos/right_s01.mp4").rename(incomplete / "hidden.mp4")
    try:
        with pytest.raises(InputError, match=r"stream 'rgb' of clip 'right_s01': video must be a file, got '.*mp4'"):
            get_sample(dataset, "right_s01")
    finally:
        (incomplete / "hidden.mp4").rename(incomplete / "videos/right_s01.mp4")
