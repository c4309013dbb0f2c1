import numpy as np
import pytest
from onnx import helper
from tiny_networks import write_detector, write_heatmaps, write_network, yolox_rows

from triad.modalities.checks import InputError
from triad.modalities.detection.detector_input import letterbox
from triad.modalities.detection.yolox import decode_boxes, make_grid
from triad.modalities.skeleton.pose_estimation.detectors import Yolox


def test_fine_cells_come_first():
    grid, strides = make_grid((64, 32))
    assert len(grid) == 8 * 4 + 4 * 2 + 2 * 1
    np.testing.assert_array_equal(grid[[0, 1, 4, 32, 33]], [[0, 0], [1, 0], [0, 1], [0, 0], [1, 0]])
    np.testing.assert_array_equal(strides[[0, 31, 32, 40], 0], [8, 8, 16, 32])


def test_boxes_are_decoded_by_hand():
    rows = np.array([[0.5, 0.25, np.log(2), np.log(4), 1, 1]], np.float32)
    boxes = decode_boxes(rows, np.array([[3, 1]], np.float32), np.array([[16]], np.float32))
    np.testing.assert_allclose(boxes, [[56 - 16, 20 - 32, 56 + 16, 20 + 32]], rtol=1e-6)
    rows = yolox_rows([(8, 16, 24, 48, 0.9)])
    grid, strides = make_grid((64, 64))
    np.testing.assert_allclose(decode_boxes(rows[:1], grid[:1], strides[:1]), [[8, 16, 24, 48]])


def test_letterbox_is_bgr_with_grey_below():
    frame = np.full((50, 101, 3), (10, 20, 30), np.uint8)
    picture = letterbox(frame, (64, 64))
    assert picture.shape == (3, 64, 64)
    np.testing.assert_array_equal(picture[:, 0, 0], [30, 20, 10])
    np.testing.assert_array_equal(picture[:, 31, 0], [114] * 3)  # 64 / 101 × 50 is 31 rows
    np.testing.assert_array_equal(picture[:, 30, 63], [30, 20, 10])


def test_boxes_are_pixels_by_descending_score(tmp_path):
    boxes = [(4, 4, 20, 40, 0.5), (4, 4, 20, 39, 0.9), (30, 10, 60, 30, 0.6), (1, 1, 9, 9, 0.05)]
    detector = Yolox(write_detector(tmp_path / "yolox.onnx", boxes))
    detections = detector(np.zeros((2, 64, 128, 3), np.uint8))  # twice as wide as the input
    assert len(detections) == 2
    np.testing.assert_allclose(detections[1].scores, [0.9, 0.6], rtol=1e-5)  # two overlap
    np.testing.assert_allclose(detections[1].boxes, [[8, 8, 40, 64], [60, 20, 120, 60]], rtol=1e-4)
    assert detector.provenance["settings"] == {"least": 0.1, "overlap": 0.65}


def test_other_networks_are_refused(tmp_path):
    path = write_heatmaps(tmp_path / "pose.onnx", size_hw=(64, 64))
    with pytest.raises(
        InputError, match=r"detector weights '.*pose.onnx' must give \[B, 84, 5 \+ classes\] as YOLOX does"
    ):
        Yolox(path)
    with pytest.raises(InputError, match=r"detector weights must be a file, got 'missing.onnx'.*opencv_zoo.*c789161e"):
        Yolox("missing.onnx")


def test_decoded_boxes_are_taken(tmp_path):
    rows = np.zeros((84, 6), np.float32)
    rows[5] = [20, 32, 16, 40, 1, 0.75]  # pixels: centre, sides
    nodes = [
        helper.make_node("ReduceMean", ["images"], ["mean"], keepdims=0),
        helper.make_node("Mul", ["mean", "zero"], ["nothing"]),
        helper.make_node("Add", ["rows", "nothing"], ["output"]),
    ]
    outputs = {"output": [1, 84, 6]}
    constants = {"rows": rows[None], "zero": np.zeros((), np.float32)}
    path = write_network(tmp_path / "decoded.onnx", [1, 3, 64, 64], nodes, outputs, **constants)
    (detections,) = Yolox(path)(np.zeros((1, 64, 128, 3), np.uint8))
    np.testing.assert_allclose(detections.boxes, [[24, 24, 56, 64]])  # twice as wide as the input, clipped below
    np.testing.assert_allclose(detections.scores, [0.75])
