"""End of the processes that read for a loader."""

from __future__ import annotations

from typing import Any

from torch.utils.data import DataLoader

from triad.fusion.training.device_prefetcher import DevicePrefetcher


def stop_workers(loader: DataLoader | DevicePrefetcher | dict[str, Any] | None) -> None:
    """End the workers of a loader that keeps them between epochs; it starts new ones when it is read again.

    Otherwise they live until Python's garbage collector finds the loader. It takes the queues apart first, so that the
    workers are never told to end, and whoever runs then waits 5 seconds for each: 80 for a training on a GPU.

    Args:
        loader: loader; a config that was not built, or None, has no workers.
    """
    if isinstance(loader, DevicePrefetcher):
        loader._begun = None  # the epoch that its workers began to read ahead
        loader = loader.loader
    iterator: Any = getattr(loader, "_iterator", None)  # torch has no public way
    if iterator is not None:
        iterator._shutdown_workers()
        loader._iterator = None  # type: ignore[union-attr]
