"""Forward passes that a GPU is told of once: their kernels are captured as a CUDA graph and then launched together.

A kernel of a small batch takes microseconds, about as long as it takes Python to ask for it. A graph needs no compiler:
one pass to warm up and one to capture.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable

import torch
from torch import Tensor

Pass = Callable[[Tensor], Tensor]
"""Forward pass from one tensor to another."""
CapturePass = Callable[[Pass, Tensor], Callable[[], Tensor]]
"""Function that makes a call without arguments of a pass and the tensor that it reads in every call."""


def capture_graph(run: Pass, inputs: Tensor) -> Callable[[], Tensor]:
    """Capture a pass as a CUDA graph, and return the function that launches it and returns its output.

    Every launch reads and writes the same memory.

    Args:
        run: forward pass whose operations depend on the shape of its input alone, and wait for nothing.
        inputs: tensor on the GPU that is read in every launch.
    """
    with torch.cuda.device(inputs.device):
        stream = torch.cuda.Stream()
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            run(inputs)  # libraries choose their kernels and allocate, which no capture may contain
        torch.cuda.current_stream().wait_stream(stream)
        graph = torch.cuda.CUDAGraph()
        # threads of other videos may go on working with the GPU
        with torch.cuda.graph(graph, stream=stream, capture_error_mode="thread_local"):
            outputs = run(inputs)

    def launch() -> Tensor:
        graph.replay()
        return outputs

    return launch


def call_again(run: Pass, inputs: Tensor) -> Callable[[], Tensor]:
    """Return the function that runs the pass operation by operation, for devices without graphs."""
    return lambda: run(inputs)


class CapturedPass:
    """Pass with the tensor that it reads.

    Args:
        run: forward pass over a batch.
        inputs: tensor whose memory every call reads.
        capture: function that makes the call of the pass.
    """

    def __init__(self, run: Pass, inputs: Tensor, *, capture: CapturePass) -> None:
        self._inputs = inputs
        self._launch = capture(run, inputs)

    def __call__(self, batch: Tensor) -> Tensor:
        """Return the output of a batch that may be shorter than the tensor that is read.

        A batch in pinned memory is copied without waiting.
        The rest of the output is of earlier batches. It is the memory of every call: copy it before the next one.
        """
        self._inputs[: len(batch)].copy_(batch, non_blocking=batch.is_pinned())
        return self._launch()


class PassCache:
    """Captured passes by key, of which those used last are kept; a pass is released before the next one is captured.

    Args:
        capacity: largest sum of the sizes of all passes; one pass may be larger.
    """

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self._passes: OrderedDict[Hashable, tuple[CapturedPass, int]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._passes)

    def get(self, key: Hashable, size: int, build: Callable[[], CapturedPass]) -> CapturedPass:
        """Return the pass of a key, captured now if there is none.

        Args:
            key: key of the pass.
            size: size of the pass, in the unit of the capacity.
            build: constructor of the pass.
        """
        if key not in self._passes:
            while self._passes and size + sum(other for _, other in self._passes.values()) > self.capacity:
                self._passes.popitem(last=False)
            self._passes[key] = build(), size
        self._passes.move_to_end(key)
        return self._passes[key][0]
