from typing import Any

import numpy as np
import pytest

from triad.modalities.checks import InputError
from triad.modalities.skeleton import LAYOUTS, Layout, Poses, get_layout
from triad.modalities.skeleton.convert import RECIPES, SYNONYMS, conversion_hint, convert, joint_weights

NAMES = sorted(LAYOUTS)
PAIRS = [(a, b) for a in NAMES for b in NAMES if LAYOUTS[a].dims >= LAYOUTS[b].dims]


def make_poses(layout: str, joints: dict[str, list[float]], *, scores: dict[str, float] | None = None) -> Poses:
    """Return one person at one time; joints without coordinates are missing."""
    known_layout = get_layout(layout)
    keypoints = np.zeros((1, 1, known_layout.num_joints, known_layout.dims), np.float32)
    joint_scores = np.zeros((1, 1, known_layout.num_joints), np.float32)
    for name, coordinates in joints.items():
        keypoints[0, 0, known_layout.index(name)] = coordinates
        joint_scores[0, 0, known_layout.index(name)] = (scores or {}).get(name, 1.0)
    return Poses(keypoints, joint_scores, layout)


def joint_of(poses: Poses, name: str) -> tuple[list[float], float]:
    index = get_layout(poses.layout).index(name)
    return poses.keypoints[0, 0, index].tolist(), float(poses.scores[0, 0, index])


def random_poses(layout: Layout, *, pixels: bool = False, seed: int = 0) -> Poses:
    """Return two persons at five times, every joint with another score."""
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
    """Toyota Smarthome's 13 joints become UNIK's 17."""
    poses = make_poses("smarthome13", LIMBS | {"head": [2, -5, 0]}, scores={"left_hip": 0.25, "right_shoulder": 0.5})
    unik = convert(poses, to="smarthome17")
    assert joint_of(unik, "mid_hip") == ([4, 7, 2], 0.25)  # the lowest score of its joints
    assert joint_of(unik, "neck") == ([2, 1, 0], 0.5)
    assert joint_of(unik, "chest") == ([3, 4, 1], 0.25)
    assert joint_of(unik, "head") == ([2, -5, 0], 1)
    assert joint_of(unik, "nose") == ([2, -2, 0], 0.5)  # between the head and the synthesised neck
    assert joint_of(unik, "left_knee") == ([0, 0, 0], 0)  # named, but missing in the source


def test_mean_with_missing_joint_is_missing() -> None:
    poses = make_poses("smarthome13", {name: xyz for name, xyz in LIMBS.items() if name != "left_hip"})
    assert joint_of(convert(poses, to="smarthome15"), "mid_hip") == ([0, 0, 0], 0)
    assert joint_of(convert(poses, to="smarthome15"), "neck") == ([2, 1, 0], 1)


def test_synonyms_are_copied() -> None:
    spine = {"spine_base": [0, 9, 1], "spine_mid": [0, 5, 1], "spine_shoulder": [0, 1, 1], "neck": [0, 0, 1]}
    ntu = make_poses("ntu25", spine, scores={"spine_mid": 0.5})
    kinect = convert(ntu, to="kinect20")
    assert joint_of(kinect, "hip_center") == ([0, 9, 1], 1)
    assert joint_of(kinect, "spine") == ([0, 5, 1], 0.5)
    assert joint_of(kinect, "shoulder_center") == ([0, 1, 1], 1)
    assert joint_of(convert(ntu, to="minihome16"), "neck") == ([0, 0, 1], 1)  # by its name, although it lies higher
    human = convert(convert(kinect, to="h36m17"), to="ntu25")
    assert joint_of(human, "spine_base") == ([0, 9, 1], 1)
    assert joint_of(human, "spine_shoulder") == joint_of(human, "neck") == ([0, 1, 1], 1)


def test_first_available_group_is_used() -> None:
    """J-HMDB has a face and no nose; COCO a nose and neither face nor neck."""
    coco = make_poses("coco17", {"nose": [3, 4], "left_shoulder": [0, 0], "right_shoulder": [2, 0]})
    jhmdb = convert(coco, to="jhmdb15")
    assert joint_of(jhmdb, "face") == ([3, 4], 1)
    assert joint_of(jhmdb, "neck") == ([1, 0], 1)
    assert joint_of(jhmdb, "belly") == ([0, 0], 0)  # the hips are missing
    assert joint_of(convert(jhmdb, to="coco17"), "nose") == ([3, 4], 1)


