"""True flow agrees with the rendered frames."""

import cv2
import numpy as np

from triad.fusion.datasets.minihome import ClipSpec, draw_frames, perform
from triad.fusion.datasets.minihome.render import BACKGROUND, Scene, StaticLayer, add_noise, draw_flow, draw_layer_map
from triad.fusion.datasets.minihome.shapes import Shape, band


def test_flow_warps_next_frame_onto_this() -> None:
    scene = perform(ClipSpec(5, 12, "s03", 1)).scene  # sitting down: everything moves
    frames = draw_frames(scene)
    layer_map = draw_layer_map(scene)
    flow = draw_flow(scene)
    assert np.abs(flow).max() > 2.0
    assert not flow[layer_map[:-1] == BACKGROUND].any()
    rows, columns = np.mgrid[:120, :160].astype(np.float32)
    warped_errors, unwarped_errors = [], []
    for time in range(10, 20):
        inside = cv2.erode((layer_map[time] >= 0).astype(np.uint8), np.ones((5, 5))) > 0
        first, second = (cv2.cvtColor(frames[t], cv2.COLOR_RGB2GRAY).astype(np.float32) for t in (time, time + 1))
        u = flow[time, ..., 0]
        v = flow[time, ..., 1]
        warped = cv2.remap(second, columns + u, rows + v, cv2.INTER_LINEAR)
        warped_errors.append(np.abs(warped - first)[inside].mean())
        unwarped_errors.append(np.abs(second - first)[inside].mean())
    assert np.mean(warped_errors) < 0.5 * np.mean(unwarped_errors)


def test_later_layers_cover_earlier_ones() -> None:
    start = np.array([[50.0, 50.0]])
    end = np.array([[70.0, 50.0]])
    red, blue = (Shape(start, end, band(0, 1, 5, 5), color, "x") for color in ((200, 0, 0), (0, 0, 200)))
    background = np.zeros((240, 320, 3), np.uint8)
    mask = np.zeros((240, 320), np.uint8)
    mask[:, 120:] = 255
    wall = StaticLayer(np.full_like(background, 7), mask)
    scene = Scene(background, [red, blue, wall], 1)
    assert draw_frames(scene)[0, 50, [55, 65]].tolist() == [[0, 0, 200], [7, 7, 7]]
    assert draw_layer_map(scene)[0, 50, [10, 55, 65]].tolist() == [BACKGROUND, 1, 2]
    assert scene.layer_indices("x") == [0, 1]
    assert scene.layer_indices("furniture") == [2]


def test_noise_is_equal_in_all_channels() -> None:
    frames = np.full((2, 120, 160, 3), 128, np.uint8)
    noise = add_noise(frames, np.random.default_rng(0)).astype(int) - 128
    np.testing.assert_array_equal(noise, noise[..., :1].repeat(3, -1))
    assert 1.0 < noise.std() < 2.6
