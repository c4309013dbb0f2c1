from __future__ import annotations

import pytest
import torch
from pose_batch import pose_entry, video_entry

from triad.fusion.transforms import PartCrop
from triad.fusion.transforms.pixel_joints import pixel_joints
from triad.modalities.augmentation import SpatialAugmentation
from triad.modalities.checks import InputError
from triad.modalities.rgb.transforms import RgbTransform
from triad.modalities.skeleton.layouts import LAYOUTS

FRAME = (100, 100)


def make_crop(body_part: str, **options) -> PartCrop:
    return PartCrop(pose="pose", body_part=body_part, layout="coco17", frame_size=FRAME, size=(20, 20), **options)


def boxes_of(crop: PartCrop, entry, view=None):
    joints = pixel_joints(entry, crop.layout, FRAME, FRAME)
    return crop.boxes(joints, entry["times"], FRAME, view)


def test_hand_box_by_hand():
    centers, sizes = boxes_of(make_crop("left_hand"), pose_entry())
    torch.testing.assert_close(centers[0, 0], torch.tensor([84.5, 44.5]))
    assert sizes[0, 0].tolist() == [30, 30]  # one torso


def test_hand_at_the_border_stays_inside():
    centers, _ = boxes_of(make_crop("left_hand", part_size=2.0), pose_entry())
    torch.testing.assert_close(centers[0, 0], torch.tensor([70.0, 44.5]))


def test_head_and_foot_boxes_by_hand():
    assert boxes_of(make_crop("head", part_size=0.5), pose_entry())[0][0, 0].tolist() == [50.5, 10.5]
    assert boxes_of(make_crop("right_foot", part_size=0.5), pose_entry())[0][0, 0].tolist() == [42.5, 80.5]


def test_body_box_by_hand():
    centers, sizes = boxes_of(make_crop("body", padding=0.0), pose_entry())
    torch.testing.assert_close(centers[0, 0], torch.tensor([50.5, 44.5]))  # joints from y = 8 to y = 80
    assert sizes[0, 0].tolist() == [72, 72]


def test_fixed_box_holds_the_path():
    entry = pose_entry()
    entry["data"][0, 0, 1] += torch.tensor([-10.0, 5.0])
    centers, sizes = boxes_of(make_crop("left_hand", smoothing=None), entry)
    torch.testing.assert_close(centers[0], torch.tensor([[79.5, 47.0]] * 2))
    assert sizes[0].tolist() == [[40, 40]] * 2  # one torso and the ten pixels of the path


def test_mirror_exchanges_the_hands():
    entry = pose_entry()
    mirrored = SpatialAugmentation(flip=True)
    assert torch.equal(
        boxes_of(make_crop("left_hand"), entry, mirrored)[0], boxes_of(make_crop("right_hand"), entry)[0]
    )


def test_mirrored_left_is_the_right():
    video = video_entry()
    flipped = {**video, "data": video["data"].flip(3)}
    pose = pose_entry()
    swap = list(LAYOUTS["coco17"].mirror_index)
    exchanged = {**pose, "data": pose["data"][..., swap, :].clone()}
    exchanged["data"][..., 0] = 99 - exchanged["data"][..., 0]
    mirrored, _ = make_crop("left_hand")(video, SpatialAugmentation(flip=True), {"pose": pose})
    plain, _ = make_crop("left_hand")(flipped, None, {"pose": exchanged})
    torch.testing.assert_close(mirrored, plain, atol=1e-3, rtol=0)


def test_lost_hand_shows_the_body():
    entry = pose_entry()
    entry["scores"][..., [LAYOUTS["coco17"].index(joint) for joint in ("left_wrist", "left_elbow")]] = 0
    assert torch.equal(boxes_of(make_crop("left_hand"), entry)[0], boxes_of(make_crop("body"), entry)[0])


@pytest.mark.parametrize("body_part", ["left_hand", "body"])
def test_without_pose_whole_frame_is_seen(body_part):
    video = video_entry()
    pose = pose_entry()
    view = SpatialAugmentation(x=0.1, width=0.7)
    expected, _ = RgbTransform(size=(20, 20))(video, view)
    for entries in ({}, {"pose": {**pose, "present": torch.zeros(1, dtype=torch.bool)}}):
        torch.testing.assert_close(make_crop(body_part)(video, view, entries)[0], expected, atol=1e-4, rtol=0)


def test_cropped_frames_are_refused():
    with pytest.raises(InputError, match=r"frames of PartCrop must be whole, got crops"):
        make_crop("head")({**video_entry(), "cropped": True}, None, {"pose": pose_entry()})


def test_joint_counts_for_itself_alone():
    """Crops of a sample do not depend on the others of its batch."""
    pose = {name: value.repeat(2, *[1] * (value.ndim - 1)) for name, value in pose_entry().items()}
    pose["scores"][1] = 0
    centers, _ = boxes_of(make_crop("right_hand"), pose)
    torch.testing.assert_close(centers[0], boxes_of(make_crop("right_hand"), pose_entry())[0][0])


def test_invalid_options_are_refused():
    with pytest.raises(
        InputError,
        match=r"PartCrop.body_part must be one of body, head, .*, got 'foot'",
    ):
        make_crop("foot")
    with pytest.raises(InputError, match=r"PartCrop.smoothing must be positive seconds or None, got 0"):
        make_crop("body", smoothing=0)
    with pytest.raises(InputError, match=r"PartCrop.part_size and padding must be positive and at least 0, got 0 and"):
        make_crop("body", part_size=0)
