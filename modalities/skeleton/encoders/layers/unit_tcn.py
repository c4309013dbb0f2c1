"""Convolution over time, joint by joint (ST-GCN)."""

from __future__ import annotations

from torch import nn

from triad.modalities.skeleton.encoders.layers.batch_norm import BatchNorm2d


def temporal_conv(in_channels: int, out_channels: int, kernel: int, *, stride: int = 1, dilation: int = 1) -> nn.Conv2d:
    """Return a padded convolution over time with He's initialisation by its outputs.

    Args:
        in_channels: channels of the input.
        out_channels: channels of the output.
        kernel: number of times that it covers, odd.
        stride: step in time.
        dilation: distance of the times that it covers.

    Shapes: ``[N, C, T, V]`` -> ``[N, C', ⌈T / stride⌉, V]``.
    """
    conv = nn.Conv2d(
        in_channels,
        out_channels,
        (kernel, 1),
        stride=(stride, 1),
        padding=(dilation * (kernel // 2), 0),
        dilation=(dilation, 1),
    )
    nn.init.kaiming_normal_(conv.weight, mode="fan_out", nonlinearity="relu")
    if conv.bias is not None:
        nn.init.zeros_(conv.bias)
    return conv


def unit_tcn(channels: int, *, kernel: int = 9, stride: int = 1, dropout: float = 0.0) -> nn.Sequential:
    """Return ST-GCN's convolution over time: :func:`temporal_conv`, batch normalisation, dropout.

    Args:
        channels: channels of input and output.
        kernel: number of times that it covers, odd.
        stride: step in time.
        dropout: dropout probability, 0–1.

    Shapes: ``[N, C, T, V]`` -> ``[N, C, ⌈T / stride⌉, V]``.
    """
    conv = temporal_conv(channels, channels, kernel, stride=stride)
    return nn.Sequential(conv, BatchNorm2d(channels), nn.Dropout(dropout))
