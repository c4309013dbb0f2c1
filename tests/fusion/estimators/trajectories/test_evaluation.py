"""Trajectories of a small prepared dataset, from its files to predictions that fusion reads."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tool_runs import run_tool

from triad.__main__ import COMMANDS
from triad.fusion.estimators.trajectories import (
    DescriptorStore,
    evaluate_trajectories,
    extract_descriptors,
    select_parts,
)
from triad.fusion.index import Index, Record, load_index
from triad.fusion.predictions import Predictions
from triad.modalities.atomic_files import read_arrays
from triad.modalities.checks import InputError


@pytest.fixture(scope="module")
def data(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny dataset with flow."""
    out = shutil.copytree(tiny, tmp_path_factory.mktemp("flow") / "data")
    assert run_tool("extract.py", out, "--flow", "dis", "--workers", 1) == 0
    return out


@pytest.fixture(scope="module")
def store(data: Path, tmp_path_factory: pytest.TempPathFactory) -> DescriptorStore:
    store = DescriptorStore(tmp_path_factory.mktemp("store"), "flow_dis", length=5, max_trajectories=50)
    index = load_index(data)
    extract_descriptors(store, index, index.records, num_workers=1)
    return store


def test_predictions_have_three_streams(data: Path, store: DescriptorStore, tmp_path: Path):
    index = load_index(data)
    results = evaluate_trajectories(store, index, "cross_subject", ["val", "test"], num_gaussians=2)
    assert set(results) == {"val", "test"}
    results["test"].save(tmp_path / "test.npz")
    predictions = Predictions.load(tmp_path / "test.npz")
    assert set(predictions.scores) == {"rgb_trajectories", "flow_trajectories", "fused"}
    assert set(predictions.kinds.values()) == {"margin"}
    assert all(np.isfinite(scores).all() for scores in predictions.scores.values())
    assert predictions.meta["split"] == "test"
    assert predictions.meta["command"].removeprefix("triad ") in COMMANDS


def test_finished_clips_are_kept(data: Path, store: DescriptorStore):
    index = load_index(data)
    path = store.path(index.records[0])
    written = path.stat().st_mtime_ns
    extract_descriptors(store, index, index.records, num_workers=1)
    assert path.stat().st_mtime_ns == written


def test_store_keeps_few_trajectories(data: Path, store: DescriptorStore):
    record = load_index(data).records[0]
    assert 0 < len(store.read(record, "hof")) <= 50
    assert store.read(record, "trajectory").shape[1] == 10


def test_training_split_is_not_predicted(data: Path, store: DescriptorStore):
    with pytest.raises(InputError, match=r"splits to predict must not be in .* 'train\+val', got 'val'"):
        evaluate_trajectories(store, load_index(data), "cross_subject", ["val"], train_split="train+val")


def test_missing_flow_names_the_command(tiny: Path, tmp_path: Path):
    index = load_index(tiny)
    with pytest.raises(InputError, match="flow_tvl1"):
        extract_descriptors(DescriptorStore(tmp_path, "flow_tvl1"), index, index.records)


def changed(index: Index, change: Callable[[int, Record], Record]) -> Index:
    """Return the index with a change of each record, by its position."""
    records = [change(position, dict(record)) for position, record in enumerate(index.records)]
    return Index(index.root, index.metainfo, records)


def test_segment_reads_its_own_span(data: Path, tmp_path: Path):
    """Frames 2 to 6 have four fields of flow, and a trajectory as many displacements."""
    index = load_index(data)
    record = {**index.records[0], "start": 0.2, "end": 0.7}
    store = DescriptorStore(tmp_path, "flow_dis", length=9)
    store.compute(index, record)
    assert read_arrays(store.path(record), cure="")["trajectory"].shape[1] == 2 * 4


def test_flow_of_scaled_frames_is_followed(tiny: Path, tmp_path: Path):
    out = shutil.copytree(tiny, tmp_path / "data")
    assert run_tool("extract.py", out, "--flow", "dis@40", "--workers", 1) == 0
    index = load_index(out)
    store = DescriptorStore(tmp_path, "flow_dis_at40", length=5)
    store.compute(index, index.records[0])
    assert len(store.read(index.records[0], "hof")) > 0


def test_clips_without_flow_have_no_descriptors(data: Path, tmp_path: Path):
    index = load_index(data)
    record = {**index.records[0], "sources": {"rgb": index.records[0]["sources"]["rgb"]}}
    store = DescriptorStore(tmp_path, "flow_dis", length=5)
    store.compute(index, record)
    assert store.read(record, "hog").shape == (0, 96)
    assert store.read(record, "trajectory").shape == (0, 10)


def test_newer_flow_is_described_again(data: Path, store: DescriptorStore):
    index = load_index(data)
    record = index.records[0]
    assert store.is_finished(index, record)
    flow = index.source(record, "flow_dis").path
    written = flow.stat().st_mtime
    os.utime(flow, (written + 1e6, written + 1e6))
    assert not store.is_finished(index, record)
    os.utime(flow, (written, written))


def test_store_of_another_dataset_is_refused(data: Path, store: DescriptorStore, tmp_path: Path):
    other = load_index(shutil.copytree(data, tmp_path / "other"))
    with pytest.raises(InputError, match=r"must be those of .*other', got those of .*; give another --work-dir"):
        extract_descriptors(store, other, other.records, num_workers=1)


def test_stream_must_be_flow(data: Path, tmp_path: Path):
    index = load_index(data)
    with pytest.raises(InputError, match="stream 'skeleton' must be of flow, got one of skeleton"):
        extract_descriptors(DescriptorStore(tmp_path, "skeleton"), index, index.records)


def test_unlabelled_clips_do_not_train(data: Path):
    index = changed(load_index(data), lambda position, record: {**record, "label": None} if position % 2 else record)
    _, parts = select_parts(index, "cross_subject", ["test"], "train")
    assert all(record["label"] is not None for record in parts["train"])
    assert any(record["label"] is None for record in parts["test"])


def test_single_class_is_refused(data: Path):
    index = load_index(data)
    with pytest.raises(InputError, match="'train' must have labelled clips of at least two classes, got 1"):
        select_parts(changed(index, lambda _, record: {**record, "label": 0}), "cross_subject", ["test"], "train")


def test_protocol_is_checked_before_computing(data: Path, tmp_path: Path):
    assert run_tool("trajectories.py", data, "--protocol", "cross_vew", "--work-dir", tmp_path / "work") == 1
    assert not (tmp_path / "work").exists()
