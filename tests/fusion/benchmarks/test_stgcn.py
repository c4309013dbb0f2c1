from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import nn
from waiting_steps import NoWaiting

from triad.fusion.benchmarks.roofline import Work
from triad.fusion.benchmarks.stgcn import BATCH_SIZE, PHASES, TrainingStep, bench_stgcn, build_step, compare_phases
from triad.modalities.skeleton.encoders import CtrGcn, StGcnPlusPlus
from triad.modalities.skeleton.encoders.layers import GraphEncoder


def test_step_runs_its_three_phases() -> None:
    network = nn.Linear(2, 1, bias=False)
    data = torch.tensor([[3.0, -4.0]])
    nn.init.ones_(network.weight)
    step = TrainingStep(lambda: network(data), network, device=torch.device("cpu"))
    step()
    # loss (x·w)² = 1, gradient 2 (x·w) x = (−6, 8), step 0.001 of it
    torch.testing.assert_close(network.weight.data, torch.tensor([[1.006, 0.992]]))
    assert step.optimizer_work == Work(0, 5 * 2 * 4)


@pytest.mark.parametrize("encoder_class", [StGcnPlusPlus, CtrGcn])
def test_step_of_two_persons_can_be_recorded(encoder_class: type[GraphEncoder]) -> None:
    step = build_step(encoder_class(layout="minihome16", widths=(16, 32)), torch.randn(2, 2, 3, 8, 16))
    with NoWaiting():
        step.compute_gradients()


@pytest.mark.slow
def test_every_phase_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("triad.fusion.benchmarks.roofline.MATRIX_SIZE", {"cpu": 128})
    monkeypatch.setattr("triad.fusion.benchmarks.roofline.COPY_BYTES", {"cpu": 1 << 20})
    step = build_step(StGcnPlusPlus(layout="minihome16", widths=(16, 32)), torch.randn(2, 2, 3, 8, 16))
    results = compare_phases("small", "cpu", step, device=torch.device("cpu"))
    assert [result.name.partition(":")[0] for result in results] == [f"small {phase}" for phase in PHASES]
    assert all(result.ours > 0 and result.reference > 0 and result.unit == "s" for result in results)
    assert results[2].name.endswith("bound of memory")
    assert results[0].reference < results[1].reference  # a backward is about two forwards


@pytest.mark.slow
def test_step_keeps_its_promise(tmp_path: Path) -> None:
    step, *phases = bench_stgcn(tmp_path)
    assert step.keeps_promise, step
    assert BATCH_SIZE / step.ours == pytest.approx(sum(phase.ours for phase in phases), rel=0.5)
    assert all(phase.ratio < 1.5 for phase in phases)  # nothing is much faster than its bound
