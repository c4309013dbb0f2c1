import numpy as np
import pytest
import torch

from triad.modalities.checks import InputError
from triad.modalities.flow.estimators import raft_fast
from triad.modalities.flow.estimators.captured_pass import call_again
from triad.modalities.flow.estimators.raft_fast import FastRaft, inference_dtype
from triad.modalities.flow.networks.raft_preprocessing import pairs_per_pass, raft_padding


@pytest.fixture
def use_float32(monkeypatch):
    monkeypatch.setattr(raft_fast, "inference_dtype", lambda device: torch.float32)


def moving_frames(num, height=61, width=83):
    texture = np.random.default_rng(0).integers(0, 255, (height + 40, width + 40, 3), np.uint8)
    return np.stack([texture[2 * shift : 2 * shift + height, shift : shift + width] for shift in range(num)])


def reuse_output(run, inputs):
    """Stand in for a CUDA graph: every call reads and writes the same memory."""
    output = run(inputs).clone()
    return lambda: output.copy_(run(inputs))


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
    """Five pairs: a whole batch, and one of two that is filled up; the memory of the results is used again."""
    monkeypatch.setattr(raft_fast, "GPU_PAIRS", 3)
    raft = FastRaft("raft_small_fast", weights="random:1", iterations=2)
    raft._capture = reuse_output
    frames = moving_frames(6)
    batches = raft._estimate_batches(frames)
    np.testing.assert_allclose(batches, raft(frames), atol=2e-3)
    np.testing.assert_array_equal(raft._estimate_batches(frames), batches)


def test_pass_is_captured_once_per_size(use_float32):
    raft = FastRaft("raft_small_fast", weights="random:1", iterations=1)
    captured = []

    def capture(run, inputs):
        captured.append(tuple(inputs.shape))
        return reuse_output(run, inputs)

    raft._capture = capture
    frames = moving_frames(4)
    for size in (frames, frames[:3], frames[:2], frames[:, :50], frames):  # one pair alone has a pass of its own
        raft._estimate_batches(size)
    assert captured == [(33, 61, 83, 3), (2, 61, 83, 3), (33, 50, 83, 3)]


@pytest.mark.parametrize(
    ("sizes", "kept"),
    [
        ([(1080, 1920)], 1),
        ([(120, 160), (240, 320), (480, 640)], 3),
        ([(480, 640), (1080, 1920)], 1),
        ([(120, 160 + 8 * step) for step in range(100)], 4),
    ],
)
def test_captured_passes_have_a_bound(monkeypatch, sizes, kept):
    """On an H200 the three sizes took 5.5 GB; 1080p takes 3.8 GB and no other large size beside it."""
    monkeypatch.setattr(raft_fast, "inference_dtype", lambda device: torch.bfloat16)
    raft = FastRaft("raft_small_fast", weights="random:1")
    raft._capture = lambda run, inputs: lambda: None
    monkeypatch.setattr(torch, "zeros", lambda *shape, **options: None)
    for height, width in sizes:
        pairs = 1 if height == 1080 else 32
        raft._find_pass(pairs, height, width, raft_padding(height, width))
    assert len(raft._passes) == kept
    assert raft._pair_bytes(1080, 1920) == pytest.approx(3.8e9, rel=0.02)


def test_frames_of_high_definition_go_in_pairs():
    """Their correlations take 2.8 GB in bfloat16, without the zeros around them."""
    padding = raft_padding(1080, 1920)
    limit = raft_fast.GPU_BYTES // 2
    assert pairs_per_pass(1080, 1920, padding, max_pairs=raft_fast.GPU_PAIRS, max_correlations=limit) == 1
    padding = raft_padding(480, 640)
    assert pairs_per_pass(480, 640, padding, max_pairs=raft_fast.GPU_PAIRS, max_correlations=limit) == 32


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_graph_equals_single_operations():
    frames = moving_frames(40)
    captured = FastRaft("raft_small_fast", weights="random:1", iterations=4, device="cuda")
    eager = FastRaft("raft_small_fast", weights="random:1", iterations=4, device="cuda")
    eager._capture = call_again
    for num in (40, 2, 40):
        np.testing.assert_allclose(captured(frames[:num]), eager(frames[:num]), atol=0.05)


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
