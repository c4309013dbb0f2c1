from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch

from triad.fusion.models.presence import Presence
from triad.fusion.training.device_prefetcher import DevicePrefetcher, tensors_in

CPU = torch.device("cpu")


class Loader:
    """Three batches, and perhaps an error after them; it counts those that were taken from it."""

    dataset = "dataset"

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.taken = 0

    def __len__(self) -> int:
        return 3

    def __iter__(self) -> Iterator[int]:
        for batch in range(3):
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


def test_next_batch_is_moved_before():
    loader = Loader()
    batches = iter(prefetch(loader))
    assert next(batches) == 0
    assert loader.taken == 2


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
