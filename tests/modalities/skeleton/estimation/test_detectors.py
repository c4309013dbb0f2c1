import numpy as np
import pytest
import torch
from onnx import helper
from tiny_networks import write_detector, write_heatmaps, write_network, yolox_rows

from modalities.checks import InputError
from modalities.skeleton.pose_estimation.detectors import WholeFrame, Yolox
from modalities.skeleton.pose_estimation.detectors.nms import nms, overlaps
from modalities.skeleton.pose_estimation.detectors.yolox import decode_boxes, grid_of, letterbox


def test_the_grid_has_the_fine_cells_first():
    grid, strides = grid_of((64, 32))
    assert len(grid) == 8 * 4 + 4 * 2 + 2 * 1
    np.testing.assert_array_equal(grid[[0, 1, 4, 32, 33]], [[0, 0], [1, 0], [0, 1], [0, 0], [1, 0]])
    np.testing.assert_array_equal(strides[[0, 31, 32, 40], 0], [8, 8, 16, 32])


def test_boxes_are_offsets_and_logarithms_in_strides():
    rows = np.array([[0.5, 0.25, np.log(2), np.log(4), 1, 1]], np.float32)
    boxes = decode_boxes(rows, np.array([[3, 1]], np.float32), np.array([[16]], np.float32))
    np.testing.assert_allclose(boxes, [[56 - 16, 20 - 32, 56 + 16, 20 + 32]], rtol=1e-6)
    rows = yolox_rows([(8, 16, 24, 48, 0.9)])
    np.testing.assert_allclose(decode_boxes(rows[:1], *(each[:1] for each in grid_of((64, 64)))), [[8, 16, 24, 48]])


def test_the_letterbox_is_bgr_and_grey_below():
    frame = np.full((50, 101, 3), (10, 20, 30), np.uint8)
    picture = letterbox(frame, (64, 64))
    assert picture.shape == (3, 64, 64)
    np.testing.assert_array_equal(picture[:, 0, 0], [30, 20, 10])
    np.testing.assert_array_equal(picture[:, 31, 0], [114] * 3)  # 64 / 101 × 50 is 31 rows
    np.testing.assert_array_equal(picture[:, 30, 63], [30, 20, 10])


def test_yolox_gives_boxes_in_pixels_of_the_frame_the_surest_first(tmp_path):
    boxes = [(4, 4, 20, 40, 0.5), (4, 4, 20, 39, 0.9), (30, 10, 60, 30, 0.6), (1, 1, 9, 9, 0.05)]
    detector = Yolox(write_detector(tmp_path / "yolox.onnx", boxes))
    found = detector(np.zeros((2, 64, 128, 3), np.uint8))  # twice as wide as the input
    assert len(found) == 2
    np.testing.assert_allclose(found[1].scores, [0.9, 0.6], rtol=1e-5)  # of two that overlap the surer
    np.testing.assert_allclose(found[1].boxes, [[8, 8, 40, 64], [60, 20, 120, 60]], rtol=1e-4)
    assert detector.provenance["settings"] == {"least": 0.1, "overlap": 0.65}


def test_overlaps_and_boxes_out_of_the_frame():
    first, second = np.array([[0, 0, 4, 4], [10, 10, 10, 10]]), np.array([[2, 0, 6, 4], [0, 0, 4, 4]])
    np.testing.assert_allclose(overlaps(first, second), [[8 / 24, 1], [0, 0]])
    found = nms(np.array([[-9, 0, 0.5, 5], [2, 2, 8, 8]], np.float32), np.array([1, 0.5]), (6, 6), overlap=0.5)
    np.testing.assert_array_equal(found.boxes, [[2, 2, 6, 6]])


def test_the_whole_frame():
    (found,) = WholeFrame()(np.zeros((1, 5, 7, 3), np.uint8))
    np.testing.assert_array_equal(found.boxes, [[0, 0, 7, 5]])


def test_another_network_is_no_yolox(tmp_path):
    path = write_heatmaps(tmp_path / "pose.onnx", size_hw=(64, 64))
    with pytest.raises(
        InputError, match=r"detector weights '.*pose.onnx' must give \[B, 84, 5 \+ classes\] as YOLOX does"
    ):
        Yolox(path)
    with pytest.raises(InputError, match=r"detector weights must be a file, got 'gone.onnx'.*opencv_zoo.*c789161e"):
        Yolox("gone.onnx")


def test_a_yolox_that_decodes_its_boxes_itself_is_refused(tmp_path):
    rows = np.zeros((84, 6), np.float32)
    rows[:, 2:4] = [31.0, 57.0]  # pixels
    zero, nodes = np.zeros((), np.float32), [helper.make_node("ReduceMean", ["images"], ["mean"], keepdims=0)]
    nodes += [helper.make_node("Mul", ["mean", "zero"], ["no"]), helper.make_node("Add", ["rows", "no"], ["output"])]
    outputs = {"output": [1, 84, 6]}
    path = write_network(tmp_path / "own.onnx", [1, 3, 64, 64], nodes, outputs, rows=rows[None], zero=zero)
    with pytest.raises(InputError, match=r"must give boxes that are not decoded, got .*without --decode_in_inference"):
        Yolox(path)


@pytest.mark.slow
def test_torchvision_runs_weights_of_a_file_and_says_where_they_are_published(tmp_path):
    from torchvision.models import get_model

    from modalities.skeleton.pose_estimation.detectors.torchvision_detector import TorchvisionDetector

    name = "ssdlite320_mobilenet_v3_large"
    source = "https://download.pytorch.org/models/ssdlite320.*SHA-256 begins with a79551df"
    with pytest.raises(InputError, match=f"weights of detector '{name}' must be given, got none; .*{source}"):
        TorchvisionDetector(name, weights=None)
    with pytest.raises(InputError, match=f"'gone.pth', which does not exist; .*{source}"):
        TorchvisionDetector(name, weights="gone.pth")
    with pytest.raises(InputError, match=r"--detector must be one of .*got 'ssdlite320_mobilenet'.*did you mean"):
        TorchvisionDetector("ssdlite320_mobilenet", weights=None)
    torch.manual_seed(0)
    network = get_model(name, weights=None, weights_backbone=None)
    torch.save(network.state_dict(), tmp_path / "random.pth")
    frames = np.random.default_rng(0).integers(0, 255, (2, 41, 53, 3), np.uint8)
    detector = TorchvisionDetector(name, weights=tmp_path / "random.pth", least=0.0)
    with torch.inference_mode():
        (_, row) = network.eval()([torch.from_numpy(frame).permute(2, 0, 1) / 255 for frame in frames])
    theirs = row["scores"][row["labels"] == 1].numpy()
    np.testing.assert_allclose(detector(frames)[1].scores[:1], theirs[:1], rtol=1e-4)
    torch.save({**network.state_dict(), "a": torch.zeros(1)}, tmp_path / "other.pth")
    with pytest.raises(InputError, match=rf"'a' of weights of detector '{name}' '.*other.pth' must be absent"):
        TorchvisionDetector(name, weights=tmp_path / "other.pth")
