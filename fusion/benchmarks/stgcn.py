"""A training step of ST-GCN++ against mmaction2's, batch 16, 2 persons, 100 frames, 25 joints."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor, nn

from fusion.benchmarks.row import Row, compare
from modalities.openmmlab import import_mmaction
from modalities.skeleton.encoders import StGcnPlusPlus

BATCH, PERSONS, TIMES, JOINTS = 16, 2, 100, 25
ROUNDS = 7


def bench_stgcn(folder: Path) -> list[Row]:
    """Forward, backward and optimizer; on a GPU ours runs compiled in bfloat16, the reference as it comes."""
    import_mmaction()
    from mmaction.models.backbones.stgcn import STGCN

    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    graph = {"layout": "nturgb+d", "mode": "spatial"}
    theirs = STGCN(graph_cfg=graph, gcn_adaptive="init", gcn_with_res=True, tcn_type="mstcn").to(device)
    encoder = StGcnPlusPlus(layout="ntu25").to(device)
    data = torch.randn(BATCH, PERSONS, TIMES, JOINTS, 3, device=device)
    valid = torch.ones(BATCH, PERSONS, TIMES, dtype=torch.bool, device=device)
    ours = encoder
    if device.type == "cuda":
        ours = torch.compile(encoder)  # type: ignore[assignment]
    view = data.permute(0, 1, 4, 2, 3)
    found = compare(
        _step(lambda: ours(view, valid)["map"], encoder, fast=device.type == "cuda"),
        _step(lambda: theirs(data), theirs, fast=False),
        rounds=ROUNDS,
    )
    name = torch.cuda.get_device_name() if device.type == "cuda" else "cpu"
    required = 2.5 if device.type == "cuda" else 1.5
    note = f"forward, backward, SGD; batch {BATCH}, {torch.get_num_threads()} threads; reference: mmaction2 1.2.0"
    return [Row("ST-GCN++ training step", name, BATCH / found[0], BATCH / found[1], "clips/s", required, note=note)]


def _step(forward: Callable[[], Tensor], network: nn.Module, *, fast: bool) -> Callable[[], None]:
    optimizer = torch.optim.SGD(network.parameters(), lr=1e-3, momentum=0.9)

    def step() -> None:
        with torch.autocast("cuda", torch.bfloat16, enabled=fast):
            loss = forward().float().square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    return step
