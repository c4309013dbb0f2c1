import numpy as np
import torch

from triad.fusion.benchmarks.raft_reference import PairwiseRaft
from triad.modalities.flow.estimators.raft import Raft

FRAMES = np.random.default_rng(0).integers(0, 255, (3, 61, 130, 3), np.uint8)


def test_reference_equals_the_exact_estimator():
    raft = Raft("raft_small", weights="random:0", iterations=2)
    np.testing.assert_allclose(PairwiseRaft(raft)(FRAMES), raft(FRAMES), atol=1e-5, rtol=1e-6)


def test_mixed_precision_is_close():
    raft = Raft("raft_small", weights="random:0", iterations=1)
    exact = PairwiseRaft(raft)(FRAMES)
    mixed = PairwiseRaft(raft, dtype=torch.bfloat16)(FRAMES)
    assert mixed.dtype == np.float32
    assert 0 < np.abs(mixed - exact).max() < 0.3
