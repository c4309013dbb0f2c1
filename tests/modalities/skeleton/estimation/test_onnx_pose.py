import re

import numpy as np
import onnxruntime
import pytest
from tiny_networks import write_detector, write_heatmaps, write_network, write_simcc

from modalities.checks import InputError
from modalities.skeleton.pose_estimation import onnx_pose
from modalities.skeleton.pose_estimation.cropping import crop, crop_regions, normalised
from modalities.skeleton.pose_estimation.onnx_model import OnnxModel
from modalities.skeleton.pose_estimation.onnx_pose import OnnxPose

RNG = np.random.default_rng(1)
FRAMES = RNG.integers(0, 255, (3, 41, 53, 3), np.uint8)  # odd sides
BOXES = [
    np.array([[3, 2, 30, 38]], np.float32),
    np.zeros((0, 4), np.float32),
    np.array([[5, 5, 52, 40]] * 2, np.float32),
]


@pytest.mark.parametrize("joints", [17, 26, 133])
def test_simcc_of_a_random_network_to_the_bin(tmp_path, joints):
    x = RNG.normal(size=(3 * 8 * 6, joints, 12)).astype(np.float32)  # two bins a pixel, as RTMPose has
    y = RNG.normal(size=(3 * 8 * 6, joints, 16)).astype(np.float32)
    model = OnnxPose(write_simcc(tmp_path / "simcc.onnx", x, y, size_hw=(8, 6)))
    found = model(FRAMES, BOXES)
    assert (model.kind, model.layout) == ("simcc", "coco17")
    assert [points.shape for points, _ in found] == [(1, 17, 2), (0, 17, 2), (2, 17, 2)]
    for number in (0, 2):
        for box, points, scores in zip(BOXES[number], *found[number], strict=True):
            (region,) = crop_regions(box[None], (8, 6))
            flat = normalised(crop(FRAMES[number], region, (8, 6))[None]).reshape(-1)
            along = [np.einsum("i,ivb->vb", flat, weight)[:17] for weight in (x, y)]
            bins = np.stack([each.argmax(-1) for each in along], -1)
            wanted = region[:2] + (bins / 2 / [6, 8] - 0.5) * region[2:]
            np.testing.assert_allclose(points, wanted, atol=1e-4)
            np.testing.assert_allclose(scores, np.minimum(*(each.max(-1) for each in along)).clip(0, 1), atol=1e-4)


def test_heat_maps_are_told_by_their_shape(tmp_path):
    model = OnnxPose(write_heatmaps(tmp_path / "maps.onnx"))
    assert model.kind == "heatmap"
    points, scores = model(FRAMES, BOXES)[0]
    assert points.shape == (1, 17, 2)
    assert np.all((scores >= 0) & (scores <= 1))
    assert "quarter" in model.provenance["settings"]["decoding"]
    assert len(model.provenance["weights"]) == 64


def test_a_crowd_is_cropped_batch_by_batch(tmp_path, monkeypatch):
    model, largest = OnnxPose(write_heatmaps(tmp_path / "maps.onnx")), []
    alone = model(FRAMES[:1], [BOXES[0]])[0]
    crowd = [np.repeat(BOXES[0], 50, 0), BOXES[1], np.repeat(BOXES[0], 31, 0)]
    whole = onnx_pose.normalised
    monkeypatch.setattr(onnx_pose, "normalised", lambda images: (largest.append(len(images)), whole(images))[1])
    found = model(FRAMES, crowd)
    assert largest == [32, 32, 17]
    assert [len(points) for points, _ in found] == [50, 0, 31]
    np.testing.assert_allclose(found[0][0], alone[0].repeat(50, 0), atol=1e-4)


