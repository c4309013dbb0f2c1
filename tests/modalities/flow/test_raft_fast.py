"""The fast RAFT against torchvision's on the same weights, part by part and as a whole."""

import copy

import numpy as np
import pytest
import torch
from torchvision.models.optical_flow import raft_large, raft_small
from torchvision.models.optical_flow.raft import CorrBlock

from modalities.checks import InputError
from modalities.flow.estimators import raft_fast
from modalities.flow.estimators.raft_fast import FastRaft, inference_dtype
from modalities.flow.networks.raft_correlation import CorrelationPyramid
from modalities.flow.networks.raft_inference import InferenceRaft
from modalities.flow.networks.raft_update import InferenceUpdateBlock
from modalities.flow.networks.warm_start import propagate_flow


def network(build):
    torch.manual_seed(0)
    return build(weights=None).eval()


def noise(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


@pytest.fixture
def in_float32(monkeypatch):
    monkeypatch.setattr(raft_fast, "inference_dtype", lambda device: torch.float32)


@pytest.mark.parametrize(("radius", "height", "width"), [(3, 16, 21), (4, 19, 16)])
def test_neighbourhoods_are_torchvision_s_inside_between_and_far_outside(radius, height, width):
    first, second = noise(2, 24, height, width), noise(2, 24, height, width, seed=1)
    theirs = CorrBlock(num_levels=4, radius=radius)
    theirs.build_pyramid(first, second)
    points = noise(2, 2, height, width, seed=2) * 15 + 8
    points[0, :, 0] = torch.tensor([-1000.0, 5000.0])[:, None]
    points[0, :, 1] = torch.tensor([3.0, 2.0])[:, None]  # on a cell
    expected = theirs.index_pyramid(points).unflatten(1, (4, 2 * radius + 1, 2 * radius + 1))  # [P, level, x, y, h, w]
    found = CorrelationPyramid(first, second, levels=4, radius=radius).lookup(points)
    found = found.view(2 * radius + 1, 2 * radius + 1, 4, 2, height, width).permute(3, 2, 1, 0, 4, 5)
    torch.testing.assert_close(found, expected, atol=1e-4, rtol=0)
    assert not found[0, :, :, :, 0].any()


@pytest.mark.parametrize("build", [raft_small, raft_large])
@torch.inference_mode()
def test_one_update_is_torchvision_s(build):
    whole = network(build)
    block, side = whole.update_block, 2 * whole.corr_block.radius + 1
    size = block.hidden_state_size
    rest = block.recurrent_block.convgru1.convz.in_channels - size - block.motion_encoder.out_channels
    hidden, context = torch.tanh(noise(2, size, 5, 7)), torch.relu(noise(2, rest, 5, 7, seed=1))
    seen, flow = noise(2, 4 * side * side, 5, 7, seed=2), noise(2, 2, 5, 7, seed=3)
    expected = block(hidden, context, seen, flow)
    lean = InferenceUpdateBlock(copy.deepcopy(block), whole.corr_block)
    ours = seen.view(2, 4, side, side, 5, 7).permute(3, 2, 1, 0, 4, 5).reshape(side * side * 4, 2 * 5 * 7)
    for found, wanted in zip(lean(hidden, lean.context_terms(context), ours, flow), expected, strict=True):
        torch.testing.assert_close(found, wanted, atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("build", [raft_small, raft_large])
@torch.inference_mode()
def test_the_whole_is_torchvision_s(build):
    whole = network(build)
    pictures = noise(3, 3, 128, 136).clamp(-1, 1)
    expected = whole(pictures[:-1], pictures[1:], num_flow_updates=2)[-1]
    found = InferenceRaft(whole)(pictures, 2)
    assert expected.abs().max() > 1  # random weights move something
    torch.testing.assert_close(found, expected, atol=2e-3, rtol=1e-4)


def test_flow_carried_on_by_hand():
    flow = torch.zeros(1, 2, 3, 5)
    flow[0, 0, 1, 1] = 2.0  # lands two cells to the right, where a still one is: their mean
    flow[0, 1, 0, 0] = -1.0  # leaves
    found = propagate_flow(flow)
    expected = torch.zeros(1, 2, 3, 5)
    expected[0, 0, 1, 3] = 1.0
    expected[0, 0, 1, 1] = 2.0  # reached by none, so it keeps its own
    expected[0, 1, 0, 0] = -1.0
    torch.testing.assert_close(found, expected)


def test_flow_between_cells_is_shared():
    flow = torch.full((1, 2, 4, 6), 0.5)
    found = propagate_flow(flow)
    torch.testing.assert_close(found, flow)  # all move alike, so nothing changes


def moving(num, height=61, width=83):
    texture = np.random.default_rng(0).integers(0, 255, (height + 40, width + 40, 3), np.uint8)
    return np.stack([texture[2 * at : 2 * at + height, at : at + width] for at in range(num)])


@pytest.mark.parametrize("warm", [False, True])
def test_a_video_in_parts_is_the_video_in_one(warm):
    raft = FastRaft("raft_small_fast", weights="random:1", iterations=2, warm_start=warm)
    frames = moving(5)
    whole = raft(frames)
    assert whole.shape == (4, 61, 83, 2)
    assert whole.dtype == np.float32
    for _ in range(2):  # the second video knows nothing of the first
        video = raft.open()
        parts = [video(frames[:2]), video(frames[1:4]), video(frames[3:])]
        np.testing.assert_array_equal(np.concatenate(parts), whole)


def test_warm_start_changes_all_but_the_first_field_and_says_so():
    cold, warm = (FastRaft("raft_small_fast", weights="random:1", iterations=2, warm_start=on) for on in (False, True))
    frames = moving(3)
    first, second = zip(cold(frames), warm(frames), strict=True)
    np.testing.assert_array_equal(*first)
    assert np.abs(second[0] - second[1]).max() > 1e-3
    assert cold.provenance["settings"]["start"] == "zero"
    assert warm.provenance["settings"]["start"] == "flow before"


def test_batches_of_a_gpu_give_what_single_pairs_give(monkeypatch, in_float32):
    monkeypatch.setattr(raft_fast, "GPU_PAIRS", 3)
    raft = FastRaft("raft_small_fast", weights="random:1", iterations=2)
    frames = moving(6)  # five pairs: a whole batch, and one of two that is filled up
    np.testing.assert_allclose(raft._estimate_batches(frames), raft(frames), atol=2e-3)


@pytest.mark.slow
def test_the_network_is_traced_without_a_break():
    """What ``torch.compile`` needs on a GPU; traced alone, no compiler takes part."""
    lean = InferenceRaft(network(raft_small))
    pictures = noise(3, 3, 128, 128).clamp(-1, 1)
    with torch.inference_mode():
        traced = torch.compile(lean, backend="eager", fullgraph=True, dynamic=False)
        torch.testing.assert_close(traced(pictures, 2), lean(pictures, 2), atol=1e-3, rtol=1e-3)


def test_bfloat16_only_where_the_machine_has_it(monkeypatch):
    for ability, expected in (("avx512_bf16", torch.bfloat16), ("amx_bf16", torch.bfloat16), ("avx2", torch.float32)):
        monkeypatch.setattr(torch.cpu, "get_capabilities", lambda ability=ability: {ability: True})
        assert inference_dtype(torch.device("cpu")) == expected


def test_provenance_tells_fast_from_exact():
    fast = FastRaft("raft_small_fast", weights="random:7")
    assert fast.provenance["estimator"] == "raft_small_fast"
    assert fast.provenance["weights"] == "random:7"
    assert fast.provenance["settings"]["precision"] in ("bfloat16", "float32")
    with pytest.raises(InputError, match="fast RAFT must be one of"):
        FastRaft("raft_small", weights="random:7")
