from __future__ import annotations

import pytest
import torch
from pose_batch import pose_entry

from triad.fusion.transforms.pixel_joints import hand_places, part_points, pixel_joints, torso_lengths
from triad.modalities.checks import InputError
from triad.modalities.skeleton.layouts import LAYOUTS, get_layout

COCO = get_layout("coco17")


def joints_of(entry, size=(100, 100)):
    return pixel_joints(entry, COCO, (100, 100), size)


def test_joints_are_scaled_to_video():
    joints = joints_of(pose_entry(), (200, 200))
    assert joints.points[0, 0, COCO.index("nose")].tolist() == [101, 21]  # (50 + ½) · 2 from the corner


def test_main_person_has_highest_scores():
    entry = pose_entry(persons=2)
    swapped = {**entry, "data": entry["data"].flip(1), "scores": entry["scores"].flip(1)}
    assert torch.equal(joints_of(entry).points, joints_of(swapped).points)


@pytest.mark.parametrize("field", ["scores", "valid", "present"])
def test_missing_pose_has_no_joint(field):
    entry = pose_entry()
    assert not joints_of({**entry, field: torch.zeros_like(entry[field])}).visible.any()


def test_metres_without_pixels_are_unknown():
    layout = get_layout("ntu25")
    entry = pose_entry()
    entry["data"] = torch.randn(1, 1, 2, 25, 3)
    entry["scores"] = torch.ones(1, 1, 2, 25)
    assert not pixel_joints(entry, layout, (100, 100), (100, 100)).visible.any()
    entry["pixels"] = torch.full((1, 1, 2, 25, 2), torch.nan)
    entry["pixels"][..., 0, :] = 3.0
    assert pixel_joints(entry, layout, (100, 100), (100, 100)).visible.sum(-1).tolist() == [[1, 1]]


def test_hand_is_beyond_the_wrist():
    entry = pose_entry()
    entry["scores"][0, 0, 1, COCO.index("left_elbow")] = 0
    hands, visible = hand_places(joints_of(entry), COCO, "left")
    torch.testing.assert_close(hands[0], torch.tensor([[84.5, 44.5], [80.5, 40.5]]))  # wrist + 0.4 · (10, 10); wrist
    assert visible.all()


def test_torso_by_hand():
    entry = pose_entry()
    assert torso_lengths(joints_of(entry), COCO).tolist() == [30]
    entry["scores"][..., COCO.index("left_hip")] = 0
    assert torso_lengths(joints_of(entry), COCO).tolist() == [18]  # a quarter of the longest side, 72


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=list(LAYOUTS))
def test_every_layout_has_all_parts(layout):
    points = torch.rand(1, 2, layout.num_joints, 2)
    joints = joints_of(pose_entry())._replace(points=points, visible=torch.ones(1, 2, layout.num_joints) > 0)
    for body_part in ("head", "left_hand", "right_hand", "left_foot", "right_foot"):
        assert part_points(joints, layout, body_part)[1].all()


def test_other_aspect_is_refused():
    with pytest.raises(InputError, match=r"frame_size of the pose must have the aspect ratio of the video's 160×100"):
        joints_of(pose_entry(), (100, 160))
