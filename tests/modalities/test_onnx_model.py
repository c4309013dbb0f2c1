import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, BrokenBarrierError

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import helper
from tiny_networks import write_detector, write_heatmaps, write_network

from triad.modalities.checks import InputError
from triad.modalities.onnx_model import OnnxModel, usable_device


def load_model(path, **options):
    return OnnxModel(path, subject="weights", cure="", **options)


@pytest.mark.parametrize(
    ("device", "installed", "works", "message"),
    [
        ("tpu", True, True, "device of weights must be one of cpu, cuda, got 'tpu'"),
        ("cuda", False, False, "device of weights must be one that onnxruntime is installed for, got 'cuda'; install"),
        ("cuda", True, False, "device of weights must be one that onnxruntime can use, got 'cuda', which it has given"),
        ("cuda:x", True, True, "device of weights must be one of cpu, cuda, got 'cuda:x'"),
    ],
)
def test_unusable_device_is_refused(tmp_path, fake_gpu, device, installed, works, message):
    fake_gpu(installed=installed, works=works)
    with pytest.raises(InputError, match=message):
        load_model(write_heatmaps(tmp_path / "maps.onnx"), device=device)


def test_cpu_replaces_gpu_that_onnxruntime_lacks(monkeypatch, caplog):
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: ["CPUExecutionProvider"])
    assert [usable_device(device) for device in ("cuda:1", "cuda", "cpu", "tpu")] == ["cpu", "cpu", "cpu", "tpu"]
    assert caplog.messages == [
        "ONNX files run on the CPU: onnxruntime is installed without CUDA; pip install onnxruntime-gpu"
    ]
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: ["CUDAExecutionProvider"])
    assert usable_device("cuda:1") == "cuda:1"


def test_gpu_is_in_the_provenance(tmp_path, fake_gpu):
    path = write_heatmaps(tmp_path / "maps.onnx")
    requested = fake_gpu(installed=True, works=True).requested
    model = load_model(path, device="cuda:1")
    ((provider, settings),) = requested[0]
    assert provider == "CUDAExecutionProvider"
    assert settings["device_id"] == "1"
    assert settings["cudnn_conv_algo_search"] == "HEURISTIC"
    assert model.provenance["device"] == "cuda"
    assert "device" not in load_model(path).provenance


def test_fixed_batches_are_padded(tmp_path):
    nodes = [helper.make_node("Conv", ["images", "weight"], ["maps"])]
    rng = np.random.default_rng(1)
    weight = rng.normal(size=(17, 3, 1, 1)).astype(np.float32)
    path = write_network(tmp_path / "two.onnx", [2, 3, 4, 4], nodes, {"maps": [2, 17, 4, 4]}, weight=weight)
    images = rng.normal(size=(5, 3, 4, 4)).astype(np.float32)
    (maps,) = load_model(path)(images)
    np.testing.assert_allclose(maps, np.einsum("bchw,vc->bvhw", images, weight[..., 0, 0]), atol=1e-5)


def test_single_images_become_batches_on_gpu(tmp_path, fake_gpu):
    gpu = fake_gpu(installed=True, works=True)
    path = write_detector(tmp_path / "d.onnx", [(8, 8, 40, 56, 0.9)])
    images = np.random.default_rng(0).normal(size=(5, 3, 64, 64)).astype(np.float32)
    (expected,) = load_model(path)(images)
    model = load_model(path, device="cuda", max_batch_size=2)
    gpu.batch_sizes.clear()
    np.testing.assert_array_equal(model(images)[0], expected)
    assert gpu.batch_sizes == [2, 2, 1]


def test_network_of_one_image_stays_so(tmp_path, fake_gpu):
    """Its output is the mean of the whole batch."""
    nodes = [helper.make_node("ReduceMean", ["images"], ["mean"], axes=[0], keepdims=1)]
    path = write_network(tmp_path / "mean.onnx", [1, 3, 4, 4], nodes, {"mean": [1, 3, 4, 4]})
    gpu = fake_gpu(installed=True, works=True)
    model = load_model(path, device="cuda")
    gpu.batch_sizes.clear()
    assert model(np.zeros((3, 3, 4, 4), np.float32))[0].shape == (3, 3, 4, 4)
    assert gpu.batch_sizes == [1, 1, 1]


