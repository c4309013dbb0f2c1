"""Random weights by name and seed."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import torch
from torch import nn

Network = TypeVar("Network", bound=nn.Module)
_RANDOM = re.compile(r"random:(\d{1,9})")
RANDOM_CURE = "--weights random:SEED runs it untrained"


def random_seed(weights: str | Path | None) -> int | None:
    """SEED of ``random:SEED``, None for anything else."""
    found = _RANDOM.fullmatch(str(weights))
    return int(found[1]) if found else None


def seeded(build: Callable[[], Network], weights: str | Path | None) -> Network:
    """A network with the random weights of a seed, without a trace in the state of torch's randomness."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(random_seed(weights) or 0)
        return build()
