"""Dataloader whose next batch is on its way to the device while the step of this one is computed."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import torch
from torch import Tensor

NUM_AHEAD = 3
"""Batches that are on the device or on their way while one is used: their steps take longer than a worker takes for the
first batch of the next epoch."""


class DevicePrefetcher:
    """Dataloader that moves batches to a GPU while the one before them is used.

    The copies run beside the computation, on a stream of their own. An error of the loader comes after the batches
    before it, as without prefetching. Once the workers have read the last batch of an epoch they begin with the next
    epoch, while the device still computes, checkpoints are written and the model is validated.

    Args:
        loader: dataloader; its attributes are also those of the prefetcher.
        move: function that returns a batch on the device without waiting.
        device: device of the batches; on a CPU there is nothing to run beside.
        begin_next: function that lets dataset and sampler draw the next epoch and returns True, or returns False where
            none follows; None begins an epoch when it is asked for.
    """

    def __init__(
        self,
        loader: Any,
        move: Callable[[Any], Any],
        *,
        device: torch.device,
        begin_next: Callable[[], bool] | None = None,
    ) -> None:
        self.loader = loader
        self.move = move
        self.device = device
        self.begin_next = begin_next
        self._begun: Iterator[Any] | None = None

    def __len__(self) -> int:
        return len(self.loader)

    def __getattr__(self, name: str) -> Any:
        if name == "loader":  # while it is unpickled
            raise AttributeError(name)
        return getattr(self.loader, name)

    def __iter__(self) -> Iterator[Any]:
        stream = torch.cuda.Stream(self.device) if self.device.type == "cuda" else None
        batches = iter(self.loader) if self._begun is None else self._begun
        self._begun = None
        upcoming: deque[_Fetched] = deque()
        num_ahead = 0  # grows, so that the first step of an epoch waits for two batches, not for all
        while True:
            num_ahead = min(num_ahead + 1, NUM_AHEAD)
            while len(upcoming) <= num_ahead and not (upcoming and upcoming[-1].is_last):
                upcoming.append(self._fetch(batches, stream))
                if upcoming[-1].is_end and self.begin_next is not None and self.begin_next():
                    self._begun = iter(self.loader)
            fetched = upcoming.popleft()
            if fetched.error is not None:
                raise fetched.error
            if fetched.is_end:
                return
            if stream is not None:
                _hand_over(fetched.batch, stream)
            yield fetched.batch

    def _fetch(self, batches: Iterator[Any], stream: torch.cuda.Stream | None) -> _Fetched:
        """Return the next batch on its way to the device, or why there is none."""
        try:
            with torch.cuda.stream(stream):  # None changes nothing
                return _Fetched(self.move(next(batches)))
        except StopIteration:
            return _Fetched(is_end=True)
        except Exception as error:
            return _Fetched(error=error)


class _Fetched(NamedTuple):
    """A batch, the error in its place, or the end."""

    batch: Any = None
    error: Exception | None = None
    is_end: bool = False

    @property
    def is_last(self) -> bool:
        """Whether nothing follows."""
        return self.is_end or self.error is not None


def _hand_over(batch: Any, stream: torch.cuda.Stream) -> None:
    """Let the current stream wait for the copies of a batch, and keep its memory until that stream has used it."""
    current = torch.cuda.current_stream()
    current.wait_stream(stream)
    for tensor in tensors_in(batch):
        if tensor.is_cuda:
            tensor.record_stream(current)


def begin_next_epoch(loop: Any, seed: int | None) -> bool:
    """Let sampler and dataset of a training draw the epoch after the current one; return False after the last one.

    mmengine's ``DistSamplerSeedHook`` and our ``SeedHook``, which do so when the epoch begins, then find it done.

    Args:
        loop: mmengine's EpochBasedTrainLoop.
        seed: seed of the training.
    """
    epoch = loop.epoch + 1
    if epoch >= loop.max_epochs or loop.stop_training:
        return False
    loader = loop.dataloader
    samplers: list[Any] = [loader.sampler, getattr(loader.batch_sampler, "sampler", None)]
    for sampler in samplers:
        if hasattr(sampler, "set_epoch"):
            sampler.set_epoch(epoch)
    if hasattr(loader.dataset, "set_epoch"):
        loader.dataset.set_epoch(epoch, seed)
    return True


def tensors_in(value: Any) -> Iterator[Tensor]:
    """Yield the tensors in dicts, sequences and data classes."""
    if isinstance(value, Tensor):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from tensors_in(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from tensors_in(inner)
    elif hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            yield from tensors_in(getattr(value, name))
