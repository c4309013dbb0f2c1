import pytest
import torch

from triad.fusion.heads import pool
from triad.modalities.checks import InputError


def test_invalid_times_do_not_count():
    video = torch.tensor([1.0, 2, 30, 40]).view(1, 1, 4, 1, 1).expand(1, 1, 4, 2, 2)
    assert pool(video, "BCTHW", torch.tensor([[True, True, False, False]])).tolist() == [[1.5]]
    assert pool(video, "BCTHW", torch.zeros(1, 4, dtype=torch.bool)).tolist() == [[18.25]]  # all count if none is valid


def test_absent_persons_do_not_count():
    bodies = torch.tensor([[1.0, 3.0], [100.0, 100.0]]).view(1, 2, 1, 2, 1).expand(1, 2, 1, 2, 5)  # [B, M, C, T, V]
    valid = torch.tensor([[[True, True], [False, False]]])
    assert pool(bodies, "BMCTV", valid).tolist() == [[2.0]]


def test_temporal_bins_keep_the_order():
    video = torch.tensor([1.0, 3, 5, 7]).view(1, 1, 4, 1, 1)
    valid = torch.ones(1, 4, dtype=torch.bool)
    assert pool(video, "BCTHW", valid, temporal_bins=2).tolist() == [[2.0, 6.0]]
    assert pool(video.flip(2), "BCTHW", valid, temporal_bins=2).tolist() == [[6.0, 2.0]]
    assert pool(video.flip(2), "BCTHW", valid).equal(pool(video, "BCTHW", valid))


def test_more_bins_than_times_share_times():
    video = torch.tensor([1.0, 3.0]).view(1, 1, 2, 1, 1)
    valid = torch.ones(1, 2, dtype=torch.bool)
    assert pool(video, "BCTHW", valid, temporal_bins=3).tolist() == [[1.0, 2.0, 3.0]]


def test_statistics_are_concatenated():
    video = torch.tensor([1.0, 3, 5, 100]).view(1, 1, 4, 1, 1)
    valid = torch.tensor([[True, True, True, False]])
    vector = pool(video, "BCTHW", valid, statistics=("mean", "std", "max"))
    assert vector.tolist() == [[3.0, pytest.approx((8 / 3) ** 0.5), 5.0]]


def test_tokens_and_states_pool_over_times():
    tokens = torch.tensor([[[[1.0], [3.0]], [[5.0], [7.0]]]])  # [B, T, N, C]
    assert pool(tokens, "BTNC", torch.tensor([[True, True]])).tolist() == [[4.0]]
    assert pool(tokens, "BTNC", torch.tensor([[False, True]])).tolist() == [[6.0]]
    assert pool(torch.tensor([[[1.0, 3.0]]]), "BCT", torch.tensor([[True, False]])).tolist() == [[1.0]]


def test_vectors_pass_and_other_axes_fail():
    assert pool(torch.ones(2, 3), "BC", torch.ones(2, 1, dtype=torch.bool)).shape == (2, 3)
    with pytest.raises(InputError, match="must have axes BCTHW, BTNC, BCT, BMCTV or BC, got BTC"):
        pool(torch.ones(2, 3, 4), "BTC", torch.ones(2, 4, dtype=torch.bool))
    with pytest.raises(InputError, match="pooling statistic must be one of max, mean, std, got 'sum'"):
        pool(torch.ones(2, 3, 4), "BCT", torch.ones(2, 4, dtype=torch.bool), statistics=("sum",))
