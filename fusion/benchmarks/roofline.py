"""How near work comes to what the machine can do at best: its arithmetic and its memory, measured in the same run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves
from torch.utils.flop_counter import flop_registry

from fusion.benchmarks.row import Row, seconds_of

ROUNDS = 5
SIDE, COPY = {"cpu": 2048, "cuda": 8192}, {"cpu": 1 << 28, "cuda": 1 << 30}
"""Side of the square matrices whose product is taken, and bytes that are copied."""


@dataclass(frozen=True)
class Peaks:
    """What the machine was seen to do at best: ``flops`` and ``bytes`` per second."""

    flops: float
    bytes: float


@dataclass(frozen=True)
class Work:
    """Floating-point operations, two a multiply-accumulate, and bytes of memory that are read or written."""

    flops: float
    bytes: float

    def seconds(self, peaks: Peaks) -> tuple[float, float]:
        """What the arithmetic and what the memory takes at best; the longer of them is the bound."""
        return self.flops / peaks.flops, self.bytes / peaks.bytes


def measure_peaks(device: torch.device, dtype: torch.dtype) -> Peaks:
    """By one large product of matrices and one large copy, the fastest of some rounds."""
    side, size = SIDE[device.type], COPY[device.type]
    one, other = (torch.randn(side, side, device=device, dtype=dtype) for _ in range(2))
    product = torch.empty_like(one)
    source, target = (torch.zeros(size, dtype=torch.uint8, device=device) for _ in range(2))
    flops = 2 * side**3 / _fastest(lambda: torch.mm(one, other, out=product))
    return Peaks(flops, 2 * size / _fastest(lambda: target.copy_(source)))


def work_of(call: Callable[[], object]) -> Work:
    """The products of matrices and the convolutions of a call: what they compute, read and write.

    All else (norms, activations, sums) could at best be fused into them, and costs memory only where it is not; so this
    is the least that the call can mean.
    """
    with _Products() as products:
        call()
    return Work(products.flops, products.bytes)


def roofline_row(name: str, device: str, seconds: float, work: Work, peaks: Peaks) -> Row:
    """Measured seconds against the bound of the machine; a ratio of 1 is the best there can be."""
    arithmetic, memory = work.seconds(peaks)
    what = "arithmetic" if arithmetic > memory else "memory"
    note = (
        f"arithmetic {1e3 * arithmetic:.3g} ms ({work.flops / 1e9:.4g} GFLOP at {peaks.flops / 1e9:.4g} GFLOP/s), "
        f"memory {1e3 * memory:.3g} ms ({work.bytes / 1e6:.4g} MB at {peaks.bytes / 1e9:.4g} GB/s)"
    )
    return Row(f"{name}: against the bound of {what}", device, seconds, max(arithmetic, memory), "s", note=note)


def _fastest(call: Callable[[], object]) -> float:
    call()
    return min(seconds_of(call) for _ in range(ROUNDS))


class _Products(TorchDispatchMode):
    """Counts the operations that torch has a count of, whose inputs and outputs lie in memory."""

    def __init__(self) -> None:
        super().__init__()
        self.flops = self.bytes = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        out = func(*args, **kwargs)
        count = flop_registry.get(func._overloadpacket)
        if count is not None:
            self.flops += count(*args, **kwargs, out_val=out)
            tensors = [leaf for leaf in tree_leaves((args, kwargs, out)) if isinstance(leaf, Tensor)]
            self.bytes += sum(tensor.numel() * tensor.element_size() for tensor in tensors)
        return out
