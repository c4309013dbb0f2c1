"""Base of attention blocks that a convolutional network takes between or inside its residual blocks."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar, NamedTuple

from torch import Tensor, nn


class Attended(NamedTuple):
    """Feature map after attention, and the weights that made it.

    Attributes:
        map: feature map of the input's shape.
        weights: weights by name, over channels ``[B, C, T]``, places ``[B, T, H, W]`` or groups ``[B, G]``.
    """

    map: Tensor
    weights: Mapping[str, Tensor]


class AttentionBlock(nn.Module, ABC):
    """Block that weighs the channels, places or times of a feature map by the map itself.

    Attributes:
        in_branch: True if the block scales the branch of a residual block before the shortcut is added; False if it is
            residual itself and follows a residual block. The latter start as the identity, so that published weights
            keep their meaning.

    Shapes: ``[B, C, T, H, W]`` -> the same.
    """

    in_branch: ClassVar[bool] = False

    @abstractmethod
    def forward(self, data: Tensor) -> Attended:
        """Return the map after attention, with the weights."""
        ...
