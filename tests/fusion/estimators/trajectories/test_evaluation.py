"""Trajectories of a small prepared dataset, from its files to predictions that fusion reads."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from tool_runs import run_tool

from fusion.estimators.trajectories import DescriptorStore, evaluate_trajectories, extract_descriptors
from fusion.index import load_index
from fusion.predictions import Predictions
from modalities.checks import InputError


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
