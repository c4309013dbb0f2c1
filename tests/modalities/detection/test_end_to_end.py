import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from tiny_networks import write_constant, write_detector

from triad.modalities.checks import InputError
from triad.modalities.detection.end_to_end import (
    BGR_MEAN,
    EndToEndDetector,
    channels_of_first_convolution,
    is_end_to_end,
)

BOXES = np.array([[4, 4, 20, 40, 0.5], [30, 10, 60, 30, 0.9], [1, 1, 9, 9, 0.05], [2, 2, 30, 30, 0.8]], np.float32)
LABELS = np.array([0, 0, 0, 56])
"""Two persons, one uncertain, and a chair."""


def write_end_to_end(path, *, dets=BOXES, labels=LABELS):
    types = {"labels": TensorProto.INT64}
    return write_constant(path, types=types, dets=dets[None].astype(np.float32), labels=labels[None])


def write_brightness(path, *, channels):
    """Write a detector whose score is the mean of the image that its first convolution reads."""
    nodes = [
        helper.make_node("Tile", ["images", "repeats"], ["stacked"]),
        helper.make_node("Conv", ["stacked", "weight"], ["features"]),
        helper.make_node("ReduceMean", ["features"], ["score"], axes=[1, 2, 3], keepdims=0),
        helper.make_node("Reshape", ["score", "shape"], ["column"]),
        helper.make_node("Concat", ["box", "column"], ["dets"], axis=2),
        helper.make_node("Identity", ["person"], ["labels"]),
    ]
    constants = {
        "repeats": np.array([1, channels // 3, 1, 1]),
        "weight": np.full((1, channels, 1, 1), 1 / channels, np.float32),
        "shape": np.array([1, 1, 1]),
        "box": np.array([[[0, 0, 32, 64]]], np.float32),
        "person": np.zeros((1, 1), np.int64),
    }
    outputs = {"dets": (TensorProto.FLOAT, [1, 1, 5]), "labels": (TensorProto.INT64, [1, 1])}
    graph = helper.make_graph(
        nodes,
        "brightness",
        [helper.make_tensor_value_info("images", TensorProto.FLOAT, [1, 3, 64, 64])],
        [helper.make_tensor_value_info(name, *kind) for name, kind in outputs.items()],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9), path)
    return path


def test_persons_are_kept_in_pixels(tmp_path):
    path = write_end_to_end(tmp_path / "d.onnx")
    assert is_end_to_end(path)
    detections = EndToEndDetector(path)(np.zeros((2, 64, 128, 3), np.uint8))  # twice as wide as the input
    assert len(detections) == 2
    np.testing.assert_allclose(detections[1].scores, [0.9, 0.5])
    np.testing.assert_allclose(detections[1].boxes, [[60, 20, 120, 60], [8, 8, 40, 64]])


@pytest.mark.parametrize(("channels", "normalised"), [(3, True), (12, False)])
def test_first_convolution_tells_the_normalisation(tmp_path, channels, normalised):
    path = write_brightness(tmp_path / "d.onnx", channels=channels)
    detector = EndToEndDetector(path)
    assert channels_of_first_convolution(path) == channels
    assert detector.normalised is normalised
    ((_, scores),) = detector(np.full((1, 64, 64, 3), 255, np.uint8))
    expected = np.mean((255 - BGR_MEAN) / np.array([57.375, 57.12, 58.395])[:, None, None]) if normalised else 255
    np.testing.assert_allclose(scores, [expected], rtol=1e-5)


def test_no_person_gives_no_box(tmp_path):
    detector = EndToEndDetector(write_end_to_end(tmp_path / "d.onnx", labels=np.array([1, 2, 3, 4])))
    (detections,) = detector(np.zeros((1, 64, 64, 3), np.uint8))
    assert detections.boxes.shape == (0, 4)


def test_other_outputs_are_refused(tmp_path):
    path = write_end_to_end(tmp_path / "d.onnx", labels=np.array([0, 0]))
    with pytest.raises(InputError, match=r"d.onnx' must give dets \[B, N, 5\] and labels \[B, N\], got"):
        EndToEndDetector(path)
    assert not is_end_to_end(write_detector(tmp_path / "yolox.onnx", []))
    (tmp_path / "text.onnx").write_text("no network")
    assert not is_end_to_end(tmp_path / "text.onnx")


def test_frames_go_in_batches_on_gpu(tmp_path, fake_gpu):
    path = write_end_to_end(tmp_path / "d.onnx")
    frames = np.zeros((11, 64, 128, 3), np.uint8)
    expected = EndToEndDetector(path)(frames[:1])[0]
    gpu = fake_gpu(installed=True, works=True)
    detector = EndToEndDetector(path, device="cuda")
    gpu.batch_sizes.clear()
    detections = detector(frames)
    assert gpu.batch_sizes == [8, 3]
    assert len(detections) == 11
    for boxes, _ in detections:
        np.testing.assert_array_equal(boxes, expected.boxes)
