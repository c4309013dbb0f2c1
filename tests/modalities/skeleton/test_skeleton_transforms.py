from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from modalities.atomic_files import write_arrays
from modalities.augmentation import SpatialAugmentation
from modalities.checks import InputError
from modalities.skeleton.layouts import get_layout
from modalities.skeleton.reader import PoseReader
from modalities.skeleton.transforms import (
    Branches,
    CenterOnRoot,
    InterpolateMissing,
    ScaleByTorso,
    SkeletonTransform,
    ToBones,
    ToMotion,
    apply_view,
)
from modalities.source import Source

HOME, JHMDB = get_layout("minihome16"), get_layout("jhmdb15")
CANVAS = (120, 160)


def joints(layout: Any, batch: int = 2, persons: int = 1, times: int = 4) -> tuple[Tensor, Tensor]:
    torch.manual_seed(0)
    points = torch.randn(batch, persons, times, layout.num_joints, layout.dims) + 3
    return points, torch.ones(points.shape[:-1], dtype=torch.bool)


def viewed(points: Tensor, seen: Tensor, layout: Any, view: SpatialAugmentation) -> tuple[Tensor, Tensor]:
    batch = len(points)
    return apply_view(
        points,
        seen,
        layout,
        matrix=torch.from_numpy(view.matrix(CANVAS, CANVAS)).expand(batch, 2, 3),
        flip=torch.full((batch,), view.flip),
        rotate=torch.full((batch,), view.rotate, dtype=torch.float64),
    )


# ---- view ---------------------------------------------------------------------------------------------------------


def test_mirror_of_pixels_by_hand() -> None:
    points, seen = joints(JHMDB)
    points[0, 0, 0, JHMDB.index("left_wrist")] = torch.tensor([10.0, 20.0])
    mirrored, _ = viewed(points, seen, JHMDB, SpatialAugmentation(flip=True))
    assert mirrored[0, 0, 0, JHMDB.index("right_wrist")].tolist() == [149.0, 20.0]  # 160 columns: 0 ↔ 159


def test_crop_of_pixels_by_hand() -> None:
    """The right lower quarter of the canvas, twice as large: the pixel edge (80, 60) becomes (0, 0)."""
    points, seen = joints(JHMDB)
    points[0, 0, 0, 0] = torch.tensor([79.5, 59.5])  # a corner of pixels lies half a pixel before the next centre
    moved, _ = viewed(points, seen, JHMDB, SpatialAugmentation(x=0.5, y=0.5, width=0.5, height=0.5))
    assert moved[0, 0, 0, 0].tolist() == [-0.5, -0.5]


def test_mirror_of_metres_by_hand() -> None:
    points, seen = joints(HOME)
    points[0, 0, 0, HOME.index("left_wrist")] = torch.tensor([0.25, -1.0, 2.0])
    mirrored, _ = viewed(points, seen, HOME, SpatialAugmentation(flip=True))
    assert mirrored[0, 0, 0, HOME.index("right_wrist")].tolist() == [-0.25, -1.0, 2.0]


@pytest.mark.parametrize("layout", [HOME, JHMDB])
def test_mirror_twice_is_nothing(layout: Any) -> None:
    points, seen = joints(layout)
    seen[0, 0, :, 5] = False
    points = points * seen[..., None]
    back, seen_back = viewed(
        *viewed(points, seen, layout, SpatialAugmentation(flip=True)), layout, SpatialAugmentation(flip=True)
    )
    torch.testing.assert_close(back, points, atol=1e-4, rtol=1e-5)
    assert torch.equal(seen_back, seen)


@pytest.mark.parametrize("layout", [HOME, JHMDB])
@pytest.mark.parametrize("flip", [False, True])
def test_lost_joints_stay_lost(layout: Any, flip: bool) -> None:
    points, seen = joints(layout)
    lost = layout.index("left_knee")
    seen[:, :, 1, lost], points[:, :, 1, lost] = False, 0
    moved, shown = viewed(
        points, seen, layout, SpatialAugmentation(x=0.1, width=0.8, height=0.8, flip=flip, rotate=0.4)
    )
    place = layout.mirror_index[lost] if flip else lost
    assert (~shown).nonzero().tolist() == [[0, 0, 1, place], [1, 0, 1, place]]
    assert not moved[~shown].any()
    assert moved[shown].all()


