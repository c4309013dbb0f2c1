import numpy as np
import pytest

from triad.fusion.benchmarks import pose_store
from triad.fusion.benchmarks.pose_store import bench_pose_store, simulate_dataset
from triad.fusion.index import load_index
from triad.modalities.atomic_files import read_arrays
from triad.modalities.skeleton import PoseStore


def shrink(monkeypatch):
    monkeypatch.setattr(pose_store, "NUM_CLIPS", 200)
    monkeypatch.setattr(pose_store, "NUM_READ", 20)
    monkeypatch.setattr(pose_store, "NUM_FILES", 5)


def test_store_and_files_hold_equal_clips(tmp_path, monkeypatch):
    shrink(monkeypatch)
    simulate_dataset(tmp_path)
    store = PoseStore(tmp_path / "skeleton.safetensors")
    assert len(store) == len(load_index(tmp_path).records) == 200
    stored = store.arrays(4)
    single_file = read_arrays(tmp_path / "files/4.npz", cure="run the test again")
    for name in ("keypoints", "scores"):
        np.testing.assert_array_equal(stored[name], single_file[name].astype(np.float32))


@pytest.mark.slow
def test_results_are_positive_and_named(tmp_path, monkeypatch):
    shrink(monkeypatch)
    results = bench_pose_store(tmp_path)
    assert [result.unit for result in results] == ["s", "s", "s", "MB", "clips/s", "clips/s"]
    assert all(result.ours > 0 and result.reference > 0 for result in results)
    assert results[0].note == "200 simulated clips, ntu25, float16"
