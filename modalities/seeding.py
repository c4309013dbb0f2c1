"""Random states derived from names: independent of the process that draws and of what was drawn before."""

from __future__ import annotations

import hashlib

import numpy as np


def derive_seed(*keys: str | int) -> int:
    """Return a 63-bit seed that is a hash of ``keys``, the same on every machine.

    Training derives all randomness of a sample from ``(seed, epoch, id)``, which makes resuming exact.
    """
    text = "\x1f".join(str(key) for key in keys)
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big") >> 1


def derive_rng(*keys: str | int) -> np.random.Generator:
    """Return a random generator seeded by :func:`derive_seed`."""
    return np.random.default_rng(derive_seed(*keys))
