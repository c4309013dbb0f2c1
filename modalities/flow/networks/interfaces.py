"""Interface of a trainable flow network."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from torch import Tensor


class FlowNetwork(Protocol):
    """Network that estimates the flow between two images, from coarse to fine.

    Attributes:
        stride: number of pixels that the height and width of the images are multiples of.
        min_size: smallest height and width of the images, pixels.

    Shapes of ``__call__``: float ``[B, 3, H, W]`` in ±1, twice -> list of float ``[B, 2, h, w]``, in pixels of the
    images.
    """

    stride: int
    min_size: int

    def __call__(self, first: Tensor, second: Tensor) -> list[Tensor]: ...

    def loss(self, flows: Sequence[Tensor], truth: Tensor) -> Tensor:
        """Return the training loss of the flows that ``__call__`` returned against the true flow ``[B, 2, H, W]``."""
        ...
