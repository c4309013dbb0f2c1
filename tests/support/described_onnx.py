"""Exported models of a stream of every modality without a network: every input is taken, every score is a constant."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper

from triad.fusion.data import Batch, collate
from triad.fusion.data.dataset import Sample
from triad.fusion.inference.interfaces import Model
from triad.fusion.inference.onnx_description import FORMAT, METADATA_KEY, describe_tensors
from triad.modalities.augmentation import SpatialAugmentation
from triad.modalities.clips import Span
from triad.modalities.modality import MODALITIES, get_modality
from triad.modalities.skeleton import register_definition
from triad.modalities.skeleton.layouts import define_layout

CLASSES = ("sit", "stand", "wave")
READERS: dict[str, dict[str, Any]] = {
    "rgb": {"frame_size": [6, 8], "crop_mode": "border"},
    "flow": {"frame_size": [6, 8], "stack": 2},
    "skeleton": {"layout": "own5", "frame_size": [6, 8], "convert_from": None, "persons": 2},
    "depth": {"frame_size": [6, 8], "unit": 0.001},
    "objects": {"vocabulary": "coco80", "frame_size": [6, 8], "max_objects": 3, "min_score": 0.1},
    "features": {"channels": 3},
}
NUM_FRAMES = 4
OWN_LAYOUT = {
    "name": "own5",
    "joints": ["hip", "neck", "head", "left_hand", "right_hand"],
    "parents": [None, "hip", "neck", "neck", "neck"],
}


def blank_batch(readers: dict[str, Any], num_frames: dict[str, int]) -> Batch:
    """Return a batch of one sample without content."""
    clips = {name: reader.blank(np.linspace(0, 1, num_frames[name])) for name, reader in readers.items()}
    present = dict.fromkeys(clips, True)
    return collate([Sample("a", -1, 0, Span(0, 1), SpatialAugmentation(), clips, present)])


def batch_for(model: Model) -> Batch:
    """Return a blank batch as prediction feeds it to a loaded model."""
    readers = {name: entry.reader for name, entry in model.inputs.items()}
    return blank_batch(readers, {name: entry.num_frames for name, entry in model.inputs.items()})


def make_description() -> dict[str, Any]:
    """Return the description of a model that reads a stream of every modality."""
    layout = register_definition(OWN_LAYOUT, subject="layout")
    readers = {name: get_modality(name).reader(**READERS[name]) for name in MODALITIES}
    batch = blank_batch(readers, dict.fromkeys(MODALITIES, NUM_FRAMES))
    streams = {
        name: {
            **{"modality": name, "source": name, "num_frames": NUM_FRAMES},
            "reader": {"type": get_modality(name).reader.__name__, **READERS[name]},
        }
        for name in MODALITIES
    }
    streams["skeleton"] |= {"persons": 2, "layout_definitions": [define_layout(layout)]}
    return {
        **{"format": FORMAT, "classes": list(CLASSES), "clips": {"median": 1.0, "longest": 2.5}, "average_clips": None},
        "temporal_sampler": {"policy": "uniform", "length": None, "min_span_ratio": 1.0, "num_clips": 2},
        "view": {"x": 0.0, "y": 0.0, "width": 1.0, "height": 1.0, "num_crops": 1},
        "streams": streams,
        **describe_tensors(batch, {name: name for name in MODALITIES}, len(CLASSES), scored=MODALITIES),
    }


def make_graph(description: dict[str, Any]) -> onnx.ModelProto:
    """Return a graph of the inputs and outputs of a description, without the description."""
    inputs = [
        helper.make_tensor_value_info(
            row["name"], helper.np_dtype_to_tensor_dtype(np.dtype(row["dtype"])), row["shape"]
        )
        for row in description["inputs"]
    ]
    outputs = [helper.make_tensor_value_info(row["name"], TensorProto.FLOAT, [1, 3]) for row in description["outputs"]]
    scores = helper.make_tensor("scores", TensorProto.FLOAT, [1, 3], [0.0, 1.0, 2.0])
    nodes = [helper.make_node("Identity", ["scores"], [row["name"]]) for row in description["outputs"]]
    graph = helper.make_graph(nodes, "g", inputs, outputs, [scores])
    return helper.make_model(graph, ir_version=10, opset_imports=[helper.make_opsetid("", 18)])


def write_described(path: Path, graph: onnx.ModelProto, description: Any) -> Path:
    """Write a graph with a description in its metadata."""
    del graph.metadata_props[:]
    helper.set_model_props(
        graph, {METADATA_KEY: description if isinstance(description, str) else json.dumps(description)}
    )
    path.write_bytes(graph.SerializeToString())
    return path