@pytest.mark.parametrize("column", [[np.nan] * 4, [np.inf, 0, 0, 0]])
def test_outputs_without_numbers_prove_nothing(tmp_path, fake_gpu, column):
    """A column that is added to the mean of the whole batch makes the tolerance NaN or infinite."""
    nodes = [
        helper.make_node("ReduceMean", ["images"], ["mean"], axes=[0], keepdims=1),
        helper.make_node("Mul", ["images", "zero"], ["zeros"]),
        helper.make_node("Add", ["mean", "zeros"], ["means"]),
        helper.make_node("Add", ["means", "column"], ["outputs"]),
    ]
    constants = {"zero": np.zeros(1, np.float32), "column": np.array(column, np.float32)}
    path = write_network(tmp_path / "n.onnx", [1, 3, 4, 4], nodes, {"outputs": [1, 3, 4, 4]}, **constants)
    gpu = fake_gpu(installed=True, works=True)
    model = load_model(path, device="cuda")
    gpu.batch_sizes.clear()
    model(np.zeros((2, 3, 4, 4), np.float32))
    assert gpu.batch_sizes == [1, 1]


@pytest.mark.parametrize(("device", "meets"), [("cpu", True), ("cuda", False)])
def test_threads_take_turns_on_gpu(tmp_path, fake_gpu, monkeypatch, device, meets):
    """Two threads run the network; on a CPU they meet in it, on a GPU the second waits for the first."""
    fake_gpu(installed=True, works=True)
    model = load_model(write_heatmaps(tmp_path / "maps.onnx"), device=device)
    meeting = Barrier(2)
    met = []

    def run(names, inputs):
        try:
            meeting.wait(0.2 if device == "cuda" else 30)
            met.append(True)
        except BrokenBarrierError:
            met.append(False)
        return [np.zeros((1, 17, 16, 12), np.float32)]

    monkeypatch.setattr(model._session, "run", run)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(model, [np.zeros((1, 3, 16, 12), np.float32)] * 2))
    assert met == [meets] * 2


def test_format_of_onnxruntime_is_refused(tmp_path):
    (tmp_path / "a.ort").write_bytes(b"ORTM")
    with pytest.raises(InputError, match=r"a.ort' must be an ONNX file, got onnxruntime's own format; give the .onnx"):
        load_model(tmp_path / "a.ort")


def test_text_file_is_refused(tmp_path):
    (tmp_path / "text.onnx").write_text("hello " * 30)
    message = re.escape(f"weights '{tmp_path / 'text.onnx'}' must be an ONNX file")
    with pytest.raises(InputError, match=message) as info:
        load_model(tmp_path / "text.onnx")
    assert "\n" not in str(info.value)


@pytest.mark.parametrize("nested", [False, True])
def test_weights_in_other_files_are_refused(tmp_path, nested):
    """Also those of a file beside it, which onnxruntime reads: the SHA-256 of the model does not cover them."""
    model = onnx.load(write_heatmaps(tmp_path / "maps.onnx"))
    weight = model.graph.initializer[0]
    if nested:
        weight = model.graph.node.add(op_type="Constant", output=["unused"]).attribute.add(name="value", type=4).t
        weight.CopyFrom(model.graph.initializer[0])
    onnx.external_data_helper.set_external_data(weight, "maps.bin")
    (tmp_path / "maps.bin").write_bytes(weight.raw_data)
    weight.ClearField("raw_data")
    (tmp_path / "maps.onnx").write_bytes(model.SerializeToString())
    with pytest.raises(
        InputError, match=r"maps.onnx' must hold its own weights, got weights in 'maps.bin'; save it as"
    ):
        load_model(tmp_path / "maps.onnx")
    onnx.save(onnx.load(tmp_path / "maps.onnx"), tmp_path / "whole.onnx")
    load_model(tmp_path / "whole.onnx")
