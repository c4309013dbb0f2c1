"""Base of networks over a sequence of features, and what they do with times that are not valid."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn

from triad.modalities.checks import check_choice, check_shape
from triad.modalities.encoder import Encoder, EncoderOutput
from triad.modalities.valid_times import valid_or_all

POOLINGS = ("last", "mean")


class SequenceNetwork(Encoder):
    """Base of networks over features in time: of the frames of a video, or extracted before.

    The outputs at valid times do not depend on what the invalid times hold. Rows without a valid time count as valid
    throughout, as the pooling of heads does.

    Attributes:
        input_axes: axes of the input: ``"BCT"``, one vector a time, or ``"BCTHW"``, one map a time.

    Shapes: ``data`` ``[B, in_channels, T]`` or ``[B, in_channels, T, H, W]``, ``valid`` bool ``[B, T]`` -> ``map``
    ``[B, out_channels, T]`` or ``[B, out_channels, T, H, W]``.

    Raises:
        InputError: on use, for data or a mask of another shape.
    """

    input_axes = "BCT"
    output_axes = "BCT"

    def forward(self, data: Tensor, valid: Tensor) -> EncoderOutput:
        expected = [self.in_channels if axis == "C" else axis for axis in self.input_axes]
        sizes = check_shape(f"input of {type(self).__name__}", data, expected)
        check_shape(f"mask of {type(self).__name__}", valid, ["B", "T"], B=sizes["B"], T=sizes["T"])
        return self.run(data, valid_or_all(valid))

    @abstractmethod
    def run(self, data: Tensor, valid: Tensor) -> EncoderOutput:
        """Return the output for data of the right shape, with a valid time in every row."""
        ...


def check_pooling(network: str, pooling: str, channels: int) -> int | None:
    """Return the ``pooled_channels`` of a network: its ``channels`` where it pools by the last state, None else.

    Raises:
        InputError: for another pooling than ``last`` or ``mean``.
    """
    return channels if check_choice(f"{network}.pooling", pooling, POOLINGS) == "last" else None


def zero_invalid(features: Tensor, valid: Tensor) -> Tensor:
    """Return the features with zeros at invalid times, whatever these held.

    Shapes: ``[B, C, T]`` or ``[B, C, T, H, W]``, bool ``[B, T]`` -> the same as the features.
    """
    mask = valid[:, None].unflatten(2, (-1, *[1] * (features.ndim - 3)))  # [B, 1, T] or [B, 1, T, 1, 1]
    return torch.where(mask, features, 0.0)


def apply_layers(reduce: nn.Module, layers: Iterable[Any], data: Tensor, valid: Tensor) -> Tensor:
    """Return the features after a convolution of one time and layers ``(features, valid)``, zero at invalid times.

    Shapes: ``[B, in_channels, T]``, bool ``[B, T]`` -> ``[B, C, T]``.
    """
    features = zero_invalid(reduce(zero_invalid(data, valid)), valid)
    for layer in layers:
        features = layer(features, valid)
    return features


def last_valid(states: Tensor, valid: Tensor) -> Tensor:
    """Return the states at the last valid time of each row.

    Shapes: ``[B, C, T]``, bool ``[B, T]`` with a valid time in each row -> ``[B, C]``.
    """
    time = torch.arange(valid.shape[1], device=valid.device)
    last = torch.where(valid, time, -1).amax(1)  # [B]
    return states.gather(2, last[:, None, None].expand(-1, states.shape[1], 1)).squeeze(2)
