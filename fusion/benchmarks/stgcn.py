"""Benchmark of training steps of ST-GCN++ and CTR-GCN against mmaction2's and against roofline bounds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import torch
from torch import Tensor, nn

from triad.fusion.benchmarks.result import BenchmarkResult
from triad.fusion.benchmarks.roofline import Work, compare_with_bound, count_work, measure_peaks
from triad.fusion.benchmarks.timing import measure_pair, measure_seconds
from triad.fusion.training.graphed_step import CudaRecorder
from triad.modalities.device import best_device
from triad.modalities.openmmlab import import_mmaction
from triad.modalities.skeleton.encoders import CtrGcn, StGcnPlusPlus

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
        self.parameters = list(network.parameters())
        self._optimizer = torch.optim.SGD(self.parameters, lr=1e-3, momentum=0.9)
        self._loss = torch.zeros(())
        parameter_bytes = sum(parameter.numel() * parameter.element_size() for parameter in self.parameters)
        # parameter, gradient and momentum are read; parameter and momentum are written
        self.optimizer_work = Work(0, 5 * parameter_bytes)

    def forward(self) -> None:
        with torch.autocast(self._device.type, torch.bfloat16, enabled=self._autocast):
            self._loss = self._forward().float().square().mean()

    def backward(self) -> None:
        self.zero_grad()
        self._loss.backward()

    def compute_gradients(self) -> dict[str, Tensor]:
        """Take the first two phases, without gradients of before, and return the loss."""
        self.forward()
        self._loss.backward()
        return {"loss": self._loss.detach()}

    def optimizer(self) -> None:
        self._optimizer.step()

    def zero_grad(self) -> None:
        self._optimizer.zero_grad()

    def __call__(self) -> None:
        self.forward()
        self.backward()
        self.optimizer()


def bench_stgcn(folder: Path) -> Iterator[BenchmarkResult]:
    """Time a training step: batch 16, 2 persons, 100 frames, 25 joints.

    On a GPU ours is in bfloat16 and recorded as a CUDA graph, as ``compile=True`` does, and CTR-GCN, which mmaction2
    does not have, is compared with its own operations one by one; the reference is unchanged.
    """
    import_mmaction()
    from mmaction.models.backbones.stgcn import STGCN

    device = torch.device(best_device())
    device_name = torch.cuda.get_device_name() if device.type == "cuda" else "cpu"
    graph = {"layout": "nturgb+d", "mode": "spatial"}
    reference = STGCN(graph_cfg=graph, gcn_adaptive="init", gcn_with_res=True, tcn_type="mstcn").to(device)
    data = torch.randn(BATCH_SIZE, NUM_PERSONS, NUM_FRAMES, NUM_JOINTS, 3, device=device)
    reference_step = TrainingStep(lambda: reference(data), reference, device=device)
    step = build_step(StGcnPlusPlus(layout="ntu25"), data.permute(0, 1, 4, 2, 3))
    fast_step = step if device.type == "cpu" else record_step(step)
    required = 2.5 if device.type == "cuda" else 1.5
    yield compare_steps("ST-GCN++", device_name, fast_step, reference_step, "mmaction2 1.2.0", required=required)
    if device.type == "cpu":
        yield from compare_phases("ST-GCN++", device_name, step, device=device)
        return
    yield compare_step_with_bound("ST-GCN++", device_name, step, fast_step, device=device)
    step = build_step(CtrGcn(layout="ntu25"), data.permute(0, 1, 4, 2, 3))
    fast_step = record_step(step)
    yield compare_steps("CTR-GCN", device_name, fast_step, step, "the same without a CUDA graph")
    yield compare_step_with_bound("CTR-GCN", device_name, step, fast_step, device=device)


def compare_steps(
    name: str,
    device_name: str,
    ours: Callable[[], object],
    reference: Callable[[], object],
    reference_name: str,
    *,
    required: float | None = None,
) -> BenchmarkResult:
    """Compare the clips per second of two training steps."""
    seconds, reference_seconds = measure_pair(ours, reference, rounds=ROUNDS)
    return BenchmarkResult(
        f"{name} training step",
        device_name,
        BATCH_SIZE / seconds,
        BATCH_SIZE / reference_seconds,
        "clips/s",
        required=required,
        note=f"forward, backward, SGD; batch {BATCH_SIZE}, {torch.get_num_threads()} threads; "
        f"reference: {reference_name}",
    )


def build_step(encoder: nn.Module, data: Tensor) -> TrainingStep:
    """Build the training step of a skeleton encoder; in bfloat16 on a GPU.

    Shapes: data ``[B, M, C, T, V]``.
    """
    on_gpu = data.device.type == "cuda"
    encoder.to(data.device)
    if on_gpu:  # feature maps have channels last, so kernels need not reorder the weights
        encoder.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    valid = torch.ones(len(data), data.shape[1], data.shape[3], dtype=torch.bool, device=data.device)
    persons = torch.arange(len(data) * data.shape[1], device=data.device)  # to look for them would end a recording
    return TrainingStep(lambda: encoder(data, valid, persons).map, encoder, device=data.device, autocast=on_gpu)


def record_step(step: TrainingStep) -> Callable[[], None]:
    """Return a function that repeats a training step, of which forward and backward pass are one CUDA graph."""
    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):  # what libraries initialise, and momentum, is there before the recording
        step()
        step.zero_grad()
        repeat, _ = CudaRecorder(stream)(step.compute_gradients)
    gradients = [(parameter, parameter.grad) for parameter in step.parameters]

    def repeat_step() -> None:
        with torch.cuda.stream(stream):
            repeat()
            for parameter, gradient in gradients:
                parameter.grad = gradient
            step.optimizer()

    return repeat_step


def compare_step_with_bound(
    name: str, device_name: str, step: TrainingStep, fast_step: Callable[[], object], *, device: torch.device
) -> BenchmarkResult:
    """Compare a whole step with the bound of the work that ``step`` does."""
    peaks = measure_peaks(device, torch.bfloat16)
    forward = count_work(step.forward)
    backward = count_work(step.backward)
    work = Work(forward.flops + backward.flops, forward.bytes + backward.bytes + step.optimizer_work.bytes)
    fast_step()
    seconds = min(measure_seconds(fast_step) for _ in range(ROUNDS))
    return compare_with_bound(f"{name} training step", device_name, seconds, work, peaks)


def compare_phases(name: str, device_name: str, step: TrainingStep, *, device: torch.device) -> list[BenchmarkResult]:
    """Compare the phases of a step with the bounds of their work."""
    peaks = measure_peaks(device, torch.float32)
    work = {
        "forward": count_work(step.forward),
        "backward": count_work(step.backward),
        "optimizer": step.optimizer_work,
    }
    step()
    rounds = [{phase: measure_seconds(getattr(step, phase)) for phase in PHASES} for _ in range(ROUNDS)]
    return [
        compare_with_bound(f"{name} {phase}", device_name, min(times[phase] for times in rounds), work[phase], peaks)
        for phase in PHASES
    ]
