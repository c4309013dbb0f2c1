"""Two processes on the CPU share an epoch of unequal classes: equal, disjoint shares of one list."""

from __future__ import annotations

import numpy as np
import torch
from torch import multiprocessing

from fusion.data.class_sampler import ClassSampler

LIMIT = 100  # seconds; what hangs is stopped and fails
SIZE, EPOCHS = 41, 3


class Labels:
    """25 samples of one class, 12 and 4 of two others."""

    labels = np.array([0] * 25 + [1] * 12 + [2] * 4)
    class_counts = np.array([25, 12, 4])

    def __len__(self) -> int:
        return SIZE


def samplers() -> list[ClassSampler]:
    """As the classes are; equally often, over an even number; and with a seed that the processes must agree on."""
    return [
        ClassSampler(Labels(), power=1.0, seed=0),
        ClassSampler(Labels(), power=0.0, length=12, seed=0),
        ClassSampler(Labels(), power=0.5),
    ]


def process(rank: int, folder: str) -> None:
    torch.distributed.init_process_group("gloo", init_method=f"file://{folder}/meet", rank=rank, world_size=2)
    shares = []
    for sampler in samplers():
        for epoch in range(EPOCHS):
            sampler.set_epoch(epoch)
            shares.append(list(sampler))
            assert len(sampler) == len(shares[-1])
    torch.save(shares, f"{folder}/{rank}.pth")
    torch.distributed.destroy_process_group()


def test_two_processes_share_an_epoch(tmp_path):
    started = multiprocessing.start_processes(process, (str(tmp_path),), nprocs=2, join=False, start_method="spawn")
    try:
        assert started.join(LIMIT) or started.join(LIMIT), "the processes wait for each other"
    finally:
        for one in started.processes:
            one.kill()
    first, second = (torch.load(tmp_path / f"{rank}.pth", weights_only=True) for rank in range(2))
    assert [len(share) for share in first] == [len(share) for share in second] == [21] * 3 + [6] * 3 + [21] * 3
    alone = samplers()[:2]
    for number, (ours, theirs) in enumerate(zip(first, second, strict=True)):
        together = [place for pair in zip(ours, theirs, strict=True) for place in pair]
        if number < 3:  # 41 samples over two: the first of the list once more, nothing else twice
            assert together[-1] == together[0]
            assert sorted(together[:-1]) == list(range(SIZE))
        elif number < 6:  # four of each class, and the rarest has four
            assert not set(ours) & set(theirs)
            assert np.bincount(Labels.labels[together]).tolist() == [4, 4, 4]
        if number < 6:  # as one process alone would show
            sampler = alone[number // 3]
            sampler.set_epoch(number % 3)
            assert together[: sampler.length] == list(sampler)
        else:  # one list, although no seed was given: roots 5, 3.46 and 2 are 19.59, 13.57 and 7.84 of 41
            assert np.bincount(Labels.labels[together[:-1]]).tolist() == [20, 13, 8]
