"""A batch by hand: persons padded, absent ones invalid, one row a sample."""

from __future__ import annotations

import numpy as np
import torch

from fusion.data.collate import collate
from fusion.data.dataset import Sample
from modalities.augmentation import SpatialAugmentation
from modalities.clips import FlowClip, PoseClip, RgbClip
from modalities.sampling import Span

TIMES = np.array([0.25, 0.75])
SHOWN = np.array([True, False])


def pose(people: int, joints: int = 3) -> PoseClip:
    keypoints = np.arange(people * 2 * joints * 2, dtype=np.float32).reshape(people, 2, joints, 2) + 1
    return PoseClip(keypoints, np.ones((people, 2, joints), np.float32), "toy", TIMES, SHOWN)


def sample(name: str, people: int, *, label: int = 0, present: bool = True) -> Sample:
    clips = {
        "rgb": RgbClip(np.full((2, 4, 5, 3), 7, np.uint8), TIMES, SHOWN),
        "flow_dis": FlowClip(np.full((2, 4, 5, 2), 0.5, np.float32), 0.1, TIMES, SHOWN),
        "skeleton": pose(people),
    }
    here = {"rgb": True, "flow_dis": present, "skeleton": True}
    return Sample(name, label, 0, Span(0.0, 1.0), SpatialAugmentation(flip=name == "b"), clips, here)


def test_persons_are_padded_with_absent_ones():
    batch = collate([sample("a", 1), sample("b", 3)])["skeleton"]
    assert batch["data"].shape == (2, 3, 2, 3, 2)
    assert torch.equal(batch["data"][0, 0], torch.from_numpy(pose(1).keypoints[0]))
    assert not batch["data"][0, 1:].any()
    assert torch.equal(batch["data"][1], torch.from_numpy(pose(3).keypoints))
    assert batch["scores"][0, :, 0, 0].tolist() == [1, 0, 0]
    # [B, M, T]: padded persons are never valid, nobody is where the clip is not
    assert batch["valid"].tolist() == [
        [[True, False], [False, False], [False, False]],
        [[True, False], [True, False], [True, False]],
    ]


def test_a_person_whose_joints_are_all_lost_is_not_valid():
    clip = pose(2)
    clip.scores[1, 0] = 0
    lost = Sample("a", 0, 0, Span(0.0, 1.0), SpatialAugmentation(), {"skeleton": clip}, {"skeleton": True})
    assert collate([lost])["skeleton"]["valid"].tolist() == [[[True, False], [False, False]]]


def test_types_and_rows():
    batch = collate([sample("a", 1, label=2), sample("b", 1, label=-1, present=False)])
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
