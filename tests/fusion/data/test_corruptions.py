"""Corruptions of clips: exact effects, streams that they reach, and the same draw for every model."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from triad.fusion.data import ActionDataset, Corruption
from triad.fusion.data.corruptions import CORRUPTIONS, build_corruption
from triad.modalities.checks import InputError
from triad.modalities.clips import PoseClip, RgbClip
from triad.modalities.objects import ObjectReader
from triad.modalities.rgb import RgbReader
from triad.modalities.skeleton import PoseReader

STREAMS = {"rgb": "rgb", "flow_dis": "flow", "skeleton": "skeleton"}


def build_rgb(times: int = 4) -> RgbClip:
    data = np.full((times, 8, 8, 3), 100, np.uint8)
    data[:, :4] = 200
    data[:, 0, 0] = np.arange(times)[:, None]
    return RgbClip(data, np.arange(times) / 10, np.ones(times, bool))


def build_pose(times: int = 4) -> PoseClip:
    keypoints = np.zeros((1, times, 17, 2), np.float32)
    keypoints[..., 1] = np.linspace(0, 100, 17)
    keypoints[..., 0] = np.arange(times)[:, None]
    return PoseClip(
        keypoints, np.ones((1, times, 17), np.float32), "coco17", np.arange(times) / 10, np.ones(times, bool)
    )


def corrupt(kind: str, amount: float, stream: str, clip: Any) -> Any:
    corruption = build_corruption({"kind": kind, "amount": amount}, STREAMS)
    assert corruption is not None
    return corruption(stream, clip, np.random.default_rng(0))


def test_share_of_joints_is_lost():
    clip = corrupt("joints_dropped", 0.3, "skeleton", build_pose(400))
    assert (clip.scores == 0).mean() == pytest.approx(0.3, abs=0.02)
    assert not clip.keypoints[clip.scores == 0].any()
    assert (corrupt("joints_dropped", 1, "skeleton", build_pose()).scores == 0).all()


def test_noise_is_share_of_height():
    clip = build_pose(400)
    noise = corrupt("joint_noise", 0.05, "skeleton", clip).keypoints - clip.keypoints
    assert noise.std() == pytest.approx(5.0, rel=0.03)  # the person is 100 pixels high


def test_pixels_move_with_their_joints():
    clip = replace(build_pose(50), pixels=build_pose(50).keypoints / 2)
    changed = corrupt("joint_noise", 0.05, "skeleton", clip)
    np.testing.assert_allclose(2 * (changed.pixels - clip.pixels), changed.keypoints - clip.keypoints, atol=1e-4)


def test_lost_frames_show_the_last_one():
    shown = corrupt("frames_lost", 1, "rgb", build_rgb()).data[:, 0, 0, 0]
    assert shown.tolist() == [0, 0, 0, 0]
    shown = corrupt("frames_lost", 0.5, "rgb", build_rgb(50)).data[:, 0, 0, 0]
    assert (np.diff(shown.astype(int)) >= 0).all()
    assert 15 < len(set(shown.tolist())) < 35
    moved = corrupt("frames_lost", 1, "skeleton", build_pose()).keypoints[0, :, 0, 0]
    assert moved.tolist() == [0, 0, 0, 0]


def test_darkness_takes_light():
    clip = corrupt("darkness", 0.5, "rgb", build_rgb())
    assert clip.data[:, 6].mean() == pytest.approx(50, abs=1)
    assert (corrupt("darkness", 0, "rgb", build_rgb()).data == build_rgb().data).all()


def test_blur_and_low_resolution_keep_the_mean():
    clip = RgbClip(
        np.random.default_rng(0).integers(0, 255, (2, 32, 32, 3), np.uint8), np.arange(2.0), np.ones(2, bool)
    )
    for kind, amount in (("blur", 2.0), ("low_resolution", 4.0)):
        changed = corrupt(kind, amount, "rgb", clip)
        assert changed.data.shape == clip.data.shape
        assert changed.data.std() < 0.5 * clip.data.std()
        assert changed.data.mean() == pytest.approx(clip.data.mean(), rel=0.03)
    assert (corrupt("low_resolution", 1, "rgb", clip).data == clip.data).all()
    assert (corrupt("blur", 0, "rgb", clip).data == clip.data).all()


def test_other_streams_stay():
    clip = build_rgb()
    assert corrupt("joints_dropped", 1, "rgb", clip) is clip


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ({"kind": "fog", "amount": 1}, r"kind of a corruption must be one of .*, got 'fog'"),
        (
            {"kind": "darkness", "amount": 2},
            r"amount of .*'darkness' must be 0–1 \(share of the light\), got 2",
        ),
        (
            {"kind": "blur", "amount": 1, "streams": "skeleton"},
            r"stream of .*'blur' must be one of rgb, got",
        ),
    ],
)
def test_impossible_corruption_is_refused(spec: dict[str, Any], message: str):
    with pytest.raises(InputError, match=message):
        build_corruption(spec, STREAMS)


def build_dataset(tiny: Path, corruption: Corruption | None) -> ActionDataset:
    streams = {
        "rgb": {"reader": {"type": RgbReader, "frame_size": (24, 32)}, "num_frames": 4},
        "skeleton": {"reader": {"type": PoseReader, "layout": "minihome16", "frame_size": (24, 32)}, "num_frames": 4},
    }
    return ActionDataset(index=tiny, protocol="cross_subject", split="val", streams=streams, corrupt=corruption)


def test_offset_stream_is_read_later(tiny: Path):
    plain = build_dataset(tiny, None)[0]
    moved = build_dataset(tiny, Corruption("time_offset", 0.25))[0]
    quarter = plain.clips["skeleton"].times[1] - plain.clips["skeleton"].times[0]
    assert quarter == pytest.approx(0.25)
    assert (moved.clips["rgb"].data == plain.clips["rgb"].data).all()
    assert (moved.clips["skeleton"].times == plain.clips["skeleton"].times).all()
    assert (moved.clips["skeleton"].keypoints[:, 0] == plain.clips["skeleton"].keypoints[:, 1]).all()


def test_absent_stream_is_not_there(tiny: Path):
    sample = build_dataset(tiny, Corruption("absent", 1.0, ("rgb",)))[0]
    assert sample.present == {"rgb": False, "skeleton": True}
    assert not sample.clips["rgb"].valid.any()


def test_streams_of_one_video_are_corrupted_apart(tiny: Path):
    streams = {name: {"reader": {"type": RgbReader, "frame_size": (24, 32)}, "num_frames": 4} for name in ("a", "b")}
    streams = {name: {**stream, "source": "rgb"} for name, stream in streams.items()}
    options = {"index": tiny, "protocol": "cross_subject", "split": "val", "streams": streams}
    plain = ActionDataset(**options)[0].clips["a"].data
    for name, other in (("a", "b"), ("b", "a")):
        clips = ActionDataset(**options, corrupt=Corruption("darkness", 0.5, (name,)))[0].clips
        assert clips[name].data.mean() < 0.6 * plain.mean()
        assert np.array_equal(clips[other].data, plain)


@pytest.mark.parametrize("kind", sorted(CORRUPTIONS))
def test_same_sample_is_corrupted_alike(tiny: Path, kind: str):
    amount = CORRUPTIONS[kind].amounts[0]
    first, second = (build_dataset(tiny, Corruption(kind, amount))[1] for _ in range(2))
    for name, clip in first.clips.items():
        for field, values in vars(clip).items():
            if isinstance(values, np.ndarray):
                assert np.array_equal(values, getattr(second.clips[name], field)), (name, field)


def test_lost_frames_of_objects() -> None:
    reader = ObjectReader(vocabulary="minihome", frame_size=(8, 8))
    times = np.arange(6) / 10
    labels = np.repeat(np.arange(6)[:, None], 8, axis=1)
    clip = replace(reader.blank(times), labels=labels)
    lost = corrupt("frames_lost", 0.5, "rgb", clip)
    assert set(lost.labels[:, 0]) < set(range(6))
    assert lost.labels[0, 0] == 0
    assert (np.diff(lost.labels[:, 0]) >= 0).all()
