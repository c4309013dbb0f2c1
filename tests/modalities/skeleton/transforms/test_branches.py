import pytest
import torch
from skeleton_batches import HOME, random_joints

from triad.modalities.checks import InputError
from triad.modalities.skeleton.transforms import Branches, ToBones, ToMotion


def test_branches_are_concatenated():
    points, visible = random_joints()
    branches = Branches(branches=[[], [{"type": ToBones}], [ToBones(), ToMotion()]])
    channels, _ = branches(points, visible, HOME)
    bones, bones_visible = ToBones()(points, visible, HOME)
    assert channels.shape == (2, 1, 4, 16, 9)
    assert torch.equal(channels[..., :3], points)
    assert torch.equal(channels[..., 3:6], bones)
    assert torch.equal(channels[..., 6:], ToMotion()(bones, bones_visible, HOME)[0])


def test_joint_is_visible_in_any_branch():
    points, visible = random_joints()
    elbow, wrist = HOME.index("left_elbow"), HOME.index("left_wrist")
    visible[0, 0, 1, elbow] = False
    channels, branches_visible = Branches(branches=[[], [ToBones()]])(points, visible, HOME)
    assert branches_visible[0, 0, 1, wrist]  # the joint is visible, its bone is not
    assert channels[0, 0, 1, wrist, :3].all()
    assert not channels[0, 0, 1, wrist, 3:].any()
    assert not branches_visible[0, 0, 1, elbow]


def test_no_branch_is_refused():
    with pytest.raises(InputError, match="name at least one branch"):
        Branches(branches=[])