def test_a_quarter_turn_by_hand() -> None:
    """About the vertical through the pelvis: what was to its right (x) now lies towards the camera (−z)."""
    points, seen = joints(HOME, batch=1)
    points[:] = torch.tensor([1.0, 0.5, 2.0])
    points[0, 0, 0, HOME.index("left_wrist")] = torch.tensor([1.5, 0.0, 2.0])
    turned, _ = viewed(points, seen, HOME, SpatialAugmentation(rotate=np.pi / 2))
    expected = torch.tensor([1.0, 0.0, 1.5])
    torch.testing.assert_close(turned[0, 0, 0, HOME.index("left_wrist")], expected)
    torch.testing.assert_close(turned[0, 0, 0, HOME.root], torch.tensor([1.0, 0.5, 2.0]))


def test_without_depth_a_turn_narrows() -> None:
    points, seen = joints(JHMDB, batch=1)
    points[0, 0, 0, JHMDB.root] = torch.tensor([40.0, 30.0])
    points[0, 0, 0, 5] = torch.tensor([60.0, 90.0])
    turned, _ = viewed(points, seen, JHMDB, SpatialAugmentation(rotate=np.pi / 3))
    torch.testing.assert_close(turned[0, 0, 0, 5], torch.tensor([50.0, 90.0]))
    torch.testing.assert_close(turned[0, 0, 0, JHMDB.root], torch.tensor([40.0, 30.0]))


def test_turning_keeps_heights_and_distances() -> None:
    points, seen = joints(HOME, persons=2)
    turned, _ = viewed(points, seen, HOME, SpatialAugmentation(rotate=0.7))
    torch.testing.assert_close(turned[..., 1], points[..., 1])
    one, other = points[0].flatten(0, 2), turned[0].flatten(0, 2)  # each sample turns about its own root
    torch.testing.assert_close(torch.pdist(other), torch.pdist(one), atol=1e-5, rtol=1e-5)


def test_each_sample_has_its_own_view() -> None:
    points, seen = joints(HOME)
    flip = torch.tensor([False, True])
    matrix = torch.eye(2, 3).expand(2, 2, 3)
    moved, _ = apply_view(points, seen, HOME, matrix=matrix, flip=flip, rotate=torch.zeros(2))
    torch.testing.assert_close(moved[0], points[0])
    torch.testing.assert_close(moved[1], viewed(points, seen, HOME, SpatialAugmentation(flip=True))[0][1])


def test_mirrored_file_is_mirrored_view(tmp_path: Path) -> None:
    """Frames of 50×70 do not fill the canvas: the mirror must still be the canvas's own."""
    rng = np.random.default_rng(0)
    pixels = rng.uniform(0, 50, (1, 3, 15, 2)).astype(np.float32)
    mirrored = pixels[:, :, JHMDB.mirror_index, :] * [-1, 1] + [69, 0]
    times, valid, reader = np.arange(3.0), np.ones(3, bool), PoseReader(layout="jhmdb15", frame_size=CANVAS)
    clips = []
    for name, keypoints in (("straight", pixels), ("mirrored", mirrored.astype(np.float32))):
        path = tmp_path / f"{name}.npz"
        write_arrays(path, keypoints=keypoints, scores=np.ones((1, 3, 15), np.float32))
        clips.append(reader.read(Source(path=path, num=3, fps=1.0, size_hw=(50, 70)), times, valid).keypoints)
    straight, by_file = (torch.from_numpy(clip)[None] for clip in clips)
    by_view, _ = viewed(
        straight, torch.ones(straight.shape[:-1], dtype=torch.bool), JHMDB, SpatialAugmentation(flip=True)
    )
    torch.testing.assert_close(by_view, by_file, atol=1e-3, rtol=0)


# ---- steps --------------------------------------------------------------------------------------------------------


