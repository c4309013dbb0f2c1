"""Seed and epoch of a dataset, in memory that its data workers share."""

from __future__ import annotations

import numpy as np
import torch

from triad.modalities.seeding import derive_rng


class SharedEpoch:
    """Source of random generators that depend on ``(seed, epoch, names)`` and nothing else.

    Seed and epoch lie in shared memory, so that workers that live through epochs see them change.

    Args:
        seed: seed of all generators.
    """

    def __init__(self, seed: int = 0) -> None:
        self._state = torch.tensor([seed, 0], dtype=torch.int64).share_memory_()

    @property
    def seed(self) -> int:
        return int(self._state[0])

    @property
    def epoch(self) -> int:
        return int(self._state[1])

    def set(self, epoch: int, seed: int | None = None) -> None:
        """Draw anew from now on; without a ``seed`` the seed stays."""
        self._state[1] = epoch
        if seed is not None:
            self._state[0] = seed

    def rng(self, *names: str | int) -> np.random.Generator:
        """Return the generator of ``names`` in this epoch."""
        return derive_rng(self.seed, self.epoch, *names)
