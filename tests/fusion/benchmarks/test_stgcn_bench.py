"""The parts of a training step, and the promise that issue 5 asks for."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import nn

from fusion.benchmarks.roofline import Work
from fusion.benchmarks.stgcn import BATCH, PARTS, Step, bench_stgcn, make_steps, split_rows
from modalities.skeleton.encoders import StGcnPlusPlus


def test_a_step_is_its_three_parts() -> None:
    network, data = nn.Linear(2, 1, bias=False), torch.tensor([[3.0, -4.0]])
    nn.init.ones_(network.weight)
    step = Step(lambda: network(data), network, device=torch.device("cpu"))
    step()
    # loss (x·w)² = 1, gradient 2 (x·w) x = (−6, 8), step 0.001 of it
    torch.testing.assert_close(network.weight.data, torch.tensor([[1.006, 0.992]]))
    assert step.update == Work(0, 5 * 2 * 4)


@pytest.mark.slow
def test_every_part_is_measured_against_its_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fusion.benchmarks.roofline.SIDE", {"cpu": 128})
    monkeypatch.setattr("fusion.benchmarks.roofline.COPY", {"cpu": 1 << 20})
    plain, fast = make_steps(StGcnPlusPlus(layout="minihome16", widths=(16, 32)), torch.randn(2, 2, 3, 8, 16))
    rows = split_rows("small", "cpu", plain, fast, device=torch.device("cpu"))
    assert [row.name.partition(":")[0] for row in rows] == [f"small {part}" for part in PARTS]
    assert all(row.ours > 0 and row.reference > 0 and row.unit == "s" for row in rows)
    assert rows[2].name.endswith("bound of memory")
    assert rows[0].reference < rows[1].reference  # a backward is about two forwards


@pytest.mark.slow
def test_it_keeps_its_promise(tmp_path: Path) -> None:
    whole, *parts = bench_stgcn(tmp_path)
    assert whole.kept, whole
    assert BATCH / whole.ours == pytest.approx(sum(part.ours for part in parts), rel=0.5)
    assert all(part.ratio < 1.5 for part in parts)  # nothing is much faster than its bound
