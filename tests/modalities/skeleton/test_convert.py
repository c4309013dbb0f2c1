from typing import Any

import numpy as np
import pytest

from modalities.checks import InputError
from modalities.skeleton.convert import RECIPES, SYNONYMS, conversion_hint, convert, parts_of
from modalities.skeleton.layouts import LAYOUTS, Layout, get_layout
from modalities.skeleton.poses import Poses

NAMES = sorted(LAYOUTS)
PAIRS = [(a, b) for a in NAMES for b in NAMES if LAYOUTS[a].dims >= LAYOUTS[b].dims]


def poses_of(layout: str, joints: dict[str, list[float]], *, scores: dict[str, float] | None = None) -> Poses:
    """One person at one time; joints that are not given are lost."""
    known = get_layout(layout)
    keypoints = np.zeros((1, 1, known.num_joints, known.dims), np.float32)
    seen = np.zeros((1, 1, known.num_joints), np.float32)
    for joint, place in joints.items():
        keypoints[0, 0, known.index(joint)] = place
        seen[0, 0, known.index(joint)] = (scores or {}).get(joint, 1.0)
    return Poses(keypoints, seen, layout)


def joint(poses: Poses, name: str) -> tuple[list[float], float]:
    index = get_layout(poses.layout).index(name)
    return poses.keypoints[0, 0, index].tolist(), float(poses.scores[0, 0, index])


def random_poses(layout: Layout, *, pixels: bool = False, seed: int = 0) -> Poses:
    """Two persons, five times, every joint seen by another share."""
    rng = np.random.default_rng(seed)
    shape = (2, 5, layout.num_joints)
    arrays: dict[str, Any] = {
        "keypoints": rng.normal(size=(*shape, layout.dims)),
        "scores": rng.uniform(0.1, 1, shape),
        "pixels": rng.uniform(0, 500, (*shape, 2)) if pixels else None,
    }
    return Poses(layout=layout.name, **{k: None if v is None else v.astype(np.float32) for k, v in arrays.items()})


LIMBS = {"left_shoulder": [0, 2, 0], "right_shoulder": [4, 0, 0], "left_hip": [0, 8, 2], "right_hip": [8, 6, 2]}


def test_synthesised_joints_by_hand() -> None:
    """Toyota Smarthome's 13 joints to UNIK's 17."""
    poses = poses_of("smarthome13", LIMBS | {"head": [2, -5, 0]}, scores={"left_hip": 0.25, "right_shoulder": 0.5})
    unik = convert(poses, to="smarthome17")
    assert joint(unik, "mid_hip") == ([4, 7, 2], 0.25)  # as sure as the least sure of its parts
    assert joint(unik, "neck") == ([2, 1, 0], 0.5)
    assert joint(unik, "chest") == ([3, 4, 1], 0.25)
    assert joint(unik, "head") == ([2, -5, 0], 1)
    assert joint(unik, "nose") == ([2, -2, 0], 0.5)  # between head and the neck that was made
    assert joint(unik, "left_knee") == ([0, 0, 0], 0)  # named, but lost in the source


def test_a_mean_of_a_lost_part_is_lost() -> None:
    poses = poses_of("smarthome13", {name: place for name, place in LIMBS.items() if name != "left_hip"})
    assert joint(convert(poses, to="smarthome15"), "mid_hip") == ([0, 0, 0], 0)
    assert joint(convert(poses, to="smarthome15"), "neck") == ([2, 1, 0], 1)


def test_synonyms_are_copied() -> None:
    places = {"spine_base": [0, 9, 1], "spine_mid": [0, 5, 1], "spine_shoulder": [0, 1, 1], "neck": [0, 0, 1]}
    ntu = poses_of("ntu25", places, scores={"spine_mid": 0.5})
    kinect = convert(ntu, to="kinect20")
    assert joint(kinect, "hip_center") == ([0, 9, 1], 1)
    assert joint(kinect, "spine") == ([0, 5, 1], 0.5)
    assert joint(kinect, "shoulder_center") == ([0, 1, 1], 1)
    assert joint(convert(ntu, to="minihome16"), "neck") == ([0, 0, 1], 1)  # by its name, although it lies higher
    human = convert(convert(kinect, to="h36m17"), to="ntu25")
    assert joint(human, "spine_base") == ([0, 9, 1], 1)
    assert joint(human, "spine_shoulder") == joint(human, "neck") == ([0, 1, 1], 1)


def test_the_first_group_that_is_known_is_taken() -> None:
    """J-HMDB has a face and no nose; COCO the other way round, without a neck."""
    coco = poses_of("coco17", {"nose": [3, 4], "left_shoulder": [0, 0], "right_shoulder": [2, 0]})
    jhmdb = convert(coco, to="jhmdb15")
    assert joint(jhmdb, "face") == ([3, 4], 1)
    assert joint(jhmdb, "neck") == ([1, 0], 1)
    assert joint(jhmdb, "belly") == ([0, 0], 0)  # the hips are lost
    assert joint(convert(jhmdb, to="coco17"), "nose") == ([3, 4], 1)


