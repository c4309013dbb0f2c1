from __future__ import annotations

import pytest
import torch

from triad.modalities.checks import InputError
from triad.modalities.skeleton.lifting import TemporalLifter

INPUT_JOINTS = ("head", "left_shoulder", "right_shoulder", "left_wrist", "right_wrist", "left_hip", "right_hip")


@pytest.fixture(scope="module")
def network() -> TemporalLifter:
    pytest.importorskip("mmpose")
    torch.manual_seed(0)
    return TemporalLifter(layout="minihome16", input_joints=INPUT_JOINTS, num_blocks=1, channels=16)


def test_every_parameter_learns(network: TemporalLifter):
    lifter = network.lifter
    assert {type(module).__module__.partition(".")[0] for module in (lifter, lifter.backbone, lifter.head)} == {
        "mmpose"
    }
    assert network.num_frames == 9
    network.train()
    predicted = network(torch.randn(8, 9, len(INPUT_JOINTS), 3))
    assert predicted.shape == (8, 16, 3)
    assert not predicted[:, 0].any()  # the root
    visible = torch.ones(8, 16, dtype=torch.bool)
    network.loss(predicted, torch.randn(8, 16, 3), visible).backward()
    without_gradient = [
        name for name, value in network.named_parameters() if value.grad is None or not value.grad.any()
    ]
    assert not without_gradient


def test_loss_by_hand(network: TemporalLifter):
    true = torch.zeros(1, 16, 3)
    guess = true.clone()
    guess[0, 1] = torch.tensor([0.3, 0.4, 0.0])
    guess[0, 2] = 5.0
    visible = torch.ones(1, 16, dtype=torch.bool)
    visible[0, 2] = False
    assert network.loss(guess, true, visible).item() == pytest.approx(0.5 / 16)


def test_wrong_options_are_refused():
    with pytest.raises(InputError, match=r"joint of layout 'minihome16' must be one of .*, got 'left_hand'"):
        TemporalLifter(layout="minihome16", input_joints=("left_hand",))
    with pytest.raises(InputError, match=r"TemporalLifter\.num_blocks must be 1 or more, got 0"):
        TemporalLifter(layout="minihome16", input_joints=INPUT_JOINTS, num_blocks=0)
