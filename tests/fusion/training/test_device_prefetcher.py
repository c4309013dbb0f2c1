from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch

from triad.fusion.models.presence import Presence
from triad.fusion.training.device_prefetcher import DevicePrefetcher, tensors_in

CPU = torch.device("cpu")


class Loader:
    """Some batches, and perhaps an error after them; it counts those that were taken from it."""

    dataset = "dataset"

    def __init__(self, error: Exception | None = None, num: int = 3) -> None:
        self.error = error
        self.num = num
        self.taken = 0

    def __len__(self) -> int:
        return self.num

    def __iter__(self) -> Iterator[int]:
        for batch in range(self.num):
            self.taken += 1
            yield batch
        if self.error is not None:
            raise self.error


def prefetch(loader: Loader) -> DevicePrefetcher:
    return DevicePrefetcher(loader, lambda batch: batch * 10, device=CPU)


def test_batches_keep_their_order():
    prefetcher = prefetch(Loader())
    assert list(prefetcher) == [0, 10, 20]
    assert list(prefetcher) == [0, 10, 20]  # the next epoch
    assert len(prefetcher) == 3
    assert prefetcher.dataset == "dataset"


def test_next_batches_are_moved_before():
    loader = Loader(num=9)
    batches = iter(prefetch(loader))
    assert [(next(batches), loader.taken) for _ in range(5)] == [(0, 2), (10, 4), (20, 6), (30, 7), (40, 8)]


class EpochLoader(Loader):
    """Loader whose batches say in which epoch they were drawn; workers begin when it is iterated."""

    epoch = 0

    def __iter__(self) -> Iterator[int]:
        first = 100 * self.epoch
        return iter(range(first, first + 6))


def test_next_epoch_begins_before_last_batches():
    loader = EpochLoader()

    def begin_next() -> bool:
        loader.epoch += 1
        return loader.epoch < 2

    prefetcher = DevicePrefetcher(loader, lambda batch: batch, device=CPU, begin_next=begin_next)
    first = iter(prefetcher)
    assert [next(first), next(first), next(first), loader.epoch] == [0, 1, 2, 0]
    assert [next(first), loader.epoch] == [3, 1]  # begun when the last batch came
    assert list(first) == [4, 5]
    assert list(prefetcher) == [100, 101, 102, 103, 104, 105]
    assert prefetcher._begun is None  # there are two epochs


def test_epoch_that_was_left_begins_anew():
    prefetcher = DevicePrefetcher(EpochLoader(), lambda batch: batch, device=CPU, begin_next=lambda: True)
    batches = iter(prefetcher)
    assert next(batches) == 0
    batches.close()
    assert list(prefetcher) == [0, 1, 2, 3, 4, 5]


def test_error_follows_the_batches_before():
    batches = iter(prefetch(Loader(ValueError("broken file"))))
    assert [next(batches) for _ in range(3)] == [0, 10, 20]
    with pytest.raises(ValueError, match="broken file"):
        next(batches)


def test_error_of_moving_is_raised():
    def fail(batch: int) -> int:
        raise RuntimeError("out of memory")

    with pytest.raises(RuntimeError, match="out of memory"):
        list(DevicePrefetcher(Loader(), fail, device=CPU))


def test_empty_loader_ends_at_once():
    assert list(DevicePrefetcher([], lambda batch: batch, device=CPU)) == []


def test_tensors_of_batch_are_found():
    mask, rows = torch.ones(2, dtype=torch.bool), torch.arange(2)
    batch = {"rgb": {"present": mask, "presence": Presence(mask, None, rows, (0, 1))}, "id": ["a"], "label": [rows]}
    assert [tensor is rows for tensor in tensors_in(batch)] == [False, False, True, True]
