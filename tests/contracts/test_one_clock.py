"""A clock video: frame n is painted n, its flow is n / 8, its joints stand at n. Every stream must show the same."""

from __future__ import annotations

import numpy as np
import pytest

from fusion.data.collate import collate
from fusion.data.dataset import ActionDataset
from fusion.data.temporal_sampler import TemporalSampler
from fusion.index.index import write_index
from modalities.atomic_files import write_arrays
from modalities.augmentation import RandomSpatialAugmentation
from modalities.flow import FlowReader, FlowWriter
from modalities.rgb.reader import RgbReader
from modalities.skeleton.reader import PoseReader
from modalities.video import write_video

FRAMES, FPS, HW = 40, 20.0, (32, 32)
STEP = 6  # grey levels a frame, so that compression cannot hide which frame it is


@pytest.fixture(scope="module")
def clock_set(tmp_path_factory):
    out = tmp_path_factory.mktemp("clock")
    frames = np.arange(FRAMES, dtype=np.uint8)[:, None, None, None] * STEP + np.zeros((*HW, 3), np.uint8)
    write_video(out / "v.mp4", frames, fps=FPS, crf=1)
    with FlowWriter(out / "v.flow") as writer:
        writer.add(np.arange(FRAMES - 1, dtype=np.float32)[:, None, None, None] / 8 + np.zeros((*HW, 2), np.float32))
    joints = np.broadcast_to(np.arange(FRAMES, dtype=np.float32)[None, :, None, None], (1, FRAMES, 16, 3)) + 1
    write_arrays(out / "v.npz", keypoints=joints.copy(), scores=np.ones((1, FRAMES, 16), np.float32))
    streams = {
        "rgb": {"modality": "rgb"},
        "flow_dis": {"modality": "flow"},
        "skeleton": {"modality": "skeleton", "layout": "minihome16", "channels": 3},
    }
    sources = {
        "rgb": {"path": "v.mp4", "num": FRAMES, "fps": FPS},
        "flow_dis": {"path": "v.flow", "num": FRAMES - 1, "fps": FPS},
        "skeleton": {"path": "v.npz", "num": FRAMES, "fps": FPS},
    }
    common = {"label": 0, "num_frames": FRAMES, "fps": FPS, "subject": "s01", "camera": "c1", "sources": sources}
    records = [
        {"id": "whole", **common},
        {"id": "part", **common, "start": 0.5, "end": 1.5},
    ]
    write_index(out / "index.json", {"dataset": "minihome", "classes": ["a", "b"], "streams": streams}, records)
    return out


def samples(folder, clock, augment, counts=(8, 8, 8)):
    readers = (RgbReader(frame_size=HW), FlowReader(frame_size=HW), PoseReader(layout="minihome16", frame_size=HW))
    names = ("rgb", "flow_dis", "skeleton")
    streams = {n: {"reader": r, "num_frames": c} for n, r, c in zip(names, readers, counts, strict=True)}
    dataset = ActionDataset(
        index=folder,
        protocol="cross_subject",
        split="train",
        streams=streams,
        temporal_sampler=clock,
        augmentation=augment,
        seed=3,
    )
    for epoch in range(3 if augment else 1):
        dataset.set_epoch(epoch)
        yield from (dataset[i] for i in range(len(dataset)))


def frame_numbers(sample):
    """Which frame each stream shows at each time."""
    rgb = np.round(sample.clips["rgb"].data.mean((1, 2, 3)) / STEP)
    flow = np.round(sample.clips["flow_dis"].data.mean((1, 2, 3)) * 8)
    return rgb, flow, sample.clips["skeleton"].keypoints[0, :, 0, 0] - 1


@pytest.mark.parametrize("augment", [None, RandomSpatialAugmentation(area=0.5)], ids=["test", "train"])
@pytest.mark.parametrize(
    "clock",
    [
        TemporalSampler(),
        TemporalSampler(length=0.5),
        TemporalSampler(length=0.4, num_clips=3),
        TemporalSampler(min_span_ratio=0.5),
        TemporalSampler(length=5.0),
    ],
    ids=["whole", "window", "views", "crop", "past the end"],
)
def test_every_stream_shows_the_same_frames(clock_set, clock, augment):
    for sample in samples(clock_set, clock, augment):
        rgb, flow, pose = frame_numbers(sample)
        assert rgb.tolist() == pose.tolist()
        assert flow.tolist() == np.minimum(rgb, FRAMES - 2).tolist()  # N − 1 fields: the last one stays on display
        times = [clip.times for clip in sample.clips.values()]
        assert np.array_equal(times[0], times[1])
        assert np.array_equal(times[0], times[2])
        expected = np.clip(np.floor(times[0] * FPS + 1e-4), 0, FRAMES - 1)
        assert rgb.tolist() == expected.tolist()


def test_streams_with_other_counts_share_the_span(clock_set):
    for sample in samples(clock_set, TemporalSampler(length=0.8), RandomSpatialAugmentation(), counts=(32, 4, 10)):
        for clip in sample.clips.values():
            assert (clip.times >= sample.span.start).all()
            assert (clip.times < sample.span.end).all()
            # one time in each of its equal segments: the whole span is covered
            segment = np.floor((clip.times - sample.span.start) / sample.span.length * len(clip.times) + 1e-9)
            assert segment.tolist() == list(range(len(clip.times)))


def test_a_record_that_is_part_of_a_video_stays_in_it(clock_set):
    part = next(s for s in samples(clock_set, TemporalSampler(), None) if s.id == "part")
    rgb, _, _ = frame_numbers(part)
    assert part.span == (0.5, 1.5)
    assert (rgb.min(), rgb.max()) == (11, 28)  # the centres of eight segments of 1/8 s, from 0.5 s


def test_the_interval_after_the_last_frame_has_no_flow(clock_set):
    whole = next(s for s in samples(clock_set, TemporalSampler(), None, counts=(FRAMES,) * 3) if s.id == "whole")
    assert whole.clips["rgb"].valid.all()
    assert whole.clips["flow_dis"].valid.tolist() == [True] * (FRAMES - 1) + [False]


def test_batches_hold_the_same_clock(clock_set):
    batch = collate(list(samples(clock_set, TemporalSampler(length=0.5), RandomSpatialAugmentation())))
    assert batch["rgb"]["data"].shape == (6, 8, *HW, 3)
    assert batch["skeleton"]["valid"].shape == (6, 1, 8)
    assert batch["rgb"]["times"].equal(batch["skeleton"]["times"])


def test_draws_depend_on_seed_epoch_and_id_only(clock_set):
    first, again = (
        list(samples(clock_set, TemporalSampler(min_span_ratio=0.5), RandomSpatialAugmentation(area=0.5)))
        for _ in range(2)
    )
    assert [s.span for s in first] == [s.span for s in again]
    assert [s.view for s in first] == [s.view for s in again]
    assert len({s.span for s in first}) == 6
