"""Random cameras, an estimator's mistakes, windows and the joints that are read: by hand, or by a property."""

from __future__ import annotations

import numpy as np
import pytest

from modalities.checks import InputError
from modalities.skeleton import Poses, get_layout
from modalities.skeleton.lifting import EstimatorNoise, RandomCamera, flat_joints, normalise, window_index
from modalities.skeleton.lifting.interfaces import Tracks
from modalities.skeleton.lifting.random_camera import rotation

JOINTS = ("head", "left_shoulder", "right_shoulder", "left_hip", "right_hip", "left_knee", "right_knee")


def test_windows_repeat_the_ends():
    assert window_index(4, frames=3).tolist() == [[0, 0, 1], [0, 1, 2], [1, 2, 3], [2, 3, 3]]
    assert window_index(3, frames=3, causal=True).tolist() == [[0, 0, 0], [0, 0, 1], [0, 1, 2]]
    assert window_index(1, frames=5).tolist() == [[0] * 5]


def test_normalised_by_hand():
    pixels = np.array([[[10, 10], [14, 10]], [[12, 10], [16, 10]]], np.float32)  # walks 2 to the right
    data = normalise(pixels, np.ones((2, 2), bool))
    # the middle of all is (13, 10); each joint is 2 from the middle of its frame
    assert data.tolist() == [[[-1.5, 0, 1], [0.5, 0, 1]], [[-0.5, 0, 1], [1.5, 0, 1]]]


def test_a_lone_joint_that_moves_stays_within_bounds():
    """Its frames have no size: without a floor, the numbers would be millions."""
    pixels, seen = np.zeros((4, 2, 2), np.float32), np.zeros((4, 2), bool)
    pixels[:, 0, 0], seen[:, 0] = [0, 2, 4, 6], True
    # the mean is 3, the root mean square distance from it √5
    np.testing.assert_allclose(
        normalise(pixels, seen)[:, 0, 0], np.array([-3, -1, 1, 3]) / (0.2 * np.sqrt(5)), atol=1e-5
    )
    pixels[0, 0, 0] = 1e9
    assert np.abs(normalise(pixels[:, :1], seen[:, :1])).max() <= 10


def test_normalised_pixels_do_not_depend_on_place_or_size():
    rng = np.random.default_rng(0)
    pixels, seen = rng.normal(size=(3, 27, 13, 2)), rng.random((3, 27, 13)) < 0.8
    data = normalise(pixels, seen)
    np.testing.assert_allclose(normalise(7 * pixels + [100, -30], seen), data, atol=1e-4)
    assert not data[~seen].any()
    assert not normalise(pixels, np.zeros_like(seen)).any()
    pixels[~seen] = 1e6  # what is lost has no say
    np.testing.assert_allclose(normalise(pixels, seen), data, atol=1e-6)


def test_a_camera_that_looks_down_sees_the_head_nearer():
    """y is down, z away: up is (0, −1, 0)."""
    up = np.array([0.0, -1.0, 0.0])
    turned = rotation(yaw=0, pitch=np.deg2rad(30), roll=0) @ up
    np.testing.assert_allclose(turned, [0, -np.cos(np.pi / 6), -0.5], atol=1e-12)
    quarter = rotation(yaw=np.pi / 2, pitch=0, roll=0) @ np.array([0.0, 0.0, 1.0])  # what was away is now right
    np.testing.assert_allclose(quarter, [1, 0, 0], atol=1e-12)


def test_a_camera_keeps_shapes_and_projects_by_its_field_of_view():
    joints = np.random.default_rng(0).normal(0, 0.4, (6, 16, 3))
    for seed in range(20):
        view = RandomCamera()(joints, np.random.default_rng(seed))
        between = [np.linalg.norm(each[:, :, None] - each[:, None], axis=-1) for each in (view.joints, joints)]
        np.testing.assert_allclose(*between, atol=1e-5)
        assert view.joints[..., 2].min() > 0.29
        ray = view.joints[..., 0] / view.joints[..., 2] / (view.pixels[..., 0] - 320)
        focal = 1 / np.median(ray)
        assert 320 / np.tan(np.deg2rad(40)) <= focal * 1.0001
        assert focal <= 1.0001 * 320 / np.tan(np.deg2rad(17.5))
        np.testing.assert_allclose(
            view.joints[..., 1] / view.joints[..., 2] * focal + 240, view.pixels[..., 1], atol=0.1
        )
        inside = (np.abs(view.pixels - [320, 240]) <= [320, 240]).all(-1)
        assert (view.inside == inside).mean() > 0.99


def test_no_noise_changes_nothing_and_the_same_generator_gives_the_same():
    pixels = np.random.default_rng(0).uniform(0, 100, (30, 7, 2)).astype(np.float32)
    seen = np.ones((30, 7), bool)
    none = EstimatorNoise(jitter=0, outliers=0, swaps=0, lost=0, cut=0)
    same, kept = none(pixels, seen, JOINTS, np.random.default_rng(1))
    np.testing.assert_array_equal(same, pixels)
    assert kept.all()
    first, second = (EstimatorNoise()(pixels, seen, JOINTS, np.random.default_rng(1)) for _ in range(2))
    np.testing.assert_array_equal(first[0], second[0])
    np.testing.assert_array_equal(first[1], second[1])


