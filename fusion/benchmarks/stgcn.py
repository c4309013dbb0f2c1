"""A training step of ST-GCN++ against mmaction2's, and its parts against what the machine can do at best."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor, nn

from fusion.benchmarks.roofline import Work, measure_peaks, roofline_row, work_of
from fusion.benchmarks.row import Row, compare, seconds_of
from modalities.device import best_device
from modalities.openmmlab import import_mmaction
from modalities.skeleton.encoders import StGcnPlusPlus

BATCH, PERSONS, TIMES, JOINTS = 16, 2, 100, 25
ROUNDS = 7
PARTS = ("forward", "backward", "optimizer")


class Step:
    """A training step in its three parts, each of which needs the one before it.

    Args:
        forward: a map of the network's.
        network: whose parameters learn.
        device: where it lies.
        half: compute in bfloat16 where that is safe, as our training does on a GPU.
    """

    def __init__(
        self, forward: Callable[[], Tensor], network: nn.Module, *, device: torch.device, half: bool = False
    ) -> None:
        self._forward, self._device, self._half = forward, device, half
        self._optimizer = torch.optim.SGD(network.parameters(), lr=1e-3, momentum=0.9)
        self._loss = torch.zeros(())
        values = sum(p.numel() * p.element_size() for p in network.parameters())
        self.update = Work(0, 5 * values)  # parameter, gradient and momentum are read, the first and last written

    def forward(self) -> None:
        with torch.autocast(self._device.type, torch.bfloat16, enabled=self._half):
            self._loss = self._forward().float().square().mean()

    def backward(self) -> None:
        self._optimizer.zero_grad()
        self._loss.backward()

    def optimizer(self) -> None:
        self._optimizer.step()

    def __call__(self) -> None:
        self.forward()
        self.backward()
        self.optimizer()


def bench_stgcn(folder: Path) -> list[Row]:
    """Batch 16, 2 persons, 100 frames, 25 joints; on a GPU ours is compiled, in bfloat16, the reference as it comes."""
    import_mmaction()
    from mmaction.models.backbones.stgcn import STGCN

    device = torch.device(best_device())
    graph = {"layout": "nturgb+d", "mode": "spatial"}
    theirs = STGCN(graph_cfg=graph, gcn_adaptive="init", gcn_with_res=True, tcn_type="mstcn").to(device)
    data = torch.randn(BATCH, PERSONS, TIMES, JOINTS, 3, device=device)
    plain, fast = make_steps(StGcnPlusPlus(layout="ntu25"), data.permute(0, 1, 4, 2, 3))
    found = compare(fast, Step(lambda: theirs(data), theirs, device=device), rounds=ROUNDS)
    name = torch.cuda.get_device_name() if device.type == "cuda" else "cpu"
    required = 2.5 if device.type == "cuda" else 1.5
    note = f"forward, backward, SGD; batch {BATCH}, {torch.get_num_threads()} threads; reference: mmaction2 1.2.0"
    whole = Row("ST-GCN++ training step", name, BATCH / found[0], BATCH / found[1], "clips/s", required, note=note)
    return [whole, *split_rows("ST-GCN++", name, plain, fast, device=device)]


def make_steps(encoder: nn.Module, data: Tensor) -> tuple[Step, Step]:
    """The step of an encoder whose operations can be counted, and the fast one; on a processor they are the same.

    Shapes: ``[B, M, C, T, V]``.
    """
    device = data.device
    gpu = device.type == "cuda"
    encoder.to(device)
    if gpu:  # our maps have channels last, so that kernels need not turn the weights round
        encoder.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    valid = torch.ones(len(data), data.shape[1], data.shape[3], dtype=torch.bool, device=device)
    plain = Step(lambda: encoder(data, valid)["map"], encoder, device=device, half=gpu)
    if not gpu:
        return plain, plain
    compiled = torch.compile(encoder)
    return plain, Step(lambda: compiled(data, valid)["map"], encoder, device=device, half=True)


def split_rows(name: str, where: str, plain: Step, fast: Step, *, device: torch.device) -> list[Row]:
    """Forward, backward and optimizer of ``fast`` against the bounds of what ``plain`` does."""
    peaks = measure_peaks(device, torch.bfloat16 if device.type == "cuda" else torch.float32)
    work = {"forward": work_of(plain.forward), "backward": work_of(plain.backward), "optimizer": plain.update}
    fast()
    rounds = [{part: seconds_of(getattr(fast, part)) for part in PARTS} for _ in range(ROUNDS)]
    return [
        roofline_row(f"{name} {part}", where, min(times[part] for times in rounds), work[part], peaks) for part in PARTS
    ]
