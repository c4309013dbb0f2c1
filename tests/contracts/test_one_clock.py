"""One clock: in a video whose frame n is painted n, has flow n / 8 and joints at n, all streams show the same n."""

from __future__ import annotations

import numpy as np
import pytest

from triad.fusion.data import ActionDataset, TemporalSampler, collate
from triad.fusion.index import write_index
from triad.modalities.atomic_files import write_arrays
from triad.modalities.augmentation import RandomSpatialAugmentation
from triad.modalities.checks import InputError
from triad.modalities.flow import FlowReader, FlowWriter
from triad.modalities.rgb.reader import RgbReader
from triad.modalities.skeleton import PoseReader
from triad.modalities.video import write_video

NUM_FRAMES = 40
FPS = 20.0
FRAME_SIZE = (32, 32)
STEP = 6  # grey levels a frame, enough to tell frames apart after compression


@pytest.fixture(scope="module")
def clock_data(tmp_path_factory):
    """Folder of a whole record and of one from 0.5 to 1.5 s of the same video."""
    out = tmp_path_factory.mktemp("clock")
    frames = np.arange(NUM_FRAMES, dtype=np.uint8)[:, None, None, None] * STEP + np.zeros((*FRAME_SIZE, 3), np.uint8)
    write_video(out / "v.mp4", frames, fps=FPS, crf=1)
    with FlowWriter(out / "v.flow") as writer:
        numbers = np.arange(NUM_FRAMES - 1, dtype=np.float32)[:, None, None, None]
        writer.add(numbers / 8 + np.zeros((*FRAME_SIZE, 2), np.float32))
    joints = np.broadcast_to(np.arange(NUM_FRAMES, dtype=np.float32)[None, :, None, None], (1, NUM_FRAMES, 16, 3)) + 1
    write_arrays(out / "v.npz", keypoints=joints.copy(), scores=np.ones((1, NUM_FRAMES, 16), np.float32))
    streams = {
        "rgb": {"modality": "rgb"},
        "flow_dis": {"modality": "flow"},
        "skeleton": {"modality": "skeleton", "layout": "minihome16", "channels": 3},
    }
    sources = {
        "rgb": {"path": "v.mp4", "num": NUM_FRAMES, "fps": FPS},
        "flow_dis": {"path": "v.flow", "num": NUM_FRAMES - 1, "fps": FPS},
        "skeleton": {"path": "v.npz", "num": NUM_FRAMES, "fps": FPS},
    }
    common = {"label": 0, "num_frames": NUM_FRAMES, "fps": FPS, "subject": "s01", "camera": "c1", "sources": sources}
    records = [
        {"id": "whole", **common},
        {"id": "segment", **common, "start": 0.5, "end": 1.5},
    ]
    write_index(out / "index.json", {"dataset": "minihome", "classes": ["a", "b"], "streams": streams}, records)
    return out


def iter_samples(folder, temporal_sampler, augmentation, counts=(8, 8, 8), stack=None):
    """Yield all samples: of three epochs with an augmentation, of one without.

    Args:
        folder: folder of the dataset.
        temporal_sampler: sampler of spans and times.
        augmentation: random spatial augmentation, or None.
        counts: number of frames of RGB, flow and skeleton.
        stack: number of flow fields at each time; None for single fields.
    """
    readers = (
        RgbReader(frame_size=FRAME_SIZE),
        FlowReader(frame_size=FRAME_SIZE, stack=stack),
        PoseReader(layout="minihome16", frame_size=FRAME_SIZE),
    )
    names = ("rgb", "flow_dis", "skeleton")
    streams = {
        name: {"reader": reader, "num_frames": count}
        for name, reader, count in zip(names, readers, counts, strict=True)
    }
    dataset = ActionDataset(
        index=folder,
        protocol="cross_subject",
        split="train",
        streams=streams,
        temporal_sampler=temporal_sampler,
        augmentation=augmentation,
        seed=3,
    )
    for epoch in range(3 if augmentation else 1):
        dataset.set_epoch(epoch)
        yield from (dataset[number] for number in range(len(dataset)))


def frame_numbers(sample):
    """Return the numbers of the frames that RGB, flow and skeleton show."""
    rgb = np.round(sample.clips["rgb"].data.mean((1, 2, 3)) / STEP)
    flow = np.round(sample.clips["flow_dis"].data.mean((1, 2, 3)) * 8)
    return rgb, flow, sample.clips["skeleton"].keypoints[0, :, 0, 0] - 1


