"""Two processes on the CPU take equal, disjoint shares of one epoch of unequal classes."""

from __future__ import annotations

import numpy as np
import torch
from torch import multiprocessing

from triad.fusion.data import ClassSampler

TIMEOUT = 100  # seconds, after which hanging processes are killed
NUM_SAMPLES = 41
NUM_EPOCHS = 3


class LabelDataset:
    """Dataset of 25 samples of one class, 12 and 4 of two others."""

    labels = np.array([0] * 25 + [1] * 12 + [2] * 4)
    class_counts = np.array([25, 12, 4])

    def __len__(self) -> int:
        return NUM_SAMPLES


def build_samplers() -> list[ClassSampler]:
    """Build one sampler that draws every sample once, a balanced one, and one without a seed."""
    return [
        ClassSampler(LabelDataset(), power=1.0, seed=0),
        ClassSampler(LabelDataset(), power=0.0, length=12, seed=0),
        ClassSampler(LabelDataset(), power=0.5),
    ]


def run_process(rank: int, folder: str) -> None:
    """Write the shares of one process: three epochs of each sampler."""
    torch.distributed.init_process_group("gloo", init_method=f"file://{folder}/rendezvous", rank=rank, world_size=2)
    shares = []
    for sampler in build_samplers():
        for epoch in range(NUM_EPOCHS):
            sampler.set_epoch(epoch)
            shares.append(list(sampler))
            assert len(sampler) == len(shares[-1])
    torch.save(shares, f"{folder}/{rank}.pth")
    torch.distributed.destroy_process_group()


def test_two_processes_share_one_epoch(tmp_path):
    context = multiprocessing.start_processes(run_process, (str(tmp_path),), nprocs=2, join=False, start_method="spawn")
    try:
        assert context.join(TIMEOUT) or context.join(TIMEOUT), "the processes wait for each other"
    finally:
        for process in context.processes:
            process.kill()
    first, second = (torch.load(tmp_path / f"{rank}.pth", weights_only=True) for rank in range(2))
    assert [len(share) for share in first] == [len(share) for share in second] == [21] * 3 + [6] * 3 + [21] * 3
    single_process = build_samplers()[:2]
    for number, (first_share, second_share) in enumerate(zip(first, second, strict=True)):
        epoch = [position for pair in zip(first_share, second_share, strict=True) for position in pair]
        if number < 3:  # 41 samples over two processes: the first sample once more, no other twice
            assert epoch[-1] == epoch[0]
            assert sorted(epoch[:-1]) == list(range(NUM_SAMPLES))
        elif number < 6:  # four of each class; the rarest class has four
            assert not set(first_share) & set(second_share)
            assert np.bincount(LabelDataset.labels[epoch]).tolist() == [4, 4, 4]
        if number < 6:  # the same epoch as in one process
            sampler = single_process[number // 3]
            sampler.set_epoch(number % 3)
            assert epoch[: sampler.length] == list(sampler)
        else:  # one list although no seed was given; the roots 5, 3.46 and 2 are 19.59, 13.57 and 7.84 of 41
            assert np.bincount(LabelDataset.labels[epoch[:-1]]).tolist() == [20, 13, 8]
