from __future__ import annotations

from pathlib import Path

import torch

from triad.fusion.benchmarks.operations import bench_operations, count_operations


def test_views_and_allocations_do_not_count():
    data = torch.ones(2, 3)
    assert count_operations(lambda: data.T.reshape(3, 2, 1)[0]) == 0
    assert count_operations(lambda: torch.empty(3)) == 0
    assert count_operations(lambda: (data + 1).sum() * 2) == 3


def test_step_has_fewer_operations_than_before(tmp_path: Path):
    results = {result.name.removeprefix("operations of "): result for result in bench_operations(tmp_path)}
    assert results["ST-GCN++ transform"].ratio > 1.9
    assert results["ST-GCN++ forward"].ratio > 1.4
    assert results["ST-GCN++ backward"].ratio > 1.2
    assert results["CTR-GCN forward"].ratio > 1.4
    assert results["CTR-GCN backward"].ratio > 1.3
