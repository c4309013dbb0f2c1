"""Every reader of a mutated file ends in a result or in one line."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from random import Random

import numpy as np
import pytest
from described_onnx import batch_for, make_description, make_graph, write_described
from mutation_runs import MANY, PER_READER, Mutate, Readers, arrays_of, bytes_of, document_of, run_mutations
from mutations import mutate_document

from triad.fusion.index import clock_of, extent_of, load_index, write_index
from triad.fusion.index.stream_index import extraction_tasks
from triad.fusion.inference.onnx_network import load_onnx
from triad.fusion.predictions import Predictions
from triad.modalities.atomic_files import read_arrays, write_arrays
from triad.modalities.checks import InputError
from triad.modalities.features import FeatureFiles, StoredFeatures, write_features
from triad.modalities.flow.storage.flow_file import FlowFile, FlowWriter
from triad.modalities.objects.object_file import describe_objects
from triad.modalities.skeleton import get_layout
from triad.modalities.skeleton.pose_estimation.pose_file import describe_poses, verify_poses
from triad.modalities.skeleton.pose_loader import load_pose_arrays


def make_index(path: Path) -> None:
    streams = {"rgb": {"modality": "rgb"}, "skeleton": {"modality": "skeleton", "layout": "ntu25", "channels": 3}}
    sources = {
        "rgb": {"path": "a.mp4", "num": 3, "fps": 10.0, "offset": 0.5, "size": [48, 64]},
        "skeleton": {"path": "a.npz", "num": 3, "times": [0.0, 0.1, 0.2]},
    }
    record = {"id": "a", "label": 0, "start": 0.0, "end": 1.0, "num_frames": 3, "fps": 10.0, "subject": "s1"}
    records = [{**record, "sources": sources}, {"id": "b", "label": None, "sources": sources}]
    write_index(path, {"dataset": "table", "classes": ["x", "y"], "streams": streams}, records)


def read_index(path: Path) -> None:
    index = load_index(path)
    for record in index.records:
        extent_of(record)
        clock_of(record)
        for stream in record["sources"]:
            index.source(record, stream)
    extraction_tasks(index)


def make_predictions(path: Path) -> None:
    meta = {"dataset": "toy", "protocol": "p", "seed": 1, "cost": {"rgb": {"params": 1, "gmacs": 0.5}}}
    Predictions(
        ids=["a", "b"],
        labels=np.array([0, 1]),
        classes=("x", "y"),
        scores={"rgb": np.eye(2)},
        kinds={"rgb": "logit"},
        meta=meta,
    ).save(path)


def mutated_meta(path: Path) -> Mutate:
    make_predictions(path)
    arrays = read_arrays(path, cure="none")
    meta = json.loads(str(arrays["meta"]))

    def mutate(target: Path, random: Random) -> None:
        write_arrays(target, **{**arrays, "meta": np.asarray(json.dumps(mutate_document(meta, random)))})

    return mutate


def make_poses(path: Path) -> None:
    shape = (1, 3, 25)
    write_arrays(
        path,
        keypoints=np.ones((*shape, 3), np.float32),
        scores=np.ones(shape, np.float32),
        tracks=np.zeros((1, 3), np.int32),
        filled=np.zeros((1, 3), bool),
        size=np.array([48, 64], np.int32),
        counts=np.zeros(3, np.int64),
        provenance=np.frombuffer(b'{"a": 1}', np.uint8),
    )


def read_poses(path: Path) -> None:
    for read in (describe_poses, verify_poses):
        with suppress(InputError):  # the loader is told even where these refuse
            read(path)
    load_pose_arrays(path, layout=get_layout("ntu25"), num=3)


def make_objects(path: Path) -> None:
    write_arrays(
        path,
        boxes=np.ones((3, 2, 4), np.float32),
        labels=np.zeros((3, 2), np.int64),
        scores=np.ones((3, 2), np.float32),
        classes=np.frombuffer(b'["cup"]', np.uint8),
        size=np.array([48, 64], np.int32),
        provenance=np.frombuffer(b'{"a": 1}', np.uint8),
    )


def make_flow(path: Path) -> None:
    with FlowWriter(path, provenance={"flow": "dis"}) as writer:
        for seed in range(2):
            writer.add(np.random.default_rng(seed).normal(size=(1, 12, 16, 2)).astype(np.float32))


def read_flow(path: Path) -> None:
    file = FlowFile(path)
    file.read(np.arange(min(file.num, 4)))
    file.verify()


def mutated_description(path: Path) -> Mutate:
    description = make_description()
    graph = make_graph(description)
    write_described(path, graph, description)

    def mutate(target: Path, random: Random) -> None:
        write_described(target, graph, mutate_document(description, random))

    return mutate


def make_exported(path: Path) -> None:
    description = make_description()
    write_described(path, make_graph(description), description)


def read_onnx(path: Path) -> None:
    model = load_onnx(path)
    model.network(batch_for(model))


def make_features(path: Path) -> None:
    data = np.ones((4, 3), np.float32)
    write_features(path, StoredFeatures(data, np.ones(4, bool), 0.5, 20, {"window": "2 s"}))


READERS: Readers = {
    "index": (document_of(make_index), read_index, "index.json"),
    "index, bytes": (bytes_of(make_index), read_index, "index.json"),
    "predictions": (arrays_of(make_predictions), Predictions.load, "p.npz"),
    "predictions, origin": (mutated_meta, Predictions.load, "p.npz"),
    "predictions, bytes": (bytes_of(make_predictions), Predictions.load, "p.npz"),
    "poses": (arrays_of(make_poses), read_poses, "a.npz"),
    "poses, bytes": (bytes_of(make_poses), read_poses, "a.npz"),
    "objects": (arrays_of(make_objects), describe_objects, "a.npz"),
    "features": (arrays_of(make_features), FeatureFiles("features_rgb").describe, "a.npz"),
    "flow": (bytes_of(make_flow), read_flow, "a.flow"),
    "exported model, description": (mutated_description, read_onnx, "a.onnx"),
    "exported model, bytes": (bytes_of(make_exported), read_onnx, "a.onnx"),
}


@pytest.mark.parametrize("name", READERS)
def test_mutations_end_in_one_line(name, tmp_path):
    run_mutations(READERS, name, tmp_path, PER_READER)


@pytest.mark.slow
@pytest.mark.parametrize("name", READERS)
def test_twenty_thousand_mutations(name, tmp_path):
    run_mutations(READERS, name, tmp_path, MANY // len(READERS))
