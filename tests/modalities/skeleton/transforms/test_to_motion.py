import torch
from skeleton_batches import HOME, JHMDB, mirror, random_joints

from triad.modalities.skeleton.transforms import ToBones, ToMotion


def test_motion_by_hand():
    points, visible = random_joints(JHMDB, batch=1, times=3)
    visible[0, 0, 1, 2] = False
    motion, motion_visible = ToMotion()(points, visible, JHMDB)
    assert torch.equal(motion[:, :, 0], points[:, :, 1] - points[:, :, 0])
    assert not motion[:, :, 2].any()
    assert motion_visible[0, 0, :, 2].tolist() == [False, False, False]
    assert motion_visible[0, 0, :, 3].tolist() == [True, True, False]  # nothing follows the last


def test_mirror_commutes_with_motion():
    points, visible = random_joints()
    mirrored, _ = ToMotion()(mirror(points), visible, HOME)
    torch.testing.assert_close(mirrored, mirror(ToMotion()(points, visible, HOME)[0]))


def test_bones_and_motion_commute():
    points, visible = random_joints(times=5)
    visible[0, 0, 2, 4] = False
    bone_motion, bone_motion_visible = ToMotion()(*ToBones()(points, visible, HOME), HOME)
    motion_bones, motion_bones_visible = ToBones()(*ToMotion()(points, visible, HOME), HOME)
    torch.testing.assert_close(bone_motion, motion_bones)
    assert torch.equal(bone_motion_visible, motion_bones_visible)
    elbow, shoulder = HOME.index("left_elbow"), HOME.index("left_shoulder")
    bones = points[:, 0, :, elbow] - points[:, 0, :, shoulder]
    torch.testing.assert_close(bone_motion[:, 0, 2, elbow], bones[:, 3] - bones[:, 2])
