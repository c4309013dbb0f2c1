"""Interface of every encoder: from the batch of one stream to a feature map."""

from __future__ import annotations

from abc import ABC, abstractmethod

from torch import Tensor, nn


class Encoder(nn.Module, ABC):
    """Base of encoders, which return ``{"map": …}``, and ``"pooled": [B, C]`` where the network pools by itself.

    Pooling over times, places and persons, and classification, belong to heads.

    Attributes:
        in_channels: number of channels of the input.
        out_channels: number of channels of the map.
        output_axes: axes of the map: ``"BCTHW"`` of video and heat-map networks, ``"BMCTV"`` of graph networks,
            ``"BC"`` of recurrent networks.

    Shapes: ``data`` ``[B, C, T, H, W]`` of video or ``[B, M, C, T, V]`` of skeletons; ``valid`` bool ``[B, T]`` of
    video or ``[B, M, T]`` of skeletons.
    """

    in_channels: int
    out_channels: int
    output_axes: str

    @abstractmethod
    def forward(self, data: Tensor, valid: Tensor) -> dict[str, Tensor]:
        """Return the map, and the pooled vector of networks that pool."""
        ...
