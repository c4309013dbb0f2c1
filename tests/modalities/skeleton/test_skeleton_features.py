"""Steps that describe joints otherwise: angles, boxes, bone motion, scores."""

from collections.abc import Sequence

import pytest
import torch
from torch import Tensor

from modalities.checks import InputError
from modalities.skeleton.layouts import Layout, get_layout
from modalities.skeleton.transforms import (
    AlignView,
    PoseStep,
    ScaleByCanvas,
    ScaleToBox,
    SkeletonTransform,
    ToAngles,
    ToBones,
    ToMotion,
)
from modalities.skeleton.transforms.angles import neighbours
from modalities.skeleton.transforms.apply_view import turn_matrix

HOME, JHMDB, COCO = get_layout("minihome16"), get_layout("jhmdb15"), get_layout("coco17")


def joints(layout: Layout = HOME, *, batch: int = 2, persons: int = 1, times: int = 4) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(0)
    points = torch.randn(batch, persons, times, layout.num_joints, layout.dims, generator=generator) + 3
    return points, torch.ones(points.shape[:-1], dtype=torch.bool)


# ---- angles -------------------------------------------------------------------------------------------------------


def test_neighbours_by_hand():
    before, after = neighbours(HOME)
    names = [(HOME.joints[one], HOME.joints[other]) for one, other in zip(before, after, strict=True)]
    assert names[HOME.index("left_elbow")] == ("left_shoulder", "left_wrist")
    assert names[HOME.root] == ("spine", "left_hip")
    assert names[HOME.index("left_wrist")] == ("left_elbow", "left_wrist")  # the end of a limb


def test_angles_by_hand():
    points, seen = joints(batch=1, times=1)
    places = {
        "left_shoulder": (0.0, 0.0, 0.0),
        "left_elbow": (0.0, 1.0, 0.0),
        "left_wrist": (2.0, 1.0, 0.0),  # a right angle
        "right_wrist": (-3.0, 1.0, 0.0),  # on the other side of the elbow
        "pelvis": (0.0, 2.0, 0.0),
        "neck": (0.0, 3.0, 0.0),  # both below the elbow
    }
    for name, place in places.items():
        points[..., HOME.index(name), :] = torch.tensor(place)
    angles, shown = ToAngles(pairs=("wrist",))(points, seen, HOME)
    assert angles.shape == (1, 1, 1, 16, 3)
    assert shown.all()
    assert angles[0, 0, 0, HOME.index("left_elbow")].tolist() == pytest.approx([1, 0, 2], abs=1e-6)
    assert angles[0, 0, 0, HOME.index("left_wrist"), [0, 2]].tolist() == [0, 0]  # an end, and one of the pair itself
    assert angles[0, 0, 0, HOME.root, 1] == 0  # one end of the torso itself


def test_angles_do_not_feel_rotation_place_or_size():
    points, seen = joints()
    turn = turn_matrix(torch.tensor([0.4]), torch.tensor([1.0]), torch.tensor([-2.0]))[0]
    expected, _ = ToAngles()(points, seen, HOME)
    found, _ = ToAngles()(3 * points @ turn.T - 5, seen, HOME)
    torch.testing.assert_close(found, expected, atol=1e-4, rtol=0)
    assert 0 <= expected.min() < expected.max() <= 2


def test_an_angle_needs_its_three_joints():
    points, seen = joints()
    elbow, shoulder = HOME.index("left_elbow"), HOME.index("left_shoulder")
    seen[0, 0, 1, shoulder] = False
    angles, shown = ToAngles()(points, seen, HOME)
    assert torch.equal(shown, seen)
    assert not angles[0, 0, 1, elbow, 0]
    assert angles[0, 0, 1, elbow, 1:3].all()  # to the torso and to the wrists
    assert angles[0, 0, 0, elbow, 0]
    assert not angles[0, 0, 1, shoulder].any()


def test_angles_of_an_unknown_pair_name_the_nearest():
    with pytest.raises(InputError, match=r"joint of layout 'minihome16' .* got 'left_wist' \(did you mean 'left_wr"):
        ToAngles(pairs=("wist",))(*joints(), HOME)


# ---- boxes --------------------------------------------------------------------------------------------------------


def test_box_by_hand():
    points, seen = torch.zeros(1, 1, 2, 15, 2), torch.zeros(1, 1, 2, 15, dtype=torch.bool)
    points[0, 0, :, 0], seen[0, 0, :, 0] = torch.tensor([[2.0, 5.0], [6.0, 5.0]]), True
    points[0, 0, 0, 1], seen[0, 0, 0, 1] = torch.tensor([3.0, 5.0]), True
    boxed, _ = ScaleToBox()(points, seen, JHMDB)
    assert boxed[0, 0, :, 0].tolist() == [[-1, 0], [1, 0]]  # y has no extent
    assert boxed[0, 0, 0, 1].tolist() == [-0.5, 0]
    assert not boxed[0, 0, :, 2:].any()


def test_box_forgets_place_and_size_of_each_axis():
    points, seen = joints(persons=2)
    boxed, _ = ScaleToBox()(points, seen, HOME)
    stretched, _ = ScaleToBox()(points * torch.tensor([2.0, 0.5, 7.0]) - 4, seen, HOME)
    torch.testing.assert_close(stretched, boxed, atol=1e-5, rtol=0)
    assert torch.equal(boxed.amin((1, 2, 3)), torch.full((2, 3), -1.0))
    assert torch.equal(boxed.amax((1, 2, 3)), torch.full((2, 3), 1.0))


