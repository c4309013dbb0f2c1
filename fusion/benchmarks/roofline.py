"""Roofline bounds: measured time against the arithmetic and memory throughput of the machine in the same run.

S. Williams, A. Waterman, D. Patterson (2009), "Roofline: an insightful visual performance model for multicore
architectures".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves
from torch.utils.flop_counter import flop_registry

from triad.fusion.benchmarks.result import BenchmarkResult
from triad.fusion.benchmarks.timing import measure_seconds

ROUNDS = 5

MATRIX_SIZE = {"cpu": 2048, "cuda": 8192}
"""Side of the square matrices whose product is timed."""

COPY_BYTES = {"cpu": 1 << 28, "cuda": 1 << 30}
"""Bytes of the timed copy."""


@dataclass(frozen=True)
class Peaks:
    """Best measured throughput of the machine: floating-point operations and bytes per second."""

    flops: float
    bytes: float


@dataclass(frozen=True)
class Work:
    """Floating-point operations (two a multiply-accumulate) and bytes of memory that are read or written."""

    flops: float
    bytes: float

    def seconds(self, peaks: Peaks) -> tuple[float, float]:
        """Return the least seconds of the arithmetic and of the memory; the longer of them is the bound."""
        return self.flops / peaks.flops, self.bytes / peaks.bytes


def measure_peaks(device: torch.device, dtype: torch.dtype) -> Peaks:
    """Measure the peaks by one large matrix product and one large copy, each the fastest of several rounds."""
    side = MATRIX_SIZE[device.type]
    num_bytes = COPY_BYTES[device.type]
    a, b = (torch.randn(side, side, device=device, dtype=dtype) for _ in range(2))
    product = torch.empty_like(a)
    source, target = (torch.zeros(num_bytes, dtype=torch.uint8, device=device) for _ in range(2))
    flops = 2 * side**3 / _least_seconds(lambda: torch.mm(a, b, out=product))
    return Peaks(flops, 2 * num_bytes / _least_seconds(lambda: target.copy_(source)))


def count_work(call: Callable[[], object]) -> Work:
    """Count the operations and memory traffic of the matrix products and convolutions of a call.

    All other operations (norms, activations, sums) could at best be fused into these, so the result is a lower bound.
    """
    with _WorkCounter() as counter:
        call()
    return Work(counter.flops, counter.bytes)


def compare_with_bound(name: str, device: str, seconds: float, work: Work, peaks: Peaks) -> BenchmarkResult:
    """Return measured seconds beside the bound of the machine; the best possible ratio is 1.

    Args:
        name: name of the measured work.
        device: ``cpu`` or the name of the GPU.
        seconds: measured time.
        work: least work of the call, as :func:`count_work` returns it.
        peaks: throughput of the machine.
    """
    arithmetic, memory = work.seconds(peaks)
    bottleneck = "arithmetic" if arithmetic > memory else "memory"
    note = (
        f"arithmetic {1e3 * arithmetic:.3g} ms ({work.flops / 1e9:.4g} GFLOP at {peaks.flops / 1e9:.4g} GFLOP/s), "
        f"memory {1e3 * memory:.3g} ms ({work.bytes / 1e6:.4g} MB at {peaks.bytes / 1e9:.4g} GB/s)"
    )
    bound = max(arithmetic, memory)
    return BenchmarkResult(f"{name}: against the bound of {bottleneck}", device, seconds, bound, "s", note=note)


def _least_seconds(call: Callable[[], object]) -> float:
    call()
    return min(measure_seconds(call) for _ in range(ROUNDS))


class _WorkCounter(TorchDispatchMode):
    """Counter of the operations that torch has a FLOP formula for, and of the memory of their inputs and outputs."""

    def __init__(self) -> None:
        super().__init__()
        self.flops = 0
        self.bytes = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        out = func(*args, **kwargs)
        count_flops = flop_registry.get(func._overloadpacket)
        if count_flops is not None:
            self.flops += count_flops(*args, **kwargs, out_val=out)
            tensors = [leaf for leaf in tree_leaves((args, kwargs, out)) if isinstance(leaf, Tensor)]
            self.bytes += sum(tensor.numel() * tensor.element_size() for tensor in tensors)
        return out
