import numpy as np
import torch

from fusion.benchmarks.raft import PairByPair, bound_row, film, find_weights, scaled
from modalities.flow.estimators.raft import Raft
from modalities.flow.estimators.raft_fast import FastRaft


def test_the_reference_is_the_exact_estimator_s_result():
    raft = Raft("raft_small", weights="random:0", iterations=2)
    frames = np.random.default_rng(0).integers(0, 255, (3, 61, 130, 3), np.uint8)
    np.testing.assert_allclose(PairByPair(raft)(frames), raft(frames), atol=1e-5, rtol=1e-6)


def test_weights_are_those_that_torch_keeps_or_random(monkeypatch, tmp_path):
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path))
    assert find_weights() == "random:0"
    (tmp_path / "checkpoints").mkdir()
    (tmp_path / "checkpoints/raft-small.pth").write_bytes(b"")
    assert find_weights() == str(tmp_path / "checkpoints/raft-small.pth")


def test_a_filmed_clip_has_its_true_flow(tmp_path):
    frames, truth = film(tmp_path, "get_up")
    assert truth.shape == (len(frames) - 1, *frames.shape[1:3], 2)
    assert np.linalg.norm(truth, axis=-1).max() > 1
    assert scaled(frames[:2], 2).shape == (2, 2 * frames.shape[1], 2 * frames.shape[2], 3)


def test_the_bound_counts_the_convolutions(monkeypatch):
    """A refinement costs a cell at least its three gates over hidden state and motion, 3×3, two operations each."""
    monkeypatch.setattr("fusion.benchmarks.raft.ROUNDS", 1)
    monkeypatch.setattr("fusion.benchmarks.roofline.SIDE", {"cpu": 64})
    monkeypatch.setattr("fusion.benchmarks.roofline.COPY", {"cpu": 1 << 16})
    fast = FastRaft("raft_small_fast", weights="random:0", iterations=2)
    row = bound_row("it", "cpu", fast, np.zeros((3, 128, 128, 3), np.uint8))
    gflop = float(row.note.partition("(")[2].split()[0])
    gates = 2 * 2 * 16 * 16 * 2 * (178 * 96 * 9 * 3) / 1e9  # pairs, refinements, cells, operations, weights
    assert gates < gflop < 3 * gates