@pytest.mark.parametrize(
    ("device", "installed", "works", "message"),
    [
        ("cuda", False, False, "device of weights must be one that onnxruntime is installed for, got 'cuda'; install"),
        ("cuda", True, False, "device of weights must be one that onnxruntime can use, got 'cuda', which it has given"),
        ("cuda:x", True, True, "device of weights must be one of cpu, cuda, got 'cuda:x'"),
    ],
)
def test_a_gpu_that_is_not_used_is_told(tmp_path, monkeypatch, device, installed, works, message):
    fake_gpu(monkeypatch, installed=installed, works=works)
    with pytest.raises(InputError, match=message):
        OnnxModel(write_heatmaps(tmp_path / "maps.onnx"), what="weights", cure="", device=device)


def test_which_gpu_and_that_it_was_one_are_kept(tmp_path, monkeypatch):
    path = write_heatmaps(tmp_path / "maps.onnx")
    asked = fake_gpu(monkeypatch, installed=True, works=True)
    model = OnnxModel(path, what="weights", cure="", device="cuda:1")
    assert asked == [[("CUDAExecutionProvider", {"device_id": "1"})]]
    assert model.provenance["device"] == "cuda"
    assert "device" not in OnnxModel(path, what="weights", cure="").provenance


def fake_gpu(monkeypatch, *, installed, works):
    """onnxruntime as it is with a GPU; what it was asked for."""
    real, asked = onnxruntime.InferenceSession, []

    class Session(real):
        def __init__(self, path, options, providers):
            asked.append(providers)
            super().__init__(path, options, providers=["CPUExecutionProvider"])

        def get_providers(self):
            return [asked[-1][0][0]] if works else ["CPUExecutionProvider"]

    there = ["CUDAExecutionProvider", "CPUExecutionProvider"]
    if installed:
        monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: there)
    monkeypatch.setattr(onnxruntime, "InferenceSession", Session)
    return asked


def test_nobody_costs_nothing(tmp_path):
    found = OnnxPose(write_heatmaps(tmp_path / "maps.onnx"))(FRAMES, [np.zeros((0, 4), np.float32)] * 3)
    assert [points.shape for points, _ in found] == [(0, 17, 2)] * 3


def test_a_file_made_for_a_fixed_batch_gets_its_number_at_a_time(tmp_path):
    from onnx import helper

    shape = {"maps": [2, 17, 4, 4]}
    nodes = [helper.make_node("Conv", ["images", "weight"], ["maps"])]
    weight = RNG.normal(size=(17, 3, 1, 1)).astype(np.float32)
    path = write_network(tmp_path / "two.onnx", [2, 3, 4, 4], nodes, shape, weight=weight)
    images = RNG.normal(size=(5, 3, 4, 4)).astype(np.float32)
    (maps,) = OnnxModel(path, what="weights", cure="")(images)
    np.testing.assert_allclose(maps, np.einsum("bchw,vc->bvhw", images, weight[..., 0, 0]), atol=1e-5)


def test_a_missing_file_says_where_to_get_it():
    message = r"pose weights must be a file, got 'gone\.onnx', which .*Ultralight-SimplePose \(SHA-256 401b3204"
    with pytest.raises(InputError, match=message):
        OnnxPose("gone.onnx")


def test_a_text_file_is_no_network(tmp_path):
    (tmp_path / "text.onnx").write_text("hello " * 30)
    with pytest.raises(
        InputError, match=re.escape(f"pose weights '{tmp_path / 'text.onnx'}' must be an ONNX file")
    ) as info:
        OnnxPose(tmp_path / "text.onnx")
    assert "\n" not in str(info.value)


def test_other_networks_are_refused(tmp_path):
    with pytest.raises(InputError, match=r"must give heat maps .* got \[\[1, 84, 6\]\]"):
        OnnxPose(write_detector(tmp_path / "detector.onnx", []))
    with pytest.raises(InputError, match=r"must have 17 joints \(COCO\), 26 .* got 5"):
        OnnxPose(write_heatmaps(tmp_path / "five.onnx", joints=5))
    with pytest.raises(InputError, match="device of weights must be one of cpu, cuda, got 'tpu'"):
        OnnxModel(write_heatmaps(tmp_path / "maps.onnx"), what="weights", cure="", device="tpu")