def test_what_cannot_be_known_is_lost() -> None:
    poses = convert(random_poses(get_layout("openpose18")), to="openpose25")
    layout = get_layout("openpose25")
    lost = {layout.joints[index] for index in np.flatnonzero((poses.scores == 0).all((0, 1)))}
    assert lost == {f"{side}_{part}" for side in ("left", "right") for part in ("big_toe", "small_toe", "heel")}
    assert not poses.keypoints[poses.scores == 0].any()
    assert (poses.scores > 0).any((0, 1)).sum() == 19


def test_pixels_are_what_2d_layouts_get() -> None:
    smarthome = random_poses(get_layout("smarthome13"), pixels=True)
    coco = convert(smarthome, to="coco17")
    assert coco.pixels is None
    wrist = get_layout("smarthome13").index("left_wrist")
    np.testing.assert_array_equal(coco.keypoints[:, :, get_layout("coco17").index("left_wrist")],
                                  smarthome.pixels[:, :, wrist])  # fmt: skip
    larger = convert(smarthome, to="smarthome15")  # 3D to 3D takes the pixels along
    hips = [get_layout("smarthome13").index(name) for name in ("left_hip", "right_hip")]
    np.testing.assert_allclose(larger.pixels[:, :, 14], smarthome.pixels[:, :, hips].mean(2), rtol=1e-6)


def test_refuses_what_needs_more_than_there_is() -> None:
    with pytest.raises(InputError, match=r"'coco17' becomes must be of pixels too, got 'ntu25'.*or lift the poses"):
        convert(random_poses(get_layout("coco17")), to="ntu25")
    with pytest.raises(InputError, match="poses of 'ntu25' to become 'coco17' must have pixels, got none; choose"):
        convert(random_poses(get_layout("ntu25")), to="coco17")
    with pytest.raises(InputError, match=r"joint layout must be one of .*did you mean 'coco17'"):
        convert(random_poses(get_layout("coco17")), to="coco18")


@pytest.mark.parametrize("name", NAMES)
def test_to_itself_is_the_identity(name: str) -> None:
    poses = random_poses(get_layout(name))
    assert convert(poses, to=name) is poses


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_named_joints_are_kept_exactly(source: str, target: str) -> None:
    """Also the lost ones: no recipe takes the place of a joint that the source names."""
    first, second = get_layout(source), get_layout(target)
    poses = random_poses(first, pixels=first.dims > second.dims)
    poses.scores[:, ::2] = 0
    before = poses.keypoints.copy()
    there = convert(poses, to=target)
    common = [name for name in second.joints if name in first.joints]
    assert len(common) >= 12  # the limbs at least
    here, now = [first.index(name) for name in common], [second.index(name) for name in common]
    places = poses.keypoints if first.dims == second.dims else poses.pixels
    np.testing.assert_array_equal(there.keypoints[:, :, now], places[:, :, here])
    np.testing.assert_array_equal(there.scores[:, :, now], poses.scores[:, :, here])
    np.testing.assert_array_equal(poses.keypoints, before)


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_a_mirror_before_or_after_is_the_same(source: str, target: str) -> None:
    """Every recipe treats left and right alike."""
    first, second = get_layout(source), get_layout(target)
    poses = random_poses(first, pixels=True)
    swap, back = list(first.mirror_index), list(second.mirror_index)
    mirrored = Poses(poses.keypoints[:, :, swap], poses.scores[:, :, swap], source, poses.pixels[:, :, swap])
    before, after = convert(mirrored, to=target), convert(poses, to=target)
    np.testing.assert_allclose(before.keypoints, after.keypoints[:, :, back], rtol=1e-5, atol=1e-5)
    np.testing.assert_array_equal(before.scores, after.scores[:, :, back])


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_weights_are_means(source: str, target: str) -> None:
    for weights in parts_of(get_layout(source), get_layout(target)):
        assert not weights or sum(weights.values()) == 1


def test_the_tables_speak_of_joints_that_exist() -> None:
    known = {name for layout in LAYOUTS.values() for name in layout.joints}
    assert {name for group in SYNONYMS for name in group} <= known
    assert set(RECIPES) | {part for groups in RECIPES.values() for group in groups for part in group} <= known
    assert len({name for group in SYNONYMS for name in group}) == sum(map(len, SYNONYMS))  # one meaning each


def test_the_cure_of_another_layout() -> None:
    ntu, coco = get_layout("ntu25"), get_layout("coco17")
    assert conversion_hint(ntu, coco) == "convert it: PoseReader(layout='coco17', convert_from='ntu25')"
    assert conversion_hint(coco, ntu).startswith("'coco17' has no depth to convert")
    assert conversion_hint(coco, coco) == "read it as it is: PoseReader(layout='coco17', convert_from=None)"
