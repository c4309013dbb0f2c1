from __future__ import annotations

import pytest
import torch
from pose_batch import pose_entry, video_entry

from triad.fusion.transforms import RgbWithHeatmaps
from triad.modalities.augmentation import SpatialAugmentation
from triad.modalities.checks import InputError
from triad.modalities.rgb.transforms import RgbTransform
from triad.modalities.skeleton.layouts import get_layout

COCO = get_layout("coco17")


def make_transform(**options) -> RgbWithHeatmaps:
    return RgbWithHeatmaps(pose="pose", layout="coco17", frame_size=(100, 100), **{"size": (100, 100), **options})


def batch_view(**fields: float):
    view = SpatialAugmentation(**fields)
    return {name: torch.tensor([float(value)]) for name, value in vars(view).items()}


def test_colours_are_unchanged():
    video = video_entry()
    view = batch_view(x=0.2, width=0.7, flip=True)
    data, valid = make_transform()(video, view, {"pose": pose_entry()})
    assert data.shape == (1, 20, 2, 100, 100)
    torch.testing.assert_close(data[:, :3], RgbTransform(size=(100, 100))(video, view)[0])
    assert torch.equal(valid, video["valid"])


def test_spot_is_where_the_joint_is():
    data, _ = make_transform()(video_entry(), None, {"pose": pose_entry()})
    spot = data[0, 3 + COCO.index("nose"), 0]
    assert divmod(int(spot.argmax()), 100) == (10, 50)
    assert spot.max().item() == pytest.approx(0.9)  # the score


def test_mirror_moves_and_exchanges_joints():
    data, _ = make_transform()(video_entry(), batch_view(flip=True), {"pose": pose_entry()})
    wrist = data[0, 3 + COCO.index("left_wrist"), 0]
    assert divmod(int(wrist.argmax()), 100) == (40, 99 - 20)  # the right wrist was at x = 20


def test_crop_moves_joints():
    data, _ = make_transform()(video_entry(), batch_view(x=0.25, width=0.5), {"pose": pose_entry()})
    nose = data[0, 3 + COCO.index("nose"), 0]
    assert divmod(int(nose.argmax()), 100) == (10, 50)  # (50.5 − 25) · 2 − ½
    assert not data[0, 3 + COCO.index("left_wrist")].any()  # outside


def test_frames_have_their_nearest_joints():
    pose = pose_entry(times=3)
    pose["data"][0, 0, 2, :, 1] += 10
    data, _ = make_transform()(video_entry(times=2), None, {"pose": pose})
    spots = data[0, 3 + COCO.index("nose")].flatten(1).argmax(1)
    assert (spots // 100).tolist() == [10, 20]


@pytest.mark.parametrize(("options", "channels"), [({}, 20), ({"limbs": True}, 19), ({"merge": True}, 4)])
def test_without_pose_maps_are_zero(options, channels):
    transform = make_transform(**options)
    pose = pose_entry()
    absent = {**pose, "present": torch.zeros(1, dtype=torch.bool)}
    assert transform.out_channels == channels
    for entries in (None, {}, {"pose": absent}):
        data, _ = transform(video_entry(), None, entries)
        assert data.shape[1] == channels
        assert not data[:, 3:].any()
    assert transform(video_entry(), None, {"pose": pose})[0][:, 3:].any()


def test_persons_in_any_order():
    pose = pose_entry(persons=2)
    pose["data"][:, 1] = pose["data"][:, 0] + 20
    pose["scores"][:, 1] = 0.5
    swapped = {**pose, **{name: pose[name].flip(1) for name in ("data", "scores", "valid")}}
    video = video_entry()
    assert torch.equal(*(make_transform()(video, None, {"pose": entry})[0] for entry in (pose, swapped)))


def test_misfit_is_refused():
    with pytest.raises(InputError, match=r"RgbWithHeatmaps.sigma must be positive, got 0"):
        make_transform(sigma=0)
    with pytest.raises(InputError, match=r"must have the aspect ratio of the video's 160×100"):
        make_transform()(video_entry(size=(100, 160)), None, {"pose": pose_entry()})
