import torch
from skeleton_batches import HOME, mirror, random_joints

from triad.modalities.skeleton.transforms import ToBones


def test_bones_add_up_to_joints():
    points, visible = random_joints()
    bones, _ = ToBones()(points, visible, HOME)
    assert not bones[..., HOME.root, :].any()
    wrist = joint = HOME.index("left_wrist")
    total = torch.zeros_like(bones[..., 0, :])
    while joint != HOME.root:
        total = total + bones[..., joint, :]
        joint = HOME.parents[joint]
    torch.testing.assert_close(total, points[..., wrist, :] - points[..., HOME.root, :])


def test_bone_needs_both_ends():
    points, visible = random_joints(batch=1, times=1)
    visible[..., HOME.index("left_elbow")] = False
    _, bones_visible = ToBones()(points, visible, HOME)
    assert {HOME.joints[joint] for joint in (~bones_visible).nonzero()[:, -1]} == {"left_elbow", "left_wrist"}


def test_mirror_commutes_with_bones():
    points, visible = random_joints()
    torch.testing.assert_close(ToBones()(mirror(points), visible, HOME)[0], mirror(ToBones()(points, visible, HOME)[0]))
