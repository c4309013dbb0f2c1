"""Specification of a clip, from which everything in it is drawn.

A performance is drawn from ``(seed, pair, subject, repetition)`` and so is equal for both classes of the pair; then the
difference of the pair is applied. Each performance is rendered as both classes, so that a prediction from the room or
the person is wrong as often as it is right.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from triad.fusion.datasets.minihome.cameras import CAMERAS, Camera
from triad.fusion.datasets.minihome.pairs import PAIRS, Pair
from triad.fusion.datasets.minihome.people import SUBJECTS
from triad.modalities.seeding import derive_rng


@dataclass(frozen=True)
class ClipSpec:
    """Specification of a clip: its class, its person, and the number of the person's performance.

    Args:
        seed: seed of the dataset.
        label: class index.
        subject: name of the person, ``s01`` …
        repetition: number of the performance, from 1.
    """

    seed: int
    label: int
    subject: str
    repetition: int

    @property
    def pair(self) -> Pair:
        """Pair of classes to which the class belongs."""
        return PAIRS[self.label // 2]

    @property
    def has_difference(self) -> bool:
        """Whether the class is the one in which the pair's difference is applied."""
        return self.label % 2 == 1

    @property
    def camera(self) -> Camera:
        """Camera of the clip; cameras take turns, beginning with another one for each person and pair."""
        return CAMERAS[(self.label // 2 + SUBJECTS.index(self.subject) + self.repetition) % len(CAMERAS)]

    @property
    def id(self) -> str:
        """Id of the record."""
        return f"{self.pair.classes[self.has_difference]}_{self.subject}_{self.camera.name}_r{self.repetition:02d}"

    def pair_rng(self, purpose: str) -> np.random.Generator:
        """Return a generator that both classes of the pair share."""
        return derive_rng(self.seed, "minihome", self.pair.name, self.subject, self.repetition, purpose)

    def clip_rng(self, purpose: str) -> np.random.Generator:
        """Return a generator of this clip alone, for noise."""
        return derive_rng(self.seed, "minihome", self.id, purpose)

    def applies(self, difference: str) -> bool:
        """Return whether the clip is of the class with this difference."""
        return self.has_difference and self.pair.difference == difference
