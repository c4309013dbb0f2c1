"""The lifter that is trained here: mmpose's modules, every parameter learns, and what it cannot be is refused."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from modalities.checks import InputError
from modalities.skeleton import Poses
from modalities.skeleton.lifting import TemporalLifter
from modalities.skeleton.lifting.window_lifter import WindowLifter

READS = ("head", "left_shoulder", "right_shoulder", "left_wrist", "right_wrist", "left_hip", "right_hip")


@pytest.fixture(scope="module")
def network() -> TemporalLifter:
    pytest.importorskip("mmpose")
    torch.manual_seed(0)
    return TemporalLifter(layout="minihome16", reads=READS, blocks=1, channels=16)


def test_it_is_mmposes_and_every_parameter_learns(network: TemporalLifter):
    lifter = network.lifter
    assert {type(part).__module__.partition(".")[0] for part in (lifter, lifter.backbone, lifter.head)} == {"mmpose"}
    assert network.frames == 9
    network.train()
    predicted = network(torch.randn(8, 9, len(READS), 3))
    assert predicted.shape == (8, 16, 3)
    assert not predicted[:, 0].any()  # the root
    seen = torch.ones(8, 16, dtype=torch.bool)
    network.loss(predicted, torch.randn(8, 16, 3), seen).backward()
    silent = [name for name, value in network.named_parameters() if value.grad is None or not value.grad.any()]
    # what moves all joints alike does not move them about the root; the head's bias of each joint does
    assert not silent


def test_the_loss_is_the_mean_distance_of_seen_joints_by_hand(network: TemporalLifter):
    true = torch.zeros(1, 16, 3)
    guess = true.clone()
    guess[0, 1] = torch.tensor([0.3, 0.4, 0.0])
    guess[0, 2] = 5.0
    seen = torch.ones(1, 16, dtype=torch.bool)
    seen[0, 2] = False
    assert network.loss(guess, true, seen).item() == pytest.approx(0.5 / 16)


def test_a_frame_does_not_depend_on_what_is_beyond_its_window(network: TemporalLifter):
    rng = np.random.default_rng(0)
    keypoints = rng.uniform(0, 100, (1, 30, 17, 2)).astype(np.float32)
    scores = np.ones((1, 30, 17), np.float32)
    lifter = WindowLifter(network, provenance={})
    whole = lifter(Poses(keypoints, scores, "coco17"), (100, 100)).keypoints
    part = lifter(Poses(keypoints[:, 6:20], scores[:, 6:20], "coco17"), (100, 100)).keypoints
    np.testing.assert_allclose(part[:, 4:-4], whole[:, 10:16], atol=1e-6)
    moved = lifter(Poses(3 * keypoints + 50, scores, "coco17"), (400, 400)).keypoints
    np.testing.assert_allclose(moved, whole, atol=1e-4)


def test_what_it_cannot_be_is_refused():
    with pytest.raises(InputError, match=r"joint of layout 'minihome16' must be one of .*, got 'left_hand'"):
        TemporalLifter(layout="minihome16", reads=("left_hand",))
    with pytest.raises(InputError, match=r"TemporalLifter\.blocks must be 1 or more, got 0"):
        TemporalLifter(layout="minihome16", reads=READS, blocks=0)
