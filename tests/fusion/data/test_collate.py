"""Batches by hand: persons padded, absent ones invalid, one row a sample."""

from __future__ import annotations

import numpy as np
import torch

from triad.fusion.data import Sample, collate
from triad.modalities.augmentation import SpatialAugmentation
from triad.modalities.clips import FlowClip, PoseClip, RgbClip, Span

TIMES = np.array([0.25, 0.75])
VALID = np.array([True, False])


def make_pose(num_persons: int) -> PoseClip:
    """Make a clip of three joints at rising coordinates at two times."""
    keypoints = np.arange(num_persons * 2 * 3 * 2, dtype=np.float32).reshape(num_persons, 2, 3, 2) + 1
    return PoseClip(keypoints, np.ones((num_persons, 2, 3), np.float32), "toy", TIMES, VALID)


def make_sample(name: str, num_persons: int, *, label: int = 0, has_flow: bool = True) -> Sample:
    clips = {
        "rgb": RgbClip(np.full((2, 4, 5, 3), 7, np.uint8), TIMES, VALID),
        "flow_dis": FlowClip(np.full((2, 4, 5, 2), 0.5, np.float32), 0.1, TIMES, VALID),
        "skeleton": make_pose(num_persons),
    }
    present = {"rgb": True, "flow_dis": has_flow, "skeleton": True}
    return Sample(name, label, 0, Span(0.0, 1.0), SpatialAugmentation(flip=name == "b"), clips, present)


def test_persons_are_padded_with_zeros():
    batch = collate([make_sample("a", 1), make_sample("b", 3)])["skeleton"]
    assert batch["data"].shape == (2, 3, 2, 3, 2)
    assert torch.equal(batch["data"][0, 0], torch.from_numpy(make_pose(1).keypoints[0]))
    assert not batch["data"][0, 1:].any()
    assert torch.equal(batch["data"][1], torch.from_numpy(make_pose(3).keypoints))
    assert batch["scores"][0, :, 0, 0].tolist() == [1, 0, 0]
    # [B, M, T]: padded persons are never valid, and nobody is at an invalid time
    assert batch["valid"].tolist() == [
        [[True, False], [False, False], [False, False]],
        [[True, False], [True, False], [True, False]],
    ]


def test_person_without_joints_is_invalid():
    clip = make_pose(2)
    clip.scores[1, 0] = 0
    sample = Sample("a", 0, 0, Span(0.0, 1.0), SpatialAugmentation(), {"skeleton": clip}, {"skeleton": True})
    assert collate([sample])["skeleton"]["valid"].tolist() == [[[True, False], [False, False]]]


def test_batch_has_one_row_a_sample():
    batch = collate([make_sample("a", 1, label=2), make_sample("b", 1, label=-1, has_flow=False)])
    assert batch["id"] == ["a", "b"]
    assert batch["label"].tolist() == [2, -1]
    assert batch["number"].tolist() == [0, 0]
    assert batch["span"].tolist() == [[0, 1], [0, 1]]
    assert batch["rgb"]["data"].dtype == torch.uint8
    assert batch["rgb"]["data"].shape == (2, 2, 4, 5, 3)
    assert batch["flow_dis"]["data"].dtype == torch.float32
    assert batch["flow_dis"]["present"].tolist() == [True, False]
    assert batch["rgb"]["valid"].tolist() == [[True, False]] * 2
    assert batch["rgb"]["times"].tolist() == [[0.25, 0.75]] * 2
    assert batch["view"]["flip"].tolist() == [0, 1]
    assert batch["view"]["width"].tolist() == [1, 1]