def test_center_forgets_the_place_and_keeps_the_way() -> None:
    points, seen = joints(HOME, persons=2)
    centered, _ = CenterOnRoot()(points, seen, HOME)
    assert not centered[:, 0, 0, HOME.root].any()
    shifted, _ = CenterOnRoot()(points + torch.tensor([5.0, -1.0, 2.0]), seen, HOME)
    torch.testing.assert_close(shifted, centered, atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(centered.diff(dim=2), points.diff(dim=2))
    torch.testing.assert_close(centered.diff(dim=1), points.diff(dim=1))


def test_center_waits_for_the_root() -> None:
    points, seen = joints(HOME, persons=2)
    seen[0, :, 0, HOME.root] = False
    seen[0, 0, 1, HOME.root] = False
    seen[1, ..., HOME.root] = False
    centered, _ = CenterOnRoot()(points, seen, HOME)
    assert not centered[0, 1, 1, HOME.root].any()  # first seen at time 1, of the second person
    mean = (centered[1] * seen[1][..., None]).sum((0, 1, 2))
    torch.testing.assert_close(mean, torch.zeros(3), atol=1e-3, rtol=0)  # never seen: the mean of the others


def test_scale_makes_torsos_one() -> None:
    points, seen = joints(HOME)
    for factor in (1.0, 7.0):
        scaled, _ = ScaleByTorso()(points * factor, seen, HOME)
        (pelvis,), (neck,) = HOME.torso
        lengths = (scaled[..., pelvis, :] - scaled[..., neck, :]).norm(dim=-1)
        torch.testing.assert_close(lengths.flatten(1).median(1).values, torch.ones(2))
    torch.testing.assert_close(scaled, ScaleByTorso()(points, seen, HOME)[0])


def test_scale_without_a_torso_changes_nothing() -> None:
    points, seen = joints(HOME)
    seen[..., HOME.root] = False
    assert torch.equal(ScaleByTorso()(points, seen, HOME)[0], points)


def test_fill_by_hand() -> None:
    points, seen = torch.zeros(1, 1, 6, 15, 2), torch.ones(1, 1, 6, 15, dtype=torch.bool)
    points[0, 0, :, 3, 0] = torch.tensor([0.0, 2.0, 0.0, 0.0, 8.0, 0.0])
    seen[0, 0, :, 3] = torch.tensor([False, True, False, False, True, False])
    seen[0, 0, :, 4] = False
    filled, known = InterpolateMissing()(points, seen, JHMDB)
    assert filled[0, 0, :, 3, 0].tolist() == [2.0, 2.0, 4.0, 6.0, 8.0, 8.0]
    assert known[..., 3].all()
    assert not known[..., 4].any()


def test_fill_changes_nothing_that_was_seen() -> None:
    points, seen = joints(JHMDB, times=9)
    seen &= torch.rand(seen.shape) > 0.5
    filled, _ = InterpolateMissing()(points, seen, JHMDB)
    assert torch.equal(filled[seen], points[seen])


def test_bones_add_up_to_joints() -> None:
    points, seen = joints(HOME)
    bones, _ = ToBones()(points, seen, HOME)
    assert not bones[..., HOME.root, :].any()
    wrist = HOME.index("left_wrist")
    chain, joint = torch.zeros_like(bones[..., 0, :]), wrist
    while joint != HOME.root:
        chain, joint = chain + bones[..., joint, :], HOME.parents[joint]
    torch.testing.assert_close(chain, points[..., wrist, :] - points[..., HOME.root, :])


def test_bones_are_seen_with_both_ends() -> None:
    points, seen = joints(HOME, batch=1, times=1)
    seen[..., HOME.index("left_elbow")] = False
    _, shown = ToBones()(points, seen, HOME)
    assert {HOME.joints[joint] for joint in (~shown).nonzero()[:, -1]} == {"left_elbow", "left_wrist"}


def test_motion_by_hand() -> None:
    points, seen = joints(JHMDB, batch=1, times=3)
    seen[0, 0, 1, 2] = False
    motion, shown = ToMotion()(points, seen, JHMDB)
    assert torch.equal(motion[:, :, 0], points[:, :, 1] - points[:, :, 0])
    assert shown[0, 0, :, 2].tolist() == [False, False, False]
    assert shown[0, 0, :, 3].tolist() == [True, True, False]  # nothing comes after the last


def test_branches_stand_side_by_side() -> None:
    points, seen = joints(HOME)
    elbow, wrist = HOME.index("left_elbow"), HOME.index("left_wrist")
    seen[0, 0, 1, elbow] = False
    branches = Branches(branches=[[], [{"type": ToBones}], [ToBones(), ToMotion()]])
    channels, shown = branches(points, seen, HOME)
    assert channels.shape == (2, 1, 4, 16, 9)
    assert torch.equal(channels[1, ..., :3], points[1])
    assert torch.equal(channels[1, ..., 3:6], ToBones()(points, seen, HOME)[0][1])
    assert torch.equal(channels[1, ..., 6:], ToMotion()(*ToBones()(points, seen, HOME), HOME)[0][1])
    assert shown[0, 0, 1, wrist]  # its joint is seen, its bone is not
    assert channels[0, 0, 1, wrist, :3].all()
    assert not channels[0, 0, 1, wrist, 3:].any()
    assert not shown[0, 0, 1, elbow]


def test_branches_need_one() -> None:
    with pytest.raises(InputError, match="name at least one branch"):
        Branches(branches=[])


@pytest.mark.parametrize("step", [CenterOnRoot(), ScaleByTorso(), InterpolateMissing(), ToBones(), ToMotion()])
def test_steps_change_neither_input_nor_make_nan(step: Any) -> None:
    points, seen = joints(HOME, persons=2)
    seen[1, 1] = False  # an absent person
    seen[0, :, 2] = False  # nobody for a while
    before, seen_before = points.clone(), seen.clone()
    found, shown = step(points, seen, HOME)
    assert torch.equal(points, before)
    assert torch.equal(seen, seen_before)
    assert found.isfinite().all()
    assert found.shape == points.shape
    assert shown.shape == seen.shape


# ---- all of it ----------------------------------------------------------------------------------------------------


def entry_of(points: Tensor, seen: Tensor) -> dict[str, Tensor]:
    return {"data": points, "scores": seen.float(), "valid": seen.any(-1)}


def view_of(batch: int, **changes: float) -> dict[str, Tensor]:
    fields = {"x": 0.0, "y": 0.0, "width": 1.0, "height": 1.0, "flip": 0.0}
    fields |= {"rotate": 0.0, "tilt": 0.0, "roll": 0.0, "scale": 1.0, "noise": 0.0, "noise_seed": 0.0} | changes
    return {name: torch.full((batch,), value) for name, value in fields.items()}


def test_transform_lays_out_for_encoders() -> None:
    points, seen = joints(HOME)
    seen[0, 0, 1, 4] = False
    steps = [CenterOnRoot(), {"type": ScaleByTorso}]
    transform = SkeletonTransform(layout="minihome16", frame_size=CANVAS, steps=steps)
    data, valid = transform(entry_of(points, seen), view_of(2))
    assert data.shape == (2, 1, 3, 4, 16)
    assert valid.all()
    assert not data[0, 0, :, 1, 4].any()
    expected = ScaleByTorso()(*CenterOnRoot()(points, seen, HOME), HOME)[0]
    torch.testing.assert_close(data[1, 0, :, 2, 7], expected[1, 0, 2, 7])


def test_transform_forgets_invalid_times() -> None:
    points, seen = joints(HOME)
    entry = entry_of(points, seen)
    entry["valid"][0, 0, 2:] = False
    data, _ = SkeletonTransform(layout="minihome16", frame_size=CANVAS)(entry, view_of(2))
    assert not data[0, :, :, 2:].any()
    assert data[1].all()


def test_transform_refuses_other_joints() -> None:
    points, seen = joints(JHMDB)
    with pytest.raises(InputError, match=r"'minihome16' must have shape \[B, M, T, V=16, C=3\], got .*15, 2\]"):
        SkeletonTransform(layout="minihome16", frame_size=CANVAS)(entry_of(points, seen), view_of(2))