@pytest.mark.parametrize("augmentation", [None, RandomSpatialAugmentation(area=0.5)], ids=["test", "train"])
@pytest.mark.parametrize(
    "temporal_sampler",
    [
        TemporalSampler(),
        TemporalSampler(length=0.5),
        TemporalSampler(length=0.4, num_clips=3),
        TemporalSampler(min_span_ratio=0.5),
        TemporalSampler(length=5.0),
        TemporalSampler(length=5.0, out_of_bound_opt="loop"),
        TemporalSampler(policy="uniform"),
        TemporalSampler(policy="dense", clip_len=8, frame_interval=2, num_clips=2),
        TemporalSampler(policy="dense", clip_len=8, frame_interval=7),
        TemporalSampler(policy="dense", clip_len=8, interval=0.07),
        TemporalSampler(policy="stack"),
    ],
    ids=[
        *("whole", "window", "clips", "random span", "longer than video", "looped"),
        *("uniform", "dense", "dense longer than video", "dense in seconds", "stack"),
    ],
)
def test_streams_show_the_same_frames(clock_data, temporal_sampler, augmentation):
    for sample in iter_samples(clock_data, temporal_sampler, augmentation):
        rgb, flow, pose = frame_numbers(sample)
        assert rgb.tolist() == pose.tolist()
        assert flow.tolist() == np.minimum(rgb, NUM_FRAMES - 2).tolist()  # of N − 1 fields the last stays on display
        times = [clip.times for clip in sample.clips.values()]
        assert np.array_equal(times[0], times[1])
        assert np.array_equal(times[0], times[2])
        expected = np.clip(np.floor(times[0] * FPS + 1e-4), 0, NUM_FRAMES - 1)
        assert rgb.tolist() == expected.tolist()


@pytest.mark.parametrize("augmentation", [None, RandomSpatialAugmentation()], ids=["test", "train"])
def test_stacks_begin_with_the_frame_on_display(clock_data, augmentation):
    samples = iter_samples(clock_data, TemporalSampler(policy="stack"), augmentation, stack=5)
    for sample in samples:
        stacks = np.round(sample.clips["flow_dis"].data.mean((2, 3, 4)) * 8)
        rgb = np.round(sample.clips["rgb"].data.mean((1, 2, 3)) / STEP)
        assert stacks.tolist() == (rgb[:, None] + np.arange(5)).tolist()
        assert sample.clips["flow_dis"].valid.all()
        assert stacks.max() < sample.span.end * FPS - 1  # the last field leads to the last frame of the span


def test_dense_clip_may_end_its_record(clock_data):
    temporal_sampler = TemporalSampler(policy="dense", clip_len=30, frame_interval=1)
    samples = {sample.id: sample for sample in iter_samples(clock_data, temporal_sampler, None, counts=(30,) * 3)}
    rgb, _, _ = frame_numbers(samples["segment"])
    assert rgb.tolist() == [*range(10, 30), *[29] * 10]  # from 0.5 to 1.5 s, nothing of what follows
    for clip in samples["segment"].clips.values():
        assert clip.valid.reshape(-1).tolist() == [True] * 20 + [False] * 10


def test_random_policy_is_no_test(clock_data):
    with pytest.raises(InputError, match=r"TemporalSampler.policy of a test must not be random, got 'segments'; use"):
        next(iter_samples(clock_data, TemporalSampler(policy="segments"), None))


def test_streams_of_unequal_length_share_span(clock_data):
    temporal_sampler = TemporalSampler(length=0.8)
    for sample in iter_samples(clock_data, temporal_sampler, RandomSpatialAugmentation(), counts=(32, 4, 10)):
        for clip in sample.clips.values():
            assert (clip.times >= sample.span.start).all()
            assert (clip.times < sample.span.end).all()
            # one time in each equal segment of the span
            segment = np.floor((clip.times - sample.span.start) / sample.span.length * len(clip.times) + 1e-9)
            assert segment.tolist() == list(range(len(clip.times)))


def test_record_of_a_segment_stays_inside(clock_data):
    sample = next(sample for sample in iter_samples(clock_data, TemporalSampler(), None) if sample.id == "segment")
    rgb, _, _ = frame_numbers(sample)
    assert sample.span == (0.5, 1.5)
    assert (rgb.min(), rgb.max()) == (11, 28)  # the centres of eight segments of 1/8 s, from 0.5 s


def test_last_interval_has_no_flow(clock_data):
    samples = iter_samples(clock_data, TemporalSampler(), None, counts=(NUM_FRAMES,) * 3)
    sample = next(sample for sample in samples if sample.id == "whole")
    assert sample.clips["rgb"].valid.all()
    assert sample.clips["flow_dis"].valid.tolist() == [True] * (NUM_FRAMES - 1) + [False]


def test_batch_has_one_clock(clock_data):
    batch = collate(list(iter_samples(clock_data, TemporalSampler(length=0.5), RandomSpatialAugmentation())))
    assert batch["rgb"]["data"].shape == (6, 8, *FRAME_SIZE, 3)
    assert batch["skeleton"]["valid"].shape == (6, 1, 8)
    assert batch["rgb"]["times"].equal(batch["skeleton"]["times"])


def test_same_seed_gives_same_samples(clock_data):
    samples, same_samples = (
        list(iter_samples(clock_data, TemporalSampler(min_span_ratio=0.5), RandomSpatialAugmentation(area=0.5)))
        for _ in range(2)
    )
    assert [sample.span for sample in samples] == [sample.span for sample in same_samples]
    assert [sample.view for sample in samples] == [sample.view for sample in same_samples]
    assert len({sample.span for sample in samples}) == 6  # two records, three epochs
