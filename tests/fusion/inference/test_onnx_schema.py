"""Descriptions of exported models: types and sizes are judged before anything is built."""

from __future__ import annotations

import inspect
import tracemalloc
from typing import Any

import pytest
from described_onnx import batch_for, make_description, make_graph, write_described

from triad.fusion.data import TemporalSampler
from triad.fusion.inference.onnx_network import load_onnx
from triad.fusion.inference.onnx_schema import READER_OPTIONS, SAMPLER_OPTIONS
from triad.modalities.checks import InputError
from triad.modalities.modality import MODALITIES, get_modality


@pytest.fixture
def description() -> dict[str, Any]:
    return make_description()


def test_described_model_takes_its_batch(tmp_path, description):
    model = load_onnx(write_described(tmp_path / "a.onnx", make_graph(description), description))
    assert (model.classes, tuple(model.inputs)) == (("sit", "stand", "wave"), MODALITIES)
    assert model.temporal_sampler.num_clips == 2
    scores = model.network(batch_for(model))
    assert {name: values.tolist() for name, values in scores.items()} == {
        name: [[0, 1, 2]] for name in (*MODALITIES, "fused")
    }


def test_null_is_an_options_default(tmp_path, description):
    description["temporal_sampler"] = {"min_span_ratio": None, "num_clips": None, "out_of_bound_opt": None}
    description["streams"]["skeleton"]["reader"]["crop_mode"] = None
    description["clips"] = description["view"] = None
    model = load_onnx(write_described(tmp_path / "a.onnx", make_graph(description), description))
    assert (model.temporal_sampler.num_clips, model.clip_lengths) == (1, None)
    assert model.inputs["skeleton"].reader.crop_mode == "border"


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        (
            "streams.rgb.num_frames",
            10**15,
            "num_frames of rgb of streams of .* must be a whole number from 1 to 100000",
        ),
        ("streams.rgb.reader.frame_size", [10**6, 8], "entry 0 of frame_size of reader .* got 1000000"),
        ("streams.rgb.reader.frame_size", [600, 8], "axis H of input 'rgb.data' of .* must have .* size, 600, got 6"),
        ("streams.flow.reader.stack", 3, "axis L of input 'flow.data' of .* must have its stream's size, 3, got 2"),
        ("streams.skeleton.persons", "2", "persons of skeleton .* must be a whole number from 1 to 1000, got '2'"),
        ("streams.rgb.modality", "sound", "modality of rgb .* must be one of rgb, flow, skeleton, depth, objects"),
        ("streams.rgb.reader.type", "os.system", "must be 'RgbReader', got 'os.system'; predict with the checkpoint"),
        ("streams.rgb.reader.layout", "ntu25", "reader of stream 'rgb' .* must be given the options of this version"),
        ("temporal_sampler.num_clips", 10**9, "num_clips of temporal_sampler .* from 1 to 1000, got 1000000000"),
        ("inputs.0.name", "x", "inputs described in .* must be rgb.data, .* got x, .*"),
        ("inputs.0.stream", "sound", "stream of input 'rgb.data' of .* must be one of .* got 'sound'"),
        ("inputs.0.dtype", "float32", "input 'rgb.data' of .* must be described as uint8"),
        (
            "inputs.0.field",
            "joints",
            "field of input 'rgb.data' of .* must be one of data, present, valid, got 'joints'",
        ),
        ("inputs.0.axes", "BT", "input 'rgb.data' of .* must be described as .* with axes 'BT'"),
        ("classes", ["a", "b"], r"classes of .* must be as many as its scores, got 2 for \[1, 3\]"),
        ("classes", ["a", "a", "b"], "classes of .* must be one or more different names, got a, a, b"),
    ],
)
def test_wrong_fields_are_named(tmp_path, description, place, value, message):
    graph = make_graph(description)
    *owners, key = [int(part) if part.isdecimal() else part for part in place.split(".")]
    node = description
    for owner in owners:
        node = node[owner]
    node[key] = value
    with pytest.raises(InputError, match=message) as info:
        load_onnx(write_described(tmp_path / "a.onnx", graph, description))
    assert "\n" not in str(info.value)


def test_huge_clips_are_refused_unallocated(tmp_path, description):
    """The graph agrees with its description: nothing but the size is wrong."""
    size = [16_384, 16_384]
    description["streams"]["rgb"]["reader"]["frame_size"] = size
    description["inputs"][0]["shape"][2:4] = size
    path = write_described(tmp_path / "a.onnx", make_graph(description), description)
    tracemalloc.start()
    try:
        with pytest.raises(InputError, match=r"'rgb.data' of .* must take at most 4294967296 bytes, got 6442450944 of"):
            load_onnx(path)
        assert tracemalloc.get_traced_memory()[1] < 10 << 20
    finally:
        tracemalloc.stop()


def test_names_not_in_utf8_are_refused(tmp_path, description, capfd):
    path = write_described(tmp_path / "a.onnx", make_graph(description), description)
    path.write_bytes(path.read_bytes().replace(b"rgb.valid", b"rgb.\xff\xfelid"))
    with pytest.raises(InputError, match="must be an ONNX model, got 'utf-8' codec can't decode byte 0xff"):
        load_onnx(path)
    assert capfd.readouterr().out == ""


def test_deep_descriptions_are_refused(tmp_path, description):
    path = write_described(tmp_path / "a.onnx", make_graph(description), "[" * 100_000)
    with pytest.raises(InputError, match="must describe itself in its metadata 'triad', got no description"):
        load_onnx(path)


def test_every_option_has_a_schema():
    assert set(SAMPLER_OPTIONS.optional) == set(inspect.signature(TemporalSampler).parameters)
    known = {*READER_OPTIONS.required, *READER_OPTIONS.optional}
    for name in MODALITIES:
        assert set(inspect.signature(get_modality(name).reader).parameters) <= known
