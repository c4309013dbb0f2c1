"""RAFT of torchvision with seeded weights, and seeded noise to feed it."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torchvision.models.optical_flow import RAFT


def build_raft(build: Callable[..., RAFT]) -> RAFT:
    """Build a network with the random weights of seed 0."""
    torch.manual_seed(0)
    return build(weights=None).eval()


def noise(*shape: int, seed: int = 0) -> torch.Tensor:
    """Return normal noise of a shape."""
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))
