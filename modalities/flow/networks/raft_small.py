"""RAFT-small as a trainable network."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from torch import Tensor, nn
from torchvision.models.optical_flow import raft_small

from triad.modalities.checks import fail
from triad.modalities.flow.networks.losses import sequence_loss
from triad.modalities.flow.networks.raft_preprocessing import MIN_SIZE, STRIDE
from triad.modalities.flow.networks.raft_weights import load_raft_weights
from triad.modalities.registry import MODELS


@MODELS.register_module()
class RaftSmall(nn.Module):
    """RAFT-small of torchvision, 990,162 parameters, to train.

    Teed & Deng 2020, RAFT: Recurrent All-Pairs Field Transforms for Optical Flow. A checkpoint of it serves
    ``extract --flow raft_small --weights``.

    Args:
        iterations: number of refinements in training.
        gamma: weight of a refinement in the loss relative to the next one.
        weights: file of initial weights (official, torchvision's or a checkpoint of ``triad train``); None starts
            from random ones.

    Raises:
        InputError: If ``iterations`` is below 1, or the weights do not fit.
    """

    stride = STRIDE
    min_size = MIN_SIZE

    def __init__(self, *, iterations: int = 12, gamma: float = 0.8, weights: str | Path | None = None) -> None:
        super().__init__()
        if iterations < 1:
            fail("RaftSmall.iterations", "be at least 1", iterations)
        self.iterations = iterations
        self.gamma = gamma
        self.raft = raft_small(weights=None)
        if weights is not None:
            load_raft_weights(self.raft, "raft_small", weights)

    def forward(self, first: Tensor, second: Tensor) -> list[Tensor]:
        """Return the flow of every refinement, ``[B, 2, H, W]``."""
        return self.raft(first, second, num_flow_updates=self.iterations)

    def loss(self, flows: Sequence[Tensor], truth: Tensor) -> Tensor:
        """Return :func:`triad.modalities.flow.networks.sequence_loss`."""
        return sequence_loss(flows, truth, gamma=self.gamma)
