"""Sampler of training samples that may show rare classes more often."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import numpy as np
import torch
from mmengine.dist import get_dist_info, sync_random_seed
from torch.utils.data import Sampler

from triad.modalities.checks import fail
from triad.modalities.registry import DATA_SAMPLERS
from triad.modalities.seeding import derive_rng


class LabelledDataset(Protocol):
    """Dataset whose labels are known without reading samples."""

    @property
    def labels(self) -> np.ndarray:
        """Int ``[len]``, or ``[len, K]`` of zeros and ones; −1 where there is none."""
        ...

    @property
    def class_counts(self) -> np.ndarray:
        """Number of samples of each class, ``[K]``."""
        ...


@DATA_SAMPLERS.register_module()
class ClassSampler(Sampler[int]):
    """Sampler of shuffled samples in which class c has a share of ``n_c^power``, n_c being its number of samples.

    B. Kang et al. (2020), "Decoupling representation and classifier for long-tailed recognition", eq. 1: 1 shows
    every sample once (then it is mmengine's DefaultSampler), 0 shows every class as often as any other, ½ lies between.
    Shares are met exactly, not on average: the classes of an epoch differ from theirs by less than one sample, and a
    sample is shown again only after all others of its class were. Unlabelled samples are not shown. Samples of several
    classes are shown once each; they take no other power.

    An epoch depends on (seed, epoch) alone: every process makes the same list and takes its own positions of it, each
    equally many, so that training resumes exactly and the number of processes changes nothing about what is shown
    (beyond the first samples of the list once more, where it does not divide evenly).

    Args:
        dataset: the training split.
        power: power of the number of samples of a class, 0–1.
        length: number of samples of an epoch over all processes; None takes as many as are labelled, whatever the
            power.
        seed: seed of the order, the same on all processes; None agrees on one.

    Attributes:
        quotas: samples of each class in an epoch, not rounded, ``[K]``.

    Raises:
        InputError: If power or length is out of range, or no sample is labelled.
    """

    def __init__(
        self, dataset: LabelledDataset, *, power: float = 0.0, length: int | None = None, seed: int | None = None
    ) -> None:
        if not 0 <= power <= 1:
            fail("ClassSampler.power", "lie between 0 (classes equally often) and 1 (as they are)", power)
        if length is not None and length < 1:
            fail("ClassSampler.length", "be at least 1, or None for as many as there are", length)
        self.labels = dataset.labels
        counts = dataset.class_counts
        if self.labels.ndim != 1:
            if power != 1:
                fail("ClassSampler.power", "be 1 where samples show several classes", power, "which it cannot balance")
            self.labels = np.where((self.labels >= 0).all(axis=1), 0, -1)  # all labelled samples are of one kind
            counts = np.array([(self.labels == 0).sum()])
        if not counts.any():
            fail("training split", "hold labelled samples", "none")
        self.length = int(counts.sum()) if length is None else length
        self.quotas = class_shares(counts, power=power) * self.length
        self.seed: int = sync_random_seed() if seed is None else seed
        self.epoch = 0
        self.rank, self.world_size = get_dist_info()

    def set_epoch(self, epoch: int) -> None:
        """Draw another order from now on; called by mmengine's hook."""
        self.epoch = epoch

    def __len__(self) -> int:
        """Number of samples of this process."""
        return -(-self.length // self.world_size)

    def __iter__(self) -> Iterator[int]:
        order = draw_epoch(self.labels, self.quotas, seed=self.seed, epoch=self.epoch)
        positions = np.arange(self.rank, len(self) * self.world_size, self.world_size)
        return iter(order[positions % self.length].tolist())


def class_shares(counts: np.ndarray, *, power: float) -> np.ndarray:
    """Return ``n_c^power / Σ n^power``; a class without samples has no share whatever the power. ``[K]`` -> ``[K]``."""
    powered = np.where(counts > 0, np.maximum(counts, 1).astype(np.float64) ** power, 0.0)
    return powered / powered.sum()


def draw_epoch(labels: np.ndarray, quotas: np.ndarray, *, seed: int, epoch: int) -> np.ndarray:
    """Return the shuffled positions of one epoch's samples; class c has ``quotas[c]`` of them, rounded either way.

    Shapes: labels ``[N]``, quotas ``[K]`` of integer sum L -> ``[L]``.
    """
    rng = derive_rng(seed, "classes", epoch)
    positions = []
    for label, quota in enumerate(_round_to_sum(quotas, rng)):
        if quota:
            class_positions = np.flatnonzero(labels == label)
            repeats, remainder = divmod(int(quota), len(class_positions))
            positions += [np.tile(class_positions, repeats), rng.choice(class_positions, remainder, replace=False)]
    # as DefaultSampler shuffles, so that at power 1 the order is its order
    order = torch.randperm(sum(map(len, positions)), generator=torch.Generator().manual_seed(seed + epoch))
    return np.sort(np.concatenate(positions))[order.numpy()]


def _round_to_sum(quotas: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return integers next to ``quotas`` of the same sum: the largest remainders go up, equal ones at random."""
    quotas = np.round(quotas, 9)
    integers = np.floor(quotas).astype(np.int64)
    num_missing = round(float(quotas.sum())) - int(integers.sum())
    rounded_up = np.lexsort((rng.random(len(quotas)), integers - quotas))[:num_missing]
    integers[rounded_up] += 1
    return integers