def test_unknown_joints_are_missing() -> None:
    poses = convert(random_poses(get_layout("openpose18")), to="openpose25")
    joints = get_layout("openpose25").joints
    missing = {joints[index] for index in np.flatnonzero((poses.scores == 0).all((0, 1)))}
    assert missing == {f"{side}_{joint}" for side in ("left", "right") for joint in ("big_toe", "small_toe", "heel")}
    assert not poses.keypoints[poses.scores == 0].any()
    assert (poses.scores > 0).any((0, 1)).sum() == 19


def test_2d_layouts_are_made_of_pixels() -> None:
    smarthome = random_poses(get_layout("smarthome13"), pixels=True)
    coco = convert(smarthome, to="coco17")
    assert coco.pixels is None
    source_wrist = get_layout("smarthome13").index("left_wrist")
    target_wrist = get_layout("coco17").index("left_wrist")
    np.testing.assert_array_equal(coco.keypoints[:, :, target_wrist], smarthome.pixels[:, :, source_wrist])
    larger = convert(smarthome, to="smarthome15")  # 3D to 3D takes the pixels along
    hips = [get_layout("smarthome13").index(name) for name in ("left_hip", "right_hip")]
    np.testing.assert_allclose(larger.pixels[:, :, 14], smarthome.pixels[:, :, hips].mean(2), rtol=1e-6)


def test_impossible_conversions_are_refused() -> None:
    with pytest.raises(InputError, match=r"'coco17' becomes must be of pixels too, got 'ntu25'.*or lift the poses"):
        convert(random_poses(get_layout("coco17")), to="ntu25")
    with pytest.raises(InputError, match="poses of 'ntu25' to become 'coco17' must have pixels, got none; choose"):
        convert(random_poses(get_layout("ntu25")), to="coco17")
    with pytest.raises(InputError, match=r"joint layout must be one of .*did you mean 'coco17'"):
        convert(random_poses(get_layout("coco17")), to="coco18")


@pytest.mark.parametrize("name", NAMES)
def test_same_layout_returns_the_poses(name: str) -> None:
    poses = random_poses(get_layout(name))
    assert convert(poses, to=name) is poses


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_named_joints_are_kept_exactly(source: str, target: str) -> None:
    """Missing ones too: no recipe replaces a joint that the source names."""
    source_layout = get_layout(source)
    target_layout = get_layout(target)
    poses = random_poses(source_layout, pixels=source_layout.dims > target_layout.dims)
    poses.scores[:, ::2] = 0
    before = poses.keypoints.copy()
    converted = convert(poses, to=target)
    common = [name for name in target_layout.joints if name in source_layout.joints]
    assert len(common) >= 12  # the limbs at least
    source_joints = [source_layout.index(name) for name in common]
    target_joints = [target_layout.index(name) for name in common]
    coordinates = poses.keypoints if source_layout.dims == target_layout.dims else poses.pixels
    np.testing.assert_array_equal(converted.keypoints[:, :, target_joints], coordinates[:, :, source_joints])
    np.testing.assert_array_equal(converted.scores[:, :, target_joints], poses.scores[:, :, source_joints])
    np.testing.assert_array_equal(poses.keypoints, before)


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_mirroring_commutes_with_conversion(source: str, target: str) -> None:
    """Every recipe treats left and right alike."""
    poses = random_poses(get_layout(source), pixels=True)
    swap = list(get_layout(source).mirror_index)
    swap_target = list(get_layout(target).mirror_index)
    mirrored = Poses(poses.keypoints[:, :, swap], poses.scores[:, :, swap], source, poses.pixels[:, :, swap])
    before = convert(mirrored, to=target)
    after = convert(poses, to=target)
    np.testing.assert_allclose(before.keypoints, after.keypoints[:, :, swap_target], rtol=1e-5, atol=1e-5)
    np.testing.assert_array_equal(before.scores, after.scores[:, :, swap_target])


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_weights_sum_to_one(source: str, target: str) -> None:
    for weights in joint_weights(get_layout(source), get_layout(target)):
        assert not weights or sum(weights.values()) == 1


def test_tables_name_existing_joints() -> None:
    joints = {name for layout in LAYOUTS.values() for name in layout.joints}
    assert {name for group in SYNONYMS for name in group} <= joints
    assert set(RECIPES) | {name for groups in RECIPES.values() for group in groups for name in group} <= joints
    assert len({name for group in SYNONYMS for name in group}) == sum(map(len, SYNONYMS))  # one meaning each


def test_hint_names_the_conversion() -> None:
    ntu = get_layout("ntu25")
    coco = get_layout("coco17")
    assert conversion_hint(ntu, coco) == "convert it: PoseReader(layout='coco17', convert_from='ntu25')"
    assert conversion_hint(coco, ntu).startswith("'coco17' has no depth to convert")
    assert conversion_hint(coco, coco) == "read it as it is: PoseReader(layout='coco17', convert_from=None)"
