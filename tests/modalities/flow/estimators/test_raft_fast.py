import numpy as np
import pytest
import torch

from triad.modalities.checks import InputError
from triad.modalities.flow.estimators import raft_fast
from triad.modalities.flow.estimators.raft_fast import FastRaft, inference_dtype


@pytest.fixture
def use_float32(monkeypatch):
    monkeypatch.setattr(raft_fast, "inference_dtype", lambda device: torch.float32)


def moving_frames(num, height=61, width=83):
    texture = np.random.default_rng(0).integers(0, 255, (height + 40, width + 40, 3), np.uint8)
    return np.stack([texture[2 * shift : 2 * shift + height, shift : shift + width] for shift in range(num)])


@pytest.mark.parametrize("warm", [False, True])
def test_chunks_give_the_same_flow(warm):
    raft = FastRaft("raft_small_fast", weights="random:1", iterations=2, warm_start=warm)
    frames = moving_frames(5)
    whole = raft(frames)
    assert whole.shape == (4, 61, 83, 2)
    assert whole.dtype == np.float32
    for _ in range(2):  # no state remains from the first video
        estimate = raft.open()
        chunks = [estimate(frames[:2]), estimate(frames[1:4]), estimate(frames[3:])]
        np.testing.assert_array_equal(np.concatenate(chunks), whole)


def test_warm_start_changes_later_fields():
    cold, warm = (FastRaft("raft_small_fast", weights="random:1", iterations=2, warm_start=on) for on in (False, True))
    frames = moving_frames(3)
    first, second = zip(cold(frames), warm(frames), strict=True)
    np.testing.assert_array_equal(*first)
    assert np.abs(second[0] - second[1]).max() > 1e-3
    assert cold.provenance["settings"]["start"] == "zero"
    assert warm.provenance["settings"]["start"] == "flow before"


def test_batches_equal_single_pairs(monkeypatch, use_float32):
    monkeypatch.setattr(raft_fast, "GPU_PAIRS", 3)
    raft = FastRaft("raft_small_fast", weights="random:1", iterations=2)
    frames = moving_frames(6)  # five pairs: a whole batch, and one of two that is filled up
    np.testing.assert_allclose(raft._estimate_batches(frames), raft(frames), atol=2e-3)


def test_bfloat16_only_where_supported(monkeypatch):
    for feature, expected in (("avx512_bf16", torch.bfloat16), ("amx_bf16", torch.bfloat16), ("avx2", torch.float32)):
        monkeypatch.setattr(torch.cpu, "get_capabilities", lambda feature=feature: {feature: True})
        assert inference_dtype(torch.device("cpu")) == expected


def test_provenance_differs_from_exact_raft():
    fast = FastRaft("raft_small_fast", weights="random:7")
    assert fast.provenance["estimator"] == "raft_small_fast"
    assert fast.provenance["weights"] == "random:7"
    assert fast.provenance["settings"]["precision"] in ("bfloat16", "float32")
    with pytest.raises(InputError, match="fast RAFT must be one of"):
        FastRaft("raft_small", weights="random:7")
