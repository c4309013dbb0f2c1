"""RAFT-small to be trained: Teed & Deng 2020, RAFT: Recurrent All-Pairs Field Transforms for Optical Flow."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from torch import Tensor, nn
from torchvision.models.optical_flow import raft_small

from modalities.checks import fail
from modalities.flow.estimators.raft_weights import load_weights
from modalities.flow.networks.losses import sequence_loss
from modalities.registry import MODELS


@MODELS.register_module()
class RaftSmall(nn.Module):
    """torchvision's modules, 990,162 parameters; a checkpoint serves ``extract --flow raft_small --weights``.

    Args:
        iterations: refinements in training.
        gamma: how much less each refinement counts than the one after it.
        weights: file to start from, the official one, torchvision's or a checkpoint of ours; None starts anew.

    Raises:
        InputError: if ``iterations`` is below 1, or the weights do not fit.
    """

    stride, smallest = 8, 128

    def __init__(self, *, iterations: int = 12, gamma: float = 0.8, weights: str | Path | None = None) -> None:
        super().__init__()
        if iterations < 1:
            fail("RaftSmall.iterations", "be at least 1", iterations)
        self.iterations, self.gamma = iterations, gamma
        self.raft = raft_small(weights=None)
        if weights is not None:
            load_weights(self.raft, "raft_small", weights)

    def forward(self, first: Tensor, second: Tensor) -> list[Tensor]:
        """Flow of every refinement, ``[B, 2, H, W]``."""
        return self.raft(first, second, num_flow_updates=self.iterations)

    def loss(self, flows: Sequence[Tensor], truth: Tensor, known: Tensor) -> Tensor:
        """See :func:`modalities.flow.networks.losses.sequence_loss`."""
        return sequence_loss(flows, truth, known, gamma=self.gamma)
