from __future__ import annotations

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from triad.fusion.benchmarks.roofline import Peaks, Work, compare_with_bound, count_work, measure_peaks


def test_product_reads_two_writes_one() -> None:
    a = torch.randn(3, 5)
    b = torch.randn(5, 7)
    assert count_work(lambda: (a @ b).relu().sum()) == Work(2 * 3 * 5 * 7, 4 * (15 + 35 + 21))


def test_half_precision_halves_the_memory() -> None:
    a = torch.randn(3, 5, dtype=torch.bfloat16)
    b = torch.randn(5, 7, dtype=torch.bfloat16)
    assert count_work(lambda: a @ b).bytes == 2 * (15 + 35 + 21)


def test_backward_costs_two_forwards() -> None:
    conv = nn.Conv2d(4, 6, (3, 1), bias=False)
    x = torch.randn(2, 4, 5, 7, requires_grad=True)
    forward = count_work(lambda: conv(x))
    assert forward.flops == 2 * (6 * 3 * 7 * 2) * 4 * 3  # outputs [2, 6, 3, 7], each of 4 channels and 3 times
    loss = conv(x).sum()
    assert count_work(loss.backward).flops == 2 * forward.flops


def test_fusable_operations_are_not_counted() -> None:
    assert count_work(lambda: F.batch_norm(torch.randn(4, 3), None, None, training=True).relu()) == Work(0, 0)


@pytest.mark.parametrize(("flops", "bound", "bottleneck"), [(200.0, 2.0, "arithmetic"), (50.0, 1.5, "memory")])
def test_longer_time_is_the_bound(flops: float, bound: float, bottleneck: str) -> None:
    result = compare_with_bound("work", "cpu", 4.0, Work(flops, 15.0), Peaks(100.0, 10.0))
    assert (result.ours, result.reference, result.ratio) == (4.0, bound, bound / 4)
    assert result.name == f"work: against the bound of {bottleneck}"
    assert result.keeps_promise


def test_peaks_are_plausible(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("triad.fusion.benchmarks.roofline.MATRIX_SIZE", {"cpu": 256})
    monkeypatch.setattr("triad.fusion.benchmarks.roofline.COPY_BYTES", {"cpu": 1 << 22})
    peaks = measure_peaks(torch.device("cpu"), torch.float32)
    assert 1e8 < peaks.flops < 1e14  # from a slow core to many fast ones
    assert 1e8 < peaks.bytes < 1e13
