"""The contract of every encoder: from one stream's batch to a feature map."""

from __future__ import annotations

from abc import ABC, abstractmethod

from torch import Tensor, nn


class Encoder(nn.Module, ABC):
    """From data and its mask to ``{"map": …}``, and ``"pooled": [B, C]`` where the network pools by itself.

    Pooling over times, places and persons, and classification, belong to heads.

    Attributes:
        in_channels: channels of the input.
        out_channels: channels of the map.
        output_axes: ``"BCTHW"`` (video and heat-map networks), ``"BMCTV"`` (graphs), ``"BC"`` (recurrent networks).

    Shapes of ``forward``: ``data`` is ``[B, C, T, H, W]`` for video, ``[B, M, C, T, V]`` for skeletons; ``valid`` is
    bool ``[B, T]`` for video, ``[B, M, T]`` for skeletons.
    """

    in_channels: int
    out_channels: int
    output_axes: str

    @abstractmethod
    def forward(self, data: Tensor, valid: Tensor) -> dict[str, Tensor]: ...
