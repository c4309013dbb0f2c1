import numpy as np
import pytest
from tiny_networks import write_detector, write_heatmaps, write_movenet, write_simcc

from triad.modalities.checks import InputError
from triad.modalities.skeleton.pose_estimation import onnx_pose
from triad.modalities.skeleton.pose_estimation.cropping import crop_frame, crop_regions, normalise_images
from triad.modalities.skeleton.pose_estimation.onnx_pose import OnnxPose

RNG = np.random.default_rng(1)
FRAMES = RNG.integers(0, 255, (3, 41, 53, 3), np.uint8)  # odd sides
BOXES = [
    np.array([[3, 2, 30, 38]], np.float32),
    np.zeros((0, 4), np.float32),
    np.array([[5, 5, 52, 40]] * 2, np.float32),
]


@pytest.mark.parametrize("joints", [17, 26, 133])
def test_simcc_matches_numpy(tmp_path, joints):
    x_weights = RNG.normal(size=(3 * 8 * 6, joints, 12)).astype(np.float32)  # two bins a pixel, as in RTMPose
    y_weights = RNG.normal(size=(3 * 8 * 6, joints, 16)).astype(np.float32)
    model = OnnxPose(write_simcc(tmp_path / "simcc.onnx", x_weights, y_weights, size_hw=(8, 6)))
    results = model(FRAMES, BOXES)
    assert (model.kind, model.layout) == ("simcc", "coco17")
    assert [points.shape for points, _ in results] == [(1, 17, 2), (0, 17, 2), (2, 17, 2)]
    for number in (0, 2):
        for box, points, scores in zip(BOXES[number], *results[number], strict=True):
            (region,) = crop_regions(box[None], (8, 6))
            flat = normalise_images(crop_frame(FRAMES[number], region, (8, 6))[None]).reshape(-1)
            x, y = (np.einsum("i,ivb->vb", flat, weights)[:17] for weights in (x_weights, y_weights))
            bins = np.stack([x.argmax(-1), y.argmax(-1)], -1)
            expected = region[:2] + (bins / 2 / [6, 8] - 0.5) * region[2:]
            np.testing.assert_allclose(points, expected, atol=1e-4)
            np.testing.assert_allclose(scores, np.minimum(x.max(-1), y.max(-1)).clip(0, 1), atol=1e-4)


def test_heatmaps_are_recognised_by_shape(tmp_path):
    model = OnnxPose(write_heatmaps(tmp_path / "maps.onnx"))
    assert model.kind == "heatmap"
    points, scores = model(FRAMES, BOXES)[0]
    assert points.shape == (1, 17, 2)
    assert np.all((scores >= 0) & (scores <= 1))
    assert "quarter" in model.provenance["settings"]["decoding"]
    assert len(model.provenance["weights"]) == 64


def test_crowd_is_cropped_batch_by_batch(tmp_path, monkeypatch):
    model = OnnxPose(write_heatmaps(tmp_path / "maps.onnx"))
    single = model(FRAMES[:1], [BOXES[0]])[0]
    crowd = [np.repeat(BOXES[0], 50, 0), BOXES[1], np.repeat(BOXES[0], 31, 0)]
    batch_sizes = []
    original = onnx_pose.normalise_images

    def record_size(images):
        batch_sizes.append(len(images))
        return original(images)

    monkeypatch.setattr(onnx_pose, "normalise_images", record_size)
    results = model(FRAMES, crowd)
    assert batch_sizes == [32, 32, 17]
    assert [len(points) for points, _ in results] == [50, 0, 31]
    np.testing.assert_allclose(results[0][0], single[0].repeat(50, 0), atol=1e-4)


def test_no_boxes_give_no_poses(tmp_path):
    results = OnnxPose(write_heatmaps(tmp_path / "maps.onnx"))(FRAMES, [np.zeros((0, 4), np.float32)] * 3)
    assert [points.shape for points, _ in results] == [(0, 17, 2)] * 3


def test_missing_file_names_the_download():
    message = r"pose weights must be a file, got 'missing\.onnx', which .*Ultralight-SimplePose \(SHA-256 401b3204"
    with pytest.raises(InputError, match=message):
        OnnxPose("missing.onnx")


def test_other_networks_are_refused(tmp_path):
    with pytest.raises(InputError, match=r"must give heat maps .* got \[\[1, 84, 6\]\]"):
        OnnxPose(write_detector(tmp_path / "detector.onnx", []))
    with pytest.raises(InputError, match=r"must have 17 joints \(COCO\), 26 .* got 5"):
        OnnxPose(write_heatmaps(tmp_path / "five.onnx", joints=5))


def test_movenet_reads_pixels(tmp_path):
    model = OnnxPose(write_movenet(tmp_path / "movenet.onnx"))
    frames = np.full((1, 100, 100, 3), (51, 102, 204), np.uint8)  # y, x and score: 0.2, 0.4 and 0.8
    ((points, scores),) = model(frames, [np.array([[20, 30, 60, 70]], np.float32)])
    assert (model.kind, model.layout) == ("coordinates", "coco17")
    region = [40 - 25, 50 - 25, 50]  # left, top and side: 1.25 × 40 pixels around the box
    expected = [region[0] + 0.4 * region[2], region[1] + 0.2 * region[2]]
    np.testing.assert_allclose(points[0], [expected] * 17, atol=1e-4)
    np.testing.assert_allclose(scores[0], [0.8] * 17, atol=1e-6)


def test_movenet_sees_black_beside_the_frame(tmp_path):
    model = OnnxPose(write_movenet(tmp_path / "movenet.onnx"))
    ((_, scores),) = model(np.full((1, 40, 40, 3), 255, np.uint8), [np.array([[0, 0, 40, 40]], np.float32)])
    assert scores[0, 0] == pytest.approx(0.64, abs=0.05)  # 40² of 50² pixels are in the frame
