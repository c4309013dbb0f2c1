"""Interface of every encoder: from the batch of one stream to a feature map."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from torch import Tensor, nn


@dataclass(frozen=True)
class EncoderOutput:
    """Output of an encoder.

    Args:
        map: feature map in the encoder's ``output_axes``.
        pooled: one vector a sample, ``[B, pooled_channels]``, of networks that pool by themselves; None where heads
            pool the map.
        taps: inner maps or tokens by name, for lateral connections, distillation and pictures.
        losses: auxiliary loss terms by name, scalars; the recognizer adds them to its loss.
    """

    map: Tensor
    pooled: Tensor | None = None
    taps: Mapping[str, Tensor] = field(default_factory=dict)
    losses: Mapping[str, Tensor] = field(default_factory=dict)


class Encoder(nn.Module, ABC):
    """Base of encoders.

    Pooling over times, places and persons, and classification, belong to heads. An encoder pools only where its paper
    does so in another way than by the mean: a class token, the last state of a recurrent network.

    Attributes:
        in_channels: number of channels of the input.
        out_channels: number of channels of the map.
        pooled_channels: length of the pooled vector; None where heads pool the map.
        output_axes: axes of the map: ``"BCTHW"`` of video and heat-map networks, ``"BTNC"`` of token networks,
            ``"BCT"`` of recurrent and temporal networks, ``"BMCTV"`` of graph networks, ``"BC"`` where nothing else is
            left. Tokens of a grid run over its rows first: ``n = y · W + x``.

    Shapes: ``data`` ``[B, C, T, H, W]`` of video or ``[B, M, C, T, V]`` of skeletons; ``valid`` bool ``[B, T]`` of
    video or ``[B, M, T]`` of skeletons.

    An encoder that sets ``takes_persons`` has a third argument, ``persons``: indices ``b · M + m`` of the persons with
    a valid time, or None, if it has to find them out itself, for which it waits for the device.
    """

    takes_persons: ClassVar[bool] = False

    in_channels: int
    out_channels: int
    pooled_channels: int | None = None
    output_axes: str

    @abstractmethod
    def forward(self, data: Tensor, valid: Tensor) -> EncoderOutput:
        """Return the map, the pooled vector of networks that pool, named inner maps and auxiliary losses."""
        ...


class MapEncoder(Encoder):
    """Base of encoders from maps to maps that can be entered between their stages.

    :meth:`forward` is every function of :meth:`steps` in order, with taps where the network has some. A paired encoder
    runs the steps of two networks in turn and changes the maps between them.

    Shapes: ``data`` ``[B, in_channels, T, H, W]``, ``valid`` ``[B, T]`` -> ``map`` ``[B, out_channels, T', H', W']``.
    """

    output_axes = "BCTHW"

    @abstractmethod
    def steps(self) -> Sequence[Callable[[Tensor], Tensor]]:
        """Return the stages in order, each a function from map to map, ``[B, C, T, H, W]``."""
        ...
