import numpy as np
import torch

from triad.fusion.benchmarks.raft import (
    PairwiseRaft,
    compare_raft_with_bound,
    enlarge,
    find_weights,
    mean_error,
    render_clip,
)
from triad.modalities.flow.estimators.raft import Raft
from triad.modalities.flow.estimators.raft_fast import FastRaft


def test_reference_equals_the_exact_estimator():
    raft = Raft("raft_small", weights="random:0", iterations=2)
    frames = np.random.default_rng(0).integers(0, 255, (3, 61, 130, 3), np.uint8)
    np.testing.assert_allclose(PairwiseRaft(raft)(frames), raft(frames), atol=1e-5, rtol=1e-6)


def test_downloaded_weights_are_preferred(monkeypatch, tmp_path):
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path))
    assert find_weights() == "random:0"
    (tmp_path / "checkpoints").mkdir()
    (tmp_path / "checkpoints/raft-small.pth").write_bytes(b"")
    assert find_weights() == str(tmp_path / "checkpoints/raft-small.pth")


def test_rendered_clip_has_true_flow(tmp_path):
    frames, true_flow = render_clip(tmp_path, "get_up")
    assert true_flow.shape == (len(frames) - 1, *frames.shape[1:3], 2)
    assert np.linalg.norm(true_flow, axis=-1).max() > 1
    assert enlarge(frames[:2], 2).shape == (2, 2 * frames.shape[1], 2 * frames.shape[2], 3)


def test_error_is_averaged_over_clips():
    true_flow = np.zeros((1, 2, 2, 2), np.float32)
    frames = np.zeros((2, 2, 2, 3), np.uint8)
    clips = [(frames, true_flow), (frames, true_flow + np.float32([3, 4]))]
    assert mean_error(lambda frames: true_flow, clips) == 2.5


def test_bound_counts_the_convolutions(monkeypatch):
    """A refinement costs a cell at least its three gates over hidden state and motion, 3×3, two operations each."""
    monkeypatch.setattr("triad.fusion.benchmarks.raft.ROUNDS", 1)
    monkeypatch.setattr("triad.fusion.benchmarks.roofline.MATRIX_SIZE", {"cpu": 64})
    monkeypatch.setattr("triad.fusion.benchmarks.roofline.COPY_BYTES", {"cpu": 1 << 16})
    fast = FastRaft("raft_small_fast", weights="random:0", iterations=2)
    result = compare_raft_with_bound("RAFT", "cpu", fast, np.zeros((3, 128, 128, 3), np.uint8))
    gflop = float(result.note.partition("(")[2].split()[0])
    gates = 2 * 2 * 16 * 16 * 2 * (178 * 96 * 9 * 3) / 1e9  # pairs, refinements, cells, operations, weights
    assert gates < gflop < 3 * gates
