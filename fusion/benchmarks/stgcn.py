"""Benchmark of a training step of ST-GCN++ against mmaction2's, and of its phases against roofline bounds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor, nn

from triad.fusion.benchmarks.result import BenchmarkResult
from triad.fusion.benchmarks.roofline import Work, compare_with_bound, count_work, measure_peaks
from triad.fusion.benchmarks.timing import measure_pair, measure_seconds
from triad.modalities.device import best_device
from triad.modalities.openmmlab import import_mmaction
from triad.modalities.skeleton.encoders import StGcnPlusPlus

BATCH_SIZE = 16
NUM_PERSONS = 2
NUM_FRAMES = 100
NUM_JOINTS = 25
ROUNDS = 7
PHASES = ("forward", "backward", "optimizer")


class TrainingStep:
    """Training step in three phases, each of which needs the one before it.

    Args:
        forward: function that returns a feature map of the network.
        network: network whose parameters are trained.
        device: device of the network.
        autocast: whether to compute in bfloat16 where that is safe, as training on a GPU does.
    """

    def __init__(
        self, forward: Callable[[], Tensor], network: nn.Module, *, device: torch.device, autocast: bool = False
    ) -> None:
        self._forward = forward
        self._device = device
        self._autocast = autocast
        self._optimizer = torch.optim.SGD(network.parameters(), lr=1e-3, momentum=0.9)
        self._loss = torch.zeros(())
        parameter_bytes = sum(parameter.numel() * parameter.element_size() for parameter in network.parameters())
        # parameter, gradient and momentum are read; parameter and momentum are written
        self.optimizer_work = Work(0, 5 * parameter_bytes)

    def forward(self) -> None:
        with torch.autocast(self._device.type, torch.bfloat16, enabled=self._autocast):
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


def bench_stgcn(folder: Path) -> list[BenchmarkResult]:
    """Time a training step: batch 16, 2 persons, 100 frames, 25 joints.

    On a GPU ours is compiled and in bfloat16, the reference is unchanged.
    """
    import_mmaction()
    from mmaction.models.backbones.stgcn import STGCN

    device = torch.device(best_device())
    graph = {"layout": "nturgb+d", "mode": "spatial"}
    reference = STGCN(graph_cfg=graph, gcn_adaptive="init", gcn_with_res=True, tcn_type="mstcn").to(device)
    data = torch.randn(BATCH_SIZE, NUM_PERSONS, NUM_FRAMES, NUM_JOINTS, 3, device=device)
    plain_step, fast_step = build_steps(StGcnPlusPlus(layout="ntu25"), data.permute(0, 1, 4, 2, 3))
    reference_step = TrainingStep(lambda: reference(data), reference, device=device)
    seconds, reference_seconds = measure_pair(fast_step, reference_step, rounds=ROUNDS)
    device_name = torch.cuda.get_device_name() if device.type == "cuda" else "cpu"
    result = BenchmarkResult(
        "ST-GCN++ training step",
        device_name,
        BATCH_SIZE / seconds,
        BATCH_SIZE / reference_seconds,
        "clips/s",
        required=2.5 if device.type == "cuda" else 1.5,
        note=f"forward, backward, SGD; batch {BATCH_SIZE}, {torch.get_num_threads()} threads; "
        "reference: mmaction2 1.2.0",
    )
    return [result, *compare_phases("ST-GCN++", device_name, plain_step, fast_step, device=device)]


def build_steps(encoder: nn.Module, data: Tensor) -> tuple[TrainingStep, TrainingStep]:
    """Build the step of an encoder whose operations can be counted, and the fast one; on a CPU they are the same.

    Shapes: data ``[B, M, C, T, V]``.
    """
    device = data.device
    on_gpu = device.type == "cuda"
    encoder.to(device)
    if on_gpu:  # feature maps have channels last, so kernels need not reorder the weights
        encoder.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    valid = torch.ones(len(data), data.shape[1], data.shape[3], dtype=torch.bool, device=device)
    plain_step = TrainingStep(lambda: encoder(data, valid).map, encoder, device=device, autocast=on_gpu)
    if not on_gpu:
        return plain_step, plain_step
    compiled = torch.compile(encoder)
    return plain_step, TrainingStep(lambda: compiled(data, valid).map, encoder, device=device, autocast=True)


def compare_phases(
    name: str, device_name: str, plain_step: TrainingStep, fast_step: TrainingStep, *, device: torch.device
) -> list[BenchmarkResult]:
    """Compare the phases of ``fast_step`` with the bounds of the work that ``plain_step`` does."""
    peaks = measure_peaks(device, torch.bfloat16 if device.type == "cuda" else torch.float32)
    work = {
        "forward": count_work(plain_step.forward),
        "backward": count_work(plain_step.backward),
        "optimizer": plain_step.optimizer_work,
    }
    fast_step()
    rounds = [{phase: measure_seconds(getattr(fast_step, phase)) for phase in PHASES} for _ in range(ROUNDS)]
    return [
        compare_with_bound(f"{name} {phase}", device_name, min(times[phase] for times in rounds), work[phase], peaks)
        for phase in PHASES
    ]
