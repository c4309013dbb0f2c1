"""Randomness that depends on what is drawn, never on who draws it or what was drawn before."""

from __future__ import annotations

import hashlib

import numpy as np


def seed_of(*parts: str | int) -> int:
    """A 63-bit seed of the given parts, the same on every machine.

    Training derives all randomness of a sample from ``(seed, epoch, id)``: that is what makes resume exact.
    """
    text = "\x1f".join(str(part) for part in parts)
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big") >> 1


def rng_of(*parts: str | int) -> np.random.Generator:
    """A generator seeded by :func:`seed_of`."""
    return np.random.default_rng(seed_of(*parts))
