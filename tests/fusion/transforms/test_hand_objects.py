from __future__ import annotations

import math

import pytest
import torch
from pose_batch import pose_entry

from triad.fusion.transforms import HandObjects
from triad.modalities.augmentation import SpatialAugmentation
from triad.modalities.checks import InputError
from triad.modalities.objects.transforms import ObjectTransform

FRAME = (100, 100)
OPTIONS = {"vocabulary": "minihome", "frame_size": FRAME}


def make_transform(**options) -> HandObjects:
    return HandObjects(pose="pose", layout="coco17", pose_size=FRAME, **{**OPTIONS, **options})


def object_entry(box):
    """Return a batch of one sample with one object at two times, of the span of :func:`pose_entry`."""
    return {
        "data": torch.tensor(box, dtype=torch.float32).expand(1, 2, 1, 4),
        "labels": torch.zeros(1, 2, 1, dtype=torch.int64),
        "scores": torch.full((1, 2, 1), 0.5),
        "valid": torch.ones(1, 2, dtype=torch.bool),
        "times": torch.tensor([[0.0, 1.0]], dtype=torch.float64),
    }


def hands_of(entry, pose, view=None) -> torch.Tensor:
    """Return the channels of both hands at the first time."""
    return make_transform()(entry, view, {"pose": pose})[0][0, -8:, 0, 0]


def test_distances_by_hand():
    """The left hand is at (84.5, 44.5), the right one at (16.5, 44.5), the torso is 30 long."""
    channels = hands_of(object_entry((79.5, 39.5, 89.5, 49.5)), pose_entry())
    expected = [0, 0, 1, 1, 68 / 30, 0, math.exp(-63 / 30), 1]
    torch.testing.assert_close(channels, torch.tensor(expected))


def test_mirror_exchanges_hands():
    channels = hands_of(object_entry((84.5, 14.5, 84.5, 14.5)), pose_entry(), SpatialAugmentation(flip=True))
    expected = [-68 / 30, -1, math.exp(-math.hypot(68, 30) / 30), 1, 0, -1, math.exp(-1), 1]
    torch.testing.assert_close(channels, torch.tensor(expected))


def test_without_pose_hands_are_zero():
    entry = object_entry((10, 10, 20, 20))
    pose = pose_entry()
    absent = {**pose, "present": torch.zeros(1, dtype=torch.bool)}
    plain, _ = ObjectTransform(**OPTIONS)(entry, None)
    for entries in (None, {}, {"pose": absent}):
        data, _ = make_transform()(entry, None, entries)
        assert torch.equal(data[:, :-8], plain)
        assert not data[:, -8:].any()
    assert data.shape[1] == make_transform().out_channels == 21


def test_absent_object_is_zero():
    entry = object_entry((10, 10, 20, 20))
    data, _ = make_transform()({**entry, "scores": torch.zeros(1, 2, 1)}, None, {"pose": pose_entry()})
    assert not data.any()


def test_lost_hand_is_unknown():
    pose = pose_entry()
    pose["scores"][..., 9] = 0  # the left wrist
    channels = hands_of(object_entry((10, 10, 20, 20)), pose)
    assert not channels[:4].any()
    assert channels[7] == 1


def test_misfit_is_refused():
    with pytest.raises(InputError, match=r"HandObjects.smoothing must be positive seconds, got 0"):
        make_transform(smoothing=0)
    with pytest.raises(InputError, match=r"must have the aspect ratio of the video's 50×100"):
        make_transform(frame_size=(100, 50))(object_entry((0, 0, 1, 1)), None, {"pose": pose_entry()})
