import itertools

import cv2
import numpy as np

from fusion.datasets.minihome import Clip, perform
from fusion.datasets.minihome.body import POINTS, bend, mirror
from fusion.datasets.minihome.cameras import CAMERAS, look_at
from fusion.datasets.minihome.painter import clip_near, turn
from fusion.datasets.minihome.render import draw_flow, draw_frames, draw_parts
from fusion.datasets.minihome.shapes import Shape, band, capsule


def test_camera_in_front_sees_left_of_the_facing_person_on_its_right() -> None:
    camera = look_at("c", azimuth=0.0, distance=2.0, height=1.0, target_height=1.0)
    np.testing.assert_allclose(camera.to_camera(np.array([0.1, 1.2, 0.5])), [0.1, -0.2, 1.5], atol=1e-12)
    pixel = camera.project(np.array([0.1, -0.2, 1.5]))
    np.testing.assert_allclose(pixel, [79.5 + 190 * 0.1 / 1.5, 59.5 - 190 * 0.2 / 1.5])
    np.testing.assert_allclose(camera.unproject(pixel, np.array(1.5)), [0.1, -0.2, 1.5])


def test_cameras_are_calibrated_and_apart() -> None:
    for camera in CAMERAS:
        np.testing.assert_allclose(camera.rotation @ camera.rotation.T, np.eye(3), atol=1e-12)
        assert np.isclose(np.linalg.det(camera.rotation), 1.0)
    for a, b in itertools.combinations(CAMERAS, 2):
        assert np.degrees(np.arccos(a.rotation[2] @ b.rotation[2])) > 30


def test_turn_takes_the_front_to_the_right() -> None:
    np.testing.assert_allclose(turn(np.pi / 2, np.array([0.0, 0.0, 1.0])), [1.0, 0.0, 0.0], atol=1e-12)


def test_clip_near_cuts_what_lies_behind() -> None:
    triangle = np.array([[0.0, 0.0, 1.2], [1.0, 0.0, 1.2], [0.0, 0.0, -0.8]])
    np.testing.assert_allclose(clip_near(triangle), [[0, 0, 1.2], [1, 0, 1.2], [0.5, 0, 0.2], [0, 0, 0.2]], atol=1e-12)


def test_bend_keeps_the_lengths_of_bones() -> None:
    root, target = np.zeros((1, 3)), np.array([[0.0, -0.4, 0.3]])
    elbow = bend(root, target, 0.3, 0.4, np.array([[1.0, 0.0, 0.0]]))
    np.testing.assert_allclose(elbow, [[0.24, -0.144, 0.108]], atol=1e-12)  # 3-4-5 triangle with hypotenuse 0.5


def test_mirror_exchanges_left_and_right() -> None:
    points = np.random.default_rng(0).normal(size=(2, len(POINTS), 3))
    mirrored = mirror(points)
    left, right = POINTS["left_wrist"], POINTS["right_wrist"]
    np.testing.assert_array_equal(mirrored[:, left], points[:, right] * [-1, 1, 1])
    np.testing.assert_array_equal(mirror(mirrored), points)


def test_shape_outline_and_displacement_by_hand() -> None:
    start, end = (
        np.array([[0.0, 0.0], [1.0, 0.0]]),
        np.array([[10.0, 0.0], [1.0, 20.0]]),
    )  # turns, becomes twice as long
    shape = Shape(start, end, band(0.0, 1.0, 2.0, 2.0), (0, 0, 0), "x")
    np.testing.assert_allclose(shape.polygon()[0], [[0, -2], [0, 2], [10, 2], [10, -2]], atol=1e-12)
    np.testing.assert_allclose(shape.polygon()[1], [[3, 0], [-1, 0], [-1, 20], [3, 20]], atol=1e-12)
    # a point of the middle, one beyond the end by 3 pixels: only the segment grows, the end stays rigid
    points = np.array([[5.0, 2.0], [13.0, 0.0]])
    np.testing.assert_allclose(points + shape.displacement(points, 0), [[-1.0, 10.0], [1.0, 23.0]], atol=1e-12)


def test_capsule_is_as_wide_as_its_radii() -> None:
    outline = capsule(2.0, 1.0)
    assert -2.0 <= outline[:, 1].min() < -1.9  # round ends
    assert 0.95 < outline[:, 1].max() <= 1.0
    np.testing.assert_allclose([outline[outline[:, 0] == end, 2].max() for end in (0, 1)], [2.0, 1.0])


def test_true_flow_brings_the_next_frame_onto_this_one() -> None:
    scene = perform(Clip(5, 12, "s03", 1)).scene  # sitting down: everything moves
    frames, parts = draw_frames(scene), draw_parts(scene)
    flow = draw_flow(scene)
    assert np.abs(flow).max() > 2.0
    assert not flow[parts[:-1] < 0].any()  # the room does not move
    rows, columns = np.mgrid[:120, :160].astype(np.float32)
    errors = {"still": [], "moved": []}
    for time in range(10, 20):
        inside = cv2.erode((parts[time] >= 0).astype(np.uint8), np.ones((5, 5))) > 0
        this, following = (cv2.cvtColor(frames[t], cv2.COLOR_RGB2GRAY).astype(np.float32) for t in (time, time + 1))
        u, v = flow[time, ..., 0], flow[time, ..., 1]
        warped = cv2.remap(following, columns + u, rows + v, cv2.INTER_LINEAR)
        errors["moved"].append(np.abs(warped - this)[inside].mean())
        errors["still"].append(np.abs(following - this)[inside].mean())
    assert np.mean(errors["moved"]) < 0.5 * np.mean(errors["still"])