def test_noise_is_as_large_as_it_says():
    rng = np.random.default_rng(0)
    pixels = np.repeat(rng.uniform(0, 100, (1, 7, 2)), 4000, 0)
    seen = np.ones((4000, 7), bool)
    size = np.sqrt(((pixels[0] - pixels[0].mean(0)) ** 2).sum(-1).mean())
    shares = []
    for seed in range(40):
        noise = EstimatorNoise(jitter=0.1, outliers=0, swaps=0, lost=0.05, cut=0)
        wrong, kept = noise(pixels, seen, JOINTS, np.random.default_rng(seed))
        shares.append((np.std(wrong - pixels) / size, 1 - kept.mean()))
    level, lost = np.mean(shares, 0)
    assert level == pytest.approx(0.1, rel=0.2)  # 0.3 to 1.7 times as much, evenly
    assert lost == pytest.approx(0.05, abs=0.01)


def test_swapped_sides_and_cut_legs():
    pixels = np.arange(12 * 7 * 2, dtype=np.float32).reshape(12, 7, 2)
    noise = EstimatorNoise(jitter=0, outliers=0, swaps=1, lost=0, cut=1)
    pairs = {"shoulder": [1, 2], "hip": [3, 4]}
    for seed in range(10):
        wrong, kept = noise(pixels, np.ones((12, 7), bool), JOINTS, np.random.default_rng(seed))
        assert kept.all(0).tolist() == [True] * 5 + [False] * 2
        changed = (wrong != pixels).any((0, 2))
        assert changed.any()
        for pair in pairs.values():
            frames = (wrong[:, pair] != pixels[:, pair]).any((1, 2))
            np.testing.assert_array_equal(wrong[frames][:, pair], pixels[frames][:, pair[::-1]])
        assert not changed[0]


def test_a_range_that_is_none_is_refused():
    with pytest.raises(InputError, match=r"RandomCamera.pitch must be a range \(from, to\), got \(10, -10\)"):
        RandomCamera(pitch=(10, -10))
    with pytest.raises(InputError, match=r"RandomCamera\.field and distance must be within 0–180 degrees"):
        RandomCamera(field=(30, 180))
    with pytest.raises(InputError, match=r"EstimatorNoise\.lost must be 0 or more, got -0\.1"):
        EstimatorNoise(lost=-0.1)


def coco(times: int = 2) -> Poses:
    keypoints = np.arange(times * 17 * 2, dtype=np.float32).reshape(1, times, 17, 2)
    return Poses(keypoints, np.full((1, times, 17), 0.8, np.float32), "coco17")


def test_joints_of_another_layout_by_hand():
    poses = coco()
    poses.scores[0, 0, 12] = 0  # right hip
    poses.scores[0, 1, 4] = 0.5  # right ear
    pixels, scores = flat_joints(poses, layout="minihome16", joints=("pelvis", "head", "left_wrist"))
    assert scores[0].tolist() == [
        [0, pytest.approx(0.8), pytest.approx(0.8)],
        [pytest.approx(0.8), 0.5, pytest.approx(0.8)],
    ]
    assert pixels[0, 0].tolist() == [[0, 0], [7, 8], [18, 19]]  # ears are 3 and 4, the left wrist 9
    assert pixels[0, 1, 0].tolist() == [34 + 23, 34 + 24]  # hips are 11 and 12


def test_joints_that_cannot_be_had_are_named():
    with pytest.raises(InputError, match="layout 'coco17' to lift must have a 'left_hand'"):
        flat_joints(coco(), layout="kinect20", joints=("left_hand",))
    solid = Poses(np.zeros((1, 1, 16, 3), np.float32), np.ones((1, 1, 16), np.float32), "minihome16")
    with pytest.raises(InputError, match="poses of 'minihome16' to lift must have pixels, got none"):
        flat_joints(solid, layout="minihome16", joints=("head",))


def test_completed_joints_have_half_the_score_and_people_who_are_not_there_have_none():
    poses = coco(3)
    poses.scores[0, 1] = 0  # nobody
    poses.scores[0, 2] = 0
    poses.scores[0, 2, [5, 6, 7]] = 0.6  # three joints of 13, and the neck between them
    poses.scores[0, 0, 9] = 0  # left wrist
    layout = get_layout("minihome16")
    tracks = Tracks(poses, layout)
    joints = np.ones((1, 3, 16, 3), np.float32) * np.arange(1, 17, dtype=np.float32)[:, None]
    wrist, neck = layout.index("left_wrist"), layout.index("neck")
    left = tracks.lifted(joints, complete=False)
    assert left.scores[0, 0, wrist] == 0
    assert left.keypoints[0, 0, wrist].tolist() == [0, 0, 0]
    made = tracks.lifted(joints, complete=True)
    assert made.scores[0, 0, wrist] == pytest.approx(0.4)
    assert made.keypoints[0, 0, wrist].tolist() == [wrist, wrist, wrist]  # about the root, which is joint 0
    assert not made.scores[0, 1].any()
    assert made.scores[0, 2, neck] == pytest.approx(0.6)
    assert made.scores[0, 2, wrist] == pytest.approx(0.3)  # four seen joints are enough
