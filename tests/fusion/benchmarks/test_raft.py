import numpy as np
import pytest

from triad.fusion.benchmarks import raft as raft_benchmark
from triad.fusion.benchmarks.raft import (
    FrameSize,
    bench_raft_error,
    bench_raft_size,
    compare_raft_with_bound,
    mean_error,
)
from triad.modalities.flow.estimators.raft_fast import FastRaft


def test_error_is_averaged_over_clips():
    true_flow = np.zeros((1, 2, 2, 2), np.float32)
    frames = np.zeros((2, 2, 2, 3), np.uint8)
    clips = [(frames, true_flow), (frames, true_flow + np.float32([3, 4]))]
    assert mean_error(lambda frames: true_flow, clips) == 2.5


@pytest.fixture
def small_machine(monkeypatch):
    """One round, and peaks of small arrays."""
    monkeypatch.setattr(raft_benchmark, "ROUNDS", {"cpu": 1})
    monkeypatch.setattr(raft_benchmark, "ITERATIONS", 1)
    monkeypatch.setattr("triad.fusion.benchmarks.roofline.MATRIX_SIZE", {"cpu": 64})
    monkeypatch.setattr("triad.fusion.benchmarks.roofline.COPY_BYTES", {"cpu": 1 << 16})


def test_bound_counts_the_convolutions(small_machine):
    """A refinement costs a cell at least its three gates over hidden state and motion, 3×3, two operations each."""
    fast = FastRaft("raft_small_fast", weights="random:0", iterations=2)
    result = compare_raft_with_bound("RAFT", "cpu", fast, np.zeros((3, 128, 128, 3), np.uint8))
    gflop = float(result.note.partition("(")[2].split()[0])
    gates = 2 * 2 * 16 * 16 * 2 * (178 * 96 * 9 * 3) / 1e9  # pairs, refinements, cells, operations, weights
    assert gates < gflop < 3 * gates


def test_size_has_rows_of_speed_and_bound(small_machine):
    clip = np.random.default_rng(0).integers(0, 255, (2, 30, 40, 3), np.uint8)
    size = FrameSize(64, 48, 2, 1, 1.5)
    speed, bound = bench_raft_size(clip, "cpu", "cpu", size, weights="random:0")
    assert (speed.name, speed.required, speed.unit) == ("RAFT-small 64×48", 1.5, "frames/s")
    assert "2 pairs" in speed.note
    assert "1 pairs one by one, float32" in speed.note
    assert bound.name.startswith("RAFT-small 64×48: against the bound of")


def test_random_weights_have_no_error():
    assert list(bench_raft_error([], 1, "cpu", "cpu", weights="random:0")) == []


def test_fewer_operations_than_before():
    assert raft_benchmark.count_raft_operations() < 0.9 * raft_benchmark.OPERATIONS_BEFORE
