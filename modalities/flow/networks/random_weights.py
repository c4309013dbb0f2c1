"""Untrained networks that are named by a seed, ``random:SEED``."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import torch
from torch import nn

Network = TypeVar("Network", bound=nn.Module)
RANDOM_CURE = "--weights random:SEED runs it untrained"
_RANDOM = re.compile(r"random:(\d{1,9})")


def parse_random_seed(weights: str | Path | None) -> int | None:
    """Return SEED of ``random:SEED``, None for anything else."""
    match = _RANDOM.fullmatch(str(weights))
    return int(match[1]) if match else None


def build_seeded(build: Callable[[], Network], weights: str | Path | None) -> Network:
    """Build a network with the random weights of a seed; torch's own random state stays as it was."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(parse_random_seed(weights) or 0)
        return build()
