"""Loading of exported models: batches as at test, files of other formats refused."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from onnx import TensorProto, helper
from trained_models import load_batch

from triad.fusion.data import ActionDataset, collate
from triad.fusion.inference.onnx_description import METADATA_KEY
from triad.fusion.inference.onnx_network import OnnxNetwork, load_onnx
from triad.modalities.checks import InputError


def write_identity(path: Path, metadata: str | None) -> Path:
    """Write an ONNX model of one node, with text as its description."""
    value = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1])
    output = helper.make_tensor_value_info("y", TensorProto.FLOAT, [1])
    graph = helper.make_graph([helper.make_node("Identity", ["x"], ["y"])], "g", [value], [output])
    model = helper.make_model(graph, ir_version=10, opset_imports=[helper.make_opsetid("", 18)])
    if metadata is not None:
        helper.set_model_props(model, {METADATA_KEY: metadata})
    onnx.save(model, path)
    return path


def test_loaded_model_reads_batches_of_test(exported, tiny):
    model = load_onnx(exported.path)
    assert (model.name, model.classes, model.temporal_sampler.num_clips) == ("sta", ("left", "right", "still"), 1)
    assert (model.clip_lengths.median, model.clip_lengths.longest) == (1.0, 1.0)
    assert model.scored_streams == tuple(exported.loaded.recognizer.scored_streams)
    skeleton = model.inputs["skeleton"]
    assert (skeleton.source, skeleton.num_frames, skeleton.reader.layout.name) == ("skeleton", 12, "minihome16")
    assert (model.inputs["rgb"].num_frames, model.inputs["rgb"].reader.frame_size) == (8, (120, 160))
    streams = {
        name: {"reader": stream.reader, "num_frames": stream.num_frames} for name, stream in model.inputs.items()
    }
    dataset = ActionDataset(
        index=tiny, protocol="cross_subject", split="test", streams=streams, temporal_sampler=model.temporal_sampler
    )
    batch = collate([dataset[0], dataset[1]])
    expected = load_batch(exported.loaded, tiny, 2)
    for name in ("rgb", "skeleton"):
        for field, value in expected[name].items():
            torch.testing.assert_close(batch[name][field], value, rtol=0, atol=0)


def test_batch_must_hold_every_stream(exported, tiny):
    batch = load_batch(exported.loaded, tiny, 1)
    del batch["rgb"]
    with pytest.raises(InputError, match=r"batch for '.*sta.onnx' must hold stream 'rgb', got none"):
        OnnxNetwork(exported.path)(batch)


def test_input_must_have_the_dtype(exported, tiny):
    batch = load_batch(exported.loaded, tiny, 1)
    batch["rgb"]["data"] = batch["rgb"]["data"].float()
    with pytest.raises(
        InputError, match=r"input 'rgb.data' of '.*' must be uint8 .* got float32 \[1, 8, 120, 160, 3\]"
    ):
        OnnxNetwork(exported.path)(batch)


def test_too_many_persons_are_refused(exported):
    network = OnnxNetwork(exported.path)
    network.document = json.loads(json.dumps(network.document))
    network.document["streams"]["skeleton"]["persons"] = 1
    row = {"name": "skeleton.data", "stream": "skeleton", "axes": "BMTVC", "shape": ["batch", 1, 2, 3, 3]}
    with pytest.raises(InputError, match=r"persons of input 'skeleton.data' of '.*' must be at most 1, got 2"):
        network._pad_persons(row, np.zeros((1, 2, 2, 3, 3)))


def test_fixed_persons_are_padded(exported):
    network = OnnxNetwork(exported.path)
    row = {"name": "skeleton.data", "stream": "skeleton", "axes": "BMTVC", "shape": ["batch", 2, 2, 3, 3]}
    padded = network._pad_persons(row, np.ones((1, 1, 2, 3, 3), np.float32))
    assert padded.shape == (1, 2, 2, 3, 3)
    assert not padded[:, 1].any()


def test_missing_and_damaged_files_are_refused(tmp_path):
    with pytest.raises(InputError, match="exported model must be a file"):
        OnnxNetwork(tmp_path / "none.onnx")
    (tmp_path / "text.onnx").write_text("no model")
    with pytest.raises(InputError, match="must be an ONNX model"):
        OnnxNetwork(tmp_path / "text.onnx")


@pytest.mark.parametrize("metadata", [None, "{}", "not json"])
def test_foreign_models_are_refused(tmp_path, metadata):
    path = write_identity(tmp_path / "foreign.onnx", metadata)
    with pytest.raises(InputError, match="must describe itself in its metadata 'triad', got no description"):
        OnnxNetwork(path)


def test_earlier_format_is_refused(tmp_path):
    path = write_identity(tmp_path / "old.onnx", json.dumps({"format": 1, "outputs": []}))
    message = (
        rf"^exported model '{path}' must have metadata format 2, got format 1; "
        r"export the model again \(triad export\)$"
    )
    with pytest.raises(InputError, match=message):
        load_onnx(path)


def test_weights_in_other_files_are_refused(exported, tmp_path):
    model = onnx.load(exported.path)
    weight = max(model.graph.initializer, key=lambda tensor: len(tensor.raw_data))
    onnx.external_data_helper.set_external_data(weight, "weights.bin")
    (tmp_path / "weights.bin").write_bytes(weight.raw_data)
    weight.ClearField("raw_data")
    (tmp_path / "model.onnx").write_bytes(model.SerializeToString())
    message = r"exported model '.*model.onnx' must hold its own weights, got weights in 'weights.bin'; save it as"
    with pytest.raises(InputError, match=message):
        load_onnx(tmp_path / "model.onnx")
