"""What estimators with weights share: where they run, whether a file fits, and random weights by name and seed."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import torch
from torch import nn

from modalities.checks import fail

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


def check_device(device: str) -> torch.device:
    """The device.

    Raises:
        InputError: if torch does not know it, or the machine has none.
    """
    try:
        where = torch.device(device)
    except RuntimeError:
        fail("device", "be one that torch knows", f"'{device}'", "use --device cpu, or cuda")
    if where.type == "cuda" and not torch.cuda.is_available():
        fail("device", "be one that this machine has", f"'{device}'", "use --device cpu")
    return where
