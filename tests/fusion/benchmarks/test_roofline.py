"""The least work of a call, by hand, and what it means against the machine."""

from __future__ import annotations

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from fusion.benchmarks.roofline import Peaks, Work, measure_peaks, roofline_row, work_of


def test_a_product_reads_two_matrices_and_writes_one() -> None:
    one, other = torch.randn(3, 5), torch.randn(5, 7)
    assert work_of(lambda: (one @ other).relu().sum()) == Work(2 * 3 * 5 * 7, 4 * (15 + 35 + 21))


def test_half_precision_is_half_the_memory() -> None:
    one, other = torch.randn(3, 5, dtype=torch.bfloat16), torch.randn(5, 7, dtype=torch.bfloat16)
    assert work_of(lambda: one @ other).bytes == 2 * (15 + 35 + 21)


def test_the_backward_of_a_convolution_is_two_of_it() -> None:
    conv, x = nn.Conv2d(4, 6, (3, 1), bias=False), torch.randn(2, 4, 5, 7, requires_grad=True)
    forward = work_of(lambda: conv(x))
    assert forward.flops == 2 * (6 * 3 * 7 * 2) * 4 * 3  # outputs [2, 6, 3, 7], each of 4 channels and 3 times
    loss = conv(x).sum()
    assert work_of(loss.backward).flops == 2 * forward.flops


def test_what_could_be_fused_is_not_counted() -> None:
    assert work_of(lambda: F.batch_norm(torch.randn(4, 3), None, None, training=True).relu()) == Work(0, 0)


@pytest.mark.parametrize(("flops", "bound", "what"), [(200.0, 2.0, "arithmetic"), (50.0, 1.5, "memory")])
def test_the_longer_of_both_is_the_bound(flops: float, bound: float, what: str) -> None:
    row = roofline_row("work", "cpu", 4.0, Work(flops, 15.0), Peaks(100.0, 10.0))
    assert (row.ours, row.reference, row.ratio) == (4.0, bound, bound / 4)
    assert row.name == f"work: against the bound of {what}"
    assert row.kept  # it promises nothing


def test_a_product_and_a_copy_cannot_beat_their_own_peaks_by_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fusion.benchmarks.roofline.SIDE", {"cpu": 256})
    monkeypatch.setattr("fusion.benchmarks.roofline.COPY", {"cpu": 1 << 22})
    peaks = measure_peaks(torch.device("cpu"), torch.float32)
    assert 1e8 < peaks.flops < 1e14  # from a slow core to many fast ones
    assert 1e8 < peaks.bytes < 1e13
