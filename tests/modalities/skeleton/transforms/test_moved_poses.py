from __future__ import annotations

import torch
from skeleton_batches import HOME, random_joints

from triad.modalities.prepared_view import rotation_matrix
from triad.modalities.skeleton.transforms import AlignView, CenterOnRoot, ScaleByTorso
from triad.modalities.skeleton.transforms.moved_poses import MovedPoses

STEPS = (ScaleByTorso(), AlignView(times=None), CenterOnRoot(), ScaleByTorso(), AlignView())


def test_one_map_equals_steps_in_turn():
    points, visible = random_joints(HOME, persons=2)
    points = points + torch.tensor([0.5, -1.0, 3.0])
    poses = MovedPoses(points, visible, HOME)
    for step in STEPS:
        poses = step.move(poses)
        points, _ = step(points, visible, HOME)
    torch.testing.assert_close(poses.apply(), points, atol=1e-5, rtol=1e-5)


def test_nothing_to_do_copies_nothing():
    points, visible = random_joints(HOME)
    assert MovedPoses(points, visible, HOME).apply() is points


def test_turn_keeps_the_anchor():
    points, visible = random_joints(HOME)
    angle = torch.full((len(points),), 0.7)
    turned = MovedPoses(points, visible, HOME).turned(rotation_matrix(angle, angle, angle)).apply()
    torch.testing.assert_close(turned[:, 0, 0, HOME.root], points[:, 0, 0, HOME.root], atol=1e-5, rtol=1e-5)
    assert not torch.allclose(turned, points)
