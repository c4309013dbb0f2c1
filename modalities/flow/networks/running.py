"""Frames of any size through a flow network."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from torch import Tensor
from torch.nn import functional as F


class FlowNetwork(Protocol):
    """See :mod:`modalities.flow.networks`.

    Attributes:
        stride: sides of the pictures are multiples of it.
        smallest: and no less than this.
    """

    stride: int
    smallest: int

    def __call__(self, first: Tensor, second: Tensor) -> list[Tensor]: ...

    def loss(self, flows: Sequence[Tensor], truth: Tensor, known: Tensor) -> Tensor: ...


def scaled(frames: Tensor) -> Tensor:
    """uint8 ``[B, H, W, 3]`` -> float ``[B, 3, H, W]`` in ±1."""
    return frames.permute(0, 3, 1, 2).float() / 127.5 - 1


def run_network(network: FlowNetwork, first: Tensor, second: Tensor) -> Tensor:
    """The finest flow at the size of the frames, which are padded by repeating their border, evenly on both sides.

    Shapes: uint8 ``[B, H, W, 3]`` twice -> float ``[B, 2, H, W]``, pixels.
    """
    height, width = first.shape[1:3]
    pads: list[int] = []  # left, right, top, bottom
    for size in (width, height):
        missing = max(-(-size // network.stride) * network.stride, network.smallest) - size
        pads += [missing // 2, missing - missing // 2]
    padded = [F.pad(scaled(frames), pads, mode="replicate") for frames in (first, second)]
    flow = network(*padded)[-1]
    if flow.shape[-2:] != padded[0].shape[-2:]:
        flow = F.interpolate(flow, size=padded[0].shape[-2:], mode="bilinear", align_corners=False)
    return flow[..., pads[2] : pads[2] + height, pads[0] : pads[0] + width]