def test_canvas_by_hand():
    points, seen = joints(JHMDB)
    points[0, 0, 0, 0] = torch.tensor([320.0, 60.0])
    scaled, _ = ScaleByCanvas(frame_size=(240, 320))(points, seen, JHMDB)
    assert scaled[0, 0, 0, 0].tolist() == [1.0, -0.5]
    with pytest.raises(InputError, match="ScaleByCanvas's layout must be in pixels, got the 3D 'minihome16'; use"):
        ScaleByCanvas(frame_size=(240, 320))(*joints(), HOME)


# ---- all of them --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "step", [AlignView(), AlignView(upright=False), ScaleToBox(), ToAngles()], ids=lambda step: type(step).__name__
)
def test_steps_change_neither_input_nor_make_nan(step: PoseStep):
    points, seen = joints(persons=2, batch=3)
    seen[1, 1] = False  # an absent person
    seen[0, :, 2] = False  # nobody for a while
    seen[2] = False  # nobody at all
    points *= seen[..., None]
    before, seen_before = points.clone(), seen.clone()
    found, shown = step(points, seen, HOME)
    assert torch.equal(points, before)
    assert torch.equal(seen, seen_before)
    assert found.isfinite().all()
    assert found.shape[:-1] == points.shape[:-1]
    assert shown.shape == seen.shape


@pytest.mark.parametrize("step", [ToBones(), ToMotion(), ScaleToBox()], ids=lambda step: type(step).__name__)
def test_a_mirror_may_come_before_or_after(step: PoseStep):
    def mirrored(points: Tensor) -> Tensor:
        return (points * torch.tensor([-1.0, 1.0, 1.0]))[..., list(HOME.mirror_index), :]

    points, seen = joints()
    torch.testing.assert_close(step(mirrored(points), seen, HOME)[0], mirrored(step(points, seen, HOME)[0]))


def test_angles_in_a_mirror_change_sides():
    points, seen = joints()
    mirror = list(HOME.mirror_index)
    limbs = [joint for joint in range(16) if joint not in (HOME.root, HOME.index("neck"))]  # those branch to the left
    expected = ToAngles()(points, seen, HOME)[0][..., mirror, :]
    found = ToAngles()((points * torch.tensor([-1.0, 1.0, 1.0]))[..., mirror, :], seen, HOME)[0]
    torch.testing.assert_close(found[..., limbs, :], expected[..., limbs, :], atol=1e-5, rtol=0)


def test_bone_motion_is_the_motion_of_bones_and_the_bones_of_motion():
    points, seen = joints(times=5)
    seen[0, 0, 2, 4] = False
    motion, shown = ToMotion()(*ToBones()(points, seen, HOME), HOME)
    other, other_shown = ToBones()(*ToMotion()(points, seen, HOME), HOME)
    torch.testing.assert_close(motion, other)
    assert torch.equal(shown, other_shown)
    elbow, shoulder = HOME.index("left_elbow"), HOME.index("left_shoulder")
    by_hand = (points[:, 0, 3, elbow] - points[:, 0, 3, shoulder]) - (
        points[:, 0, 2, elbow] - points[:, 0, 2, shoulder]
    )
    torch.testing.assert_close(motion[:, 0, 2, elbow], by_hand)


# ---- scores -------------------------------------------------------------------------------------------------------


def scored(stream: str, steps: Sequence[PoseStep] = (), *, flip: float = 0.0) -> Tensor:
    """Scores ``[T, V]`` of one sample; the left elbow's is 0.6, then 0.2, the left shoulder's 0.8, others 1."""
    points, _ = joints(COCO, batch=1, times=2)
    scores = torch.ones(points.shape[:-1])
    scores[0, 0, :, COCO.index("left_elbow")] = torch.tensor([0.6, 0.2])
    scores[0, 0, :, COCO.index("left_shoulder")] = 0.8
    view = {name: torch.zeros(1) for name in ("x", "y", "rotate", "tilt", "roll", "noise", "noise_seed")}
    view |= {name: torch.ones(1) for name in ("width", "height", "scale")} | {"flip": torch.tensor([flip])}
    transform = SkeletonTransform(layout="coco17", frame_size=(120, 160), steps=steps, scores=stream)
    data, _ = transform({"data": points, "scores": scores, "valid": scores.any(-1)}, view)
    assert data.shape == (1, 1, 3, 2, 17)
    return data[0, 0, 2]


@pytest.mark.parametrize(
    ("stream", "steps", "elbow"),
    [
        ("joint", [], [0.6, 0.2]),
        ("bone", [ToBones()], [0.7, 0.5]),
        ("joint_motion", [ToMotion()], [0.4, 0.0]),
        ("bone_motion", [ToBones(), ToMotion()], [0.6, 0.0]),
    ],
)
def test_scores_by_hand(stream: str, steps: list[PoseStep], elbow: list[float]):
    assert scored(stream, steps)[:, COCO.index("left_elbow")].tolist() == pytest.approx(elbow)
    assert scored(stream, steps, flip=1.0)[:, COCO.index("right_elbow")].tolist() == pytest.approx(elbow)


def test_scores_of_an_unknown_stream_name_the_nearest():
    with pytest.raises(InputError, match=r"SkeletonTransform.scores must be one of .* \(did you mean 'bone'\?\)"):
        scored("bones")
