"""Temporal convolutional network of causal, dilated, residual blocks."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.parametrizations import weight_norm

from triad.modalities.checks import fail
from triad.modalities.encoder import EncoderOutput
from triad.modalities.registry import MODELS
from triad.modalities.video_encoders.temporal.sequence_network import (
    SequenceNetwork,
    check_pooling,
    last_valid,
    zero_invalid,
)


@MODELS.register_module()
class Tcn(SequenceNetwork):
    """Temporal convolutional network (Bai et al. 2018, An Empirical Evaluation of Generic Convolutional and Recurrent
    Networks for Sequence Modeling).

    Level ``i`` is a residual block of two causal convolutions of dilation ``2^i`` with weight norm. An output depends
    on its time and the ones before it, ``1 + 2 (k − 1) (2^L − 1)`` times in all with ``L`` levels of kernel size ``k``,
    or ``1 + (k − 1) (2^L − 1)`` with one convolution a level. Invalid times count as zeros, like those before the
    beginning.

    Args:
        in_channels: length of a feature vector.
        widths: channels of each level; the published network of sequential MNIST has eight of 25.
        kernel_size: number of times ``k`` of a convolution.
        convs_per_level: number of convolutions of a block; published: 2.
        dropout: dropout probability after each convolution, 0–1.
        pooling: ``last`` for the output at the last valid time, as published, ``mean`` to leave pooling to the head.

    Attributes:
        receptive_field: number of times that an output depends on.

    Shapes: ``data`` ``[B, in_channels, T]``, ``valid`` bool ``[B, T]`` -> ``map`` ``[B, widths[-1], T]``.

    Raises:
        InputError: without a level, or for an unknown pooling; on use, for data of another shape.
    """

    def __init__(
        self,
        *,
        in_channels: int,
        widths: Sequence[int] = (25,) * 8,
        kernel_size: int = 2,
        convs_per_level: int = 2,
        dropout: float = 0.2,
        pooling: str = "last",
    ) -> None:
        super().__init__()
        if not widths:
            fail("Tcn.widths", "name the channels of at least one level", tuple(widths))
        self.in_channels = in_channels
        self.out_channels = widths[-1]
        self.pooled_channels = check_pooling("Tcn", pooling, self.out_channels)
        self.receptive_field = 1 + convs_per_level * (kernel_size - 1) * (2 ** len(widths) - 1)
        self.levels = nn.ModuleList()
        for index, (block_inputs, width) in enumerate(zip((in_channels, *widths[:-1]), widths, strict=True)):
            convs = [
                CausalConv(block_inputs if number == 0 else width, width, kernel_size, dilation=2**index)
                for number in range(convs_per_level)
            ]
            self.levels.append(_ResidualBlock(convs, block_inputs, width, dropout))

    def run(self, data: Tensor, valid: Tensor) -> EncoderOutput:
        features = data
        for level in self.levels:
            features = level(features, valid)
        pooled = None if self.pooled_channels is None else last_valid(features, valid)
        return EncoderOutput(features, pooled)


class CausalConv(nn.Module):
    """Dilated convolution over the times up to its own, with weight norm.

    Shapes: ``[B, C, T]`` -> ``[B, C', T]``.
    """

    def __init__(self, in_channels: int, out_channels: int, kernel_size: int, *, dilation: int) -> None:
        super().__init__()
        self.padding = (kernel_size - 1) * dilation
        self.conv = weight_norm(nn.Conv1d(in_channels, out_channels, kernel_size, dilation=dilation))

    def forward(self, features: Tensor) -> Tensor:
        return self.conv(F.pad(features, (self.padding, 0)))


class _ResidualBlock(nn.Module):
    """Convolutions, each with ReLU and dropout, added to the input and passed through ReLU."""

    def __init__(self, convs: Sequence[nn.Module], in_channels: int, out_channels: int, dropout: float) -> None:
        super().__init__()
        self.convs = nn.ModuleList(convs)
        self.dropout = nn.Dropout(dropout)
        same = in_channels == out_channels
        self.shortcut = nn.Identity() if same else nn.Conv1d(in_channels, out_channels, 1)

    def forward(self, features: Tensor, valid: Tensor) -> Tensor:
        features = zero_invalid(features, valid)
        residual = features
        for conv in self.convs:
            residual = self.dropout(F.relu(conv(zero_invalid(residual, valid))))
        return zero_invalid(F.relu(self.shortcut(features) + residual), valid)
