"""Which training samples an epoch shows, and how often: rare classes may be shown more often than they are there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import numpy as np
import torch
from mmengine.dist import get_dist_info, sync_random_seed
from torch.utils.data import Sampler

from modalities.checks import fail
from modalities.registry import DATA_SAMPLERS
from modalities.seeding import derive_rng


class Labelled(Protocol):
    """A dataset whose labels are known without reading samples: int ``[len]``, −1 where there is none."""

    @property
    def labels(self) -> np.ndarray: ...

    @property
    def class_counts(self) -> np.ndarray: ...


@DATA_SAMPLERS.register_module()
class ClassSampler(Sampler[int]):
    """Shuffled samples in which class c has a share of ``n_c^power``, n_c being its samples in the split.

    B. Kang et al. (2020), "Decoupling representation and classifier for long-tailed recognition", eq. 1: 1 shows
    every sample once (then it is mmengine's DefaultSampler), 0 shows every class as often as any other, ½ lies between.
    Shares are met exactly, not on average: the classes of an epoch differ from theirs by less than one sample, and a
    sample is shown again only after all others of its class were. Unlabelled samples are not shown.

    An epoch depends on (seed, epoch) alone: every process makes the same list and takes its own places of it, each
    equally many, so that training resumes exactly and the number of processes changes nothing about what is shown
    (beyond the first samples of the list once more, where it does not divide evenly).

    Args:
        dataset: the training split.
        power: of the number of samples of a class, 0–1.
        length: samples of an epoch over all processes; None takes as many as are labelled, whatever the power.
        seed: of the order, the same on all processes; None agrees on one.

    Attributes:
        quotas: samples of each class in an epoch, not rounded, ``[K]``.

    Raises:
        InputError: if power or length is out of range, or no sample is labelled.
    """

    def __init__(
        self, dataset: Labelled, *, power: float = 0.0, length: int | None = None, seed: int | None = None
    ) -> None:
        if not 0 <= power <= 1:
            fail("ClassSampler.power", "lie between 0 (classes equally often) and 1 (as they are)", power)
        if length is not None and length < 1:
            fail("ClassSampler.length", "be at least 1, or None for as many as there are", length)
        self.labels = dataset.labels
        counts = dataset.class_counts
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
        """Samples of this process."""
        return -(-self.length // self.world_size)

    def __iter__(self) -> Iterator[int]:
        order = draw_epoch(self.labels, self.quotas, seed=self.seed, epoch=self.epoch)
        places = np.arange(self.rank, len(self) * self.world_size, self.world_size)
        return iter(order[places % self.length].tolist())


def class_shares(counts: np.ndarray, *, power: float) -> np.ndarray:
    """``n_c^power / Σ n^power``; a class without samples has no share whatever the power. ``[K]`` -> ``[K]``."""
    powered = np.where(counts > 0, np.maximum(counts, 1).astype(np.float64) ** power, 0.0)
    return powered / powered.sum()


def draw_epoch(labels: np.ndarray, wanted: np.ndarray, *, seed: int, epoch: int) -> np.ndarray:
    """Positions of the samples of one epoch, shuffled; class c has ``wanted[c]`` of them, rounded either way.

    Shapes: labels ``[N]``, wanted ``[K]`` of integer sum L -> ``[L]``.
    """
    rng = derive_rng(seed, "classes", epoch)
    drawn = []
    for label, quota in enumerate(_whole(wanted, rng)):
        if quota:
            own = np.flatnonzero(labels == label)
            times, rest = divmod(int(quota), len(own))
            drawn += [np.tile(own, times), rng.choice(own, rest, replace=False)]
    # as DefaultSampler shuffles, so that at power 1 the order is its order
    order = torch.randperm(sum(map(len, drawn)), generator=torch.Generator().manual_seed(seed + epoch))
    return np.sort(np.concatenate(drawn))[order.numpy()]


def _whole(wanted: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Integers next to ``wanted`` of the same sum: the largest remainders go up, equal ones at random."""
    wanted = np.round(wanted, 9)
    floor = np.floor(wanted).astype(np.int64)
    lacking = round(float(wanted.sum())) - int(floor.sum())
    up = np.lexsort((rng.random(len(wanted)), floor - wanted))[:lacking]
    floor[up] += 1
    return floor
