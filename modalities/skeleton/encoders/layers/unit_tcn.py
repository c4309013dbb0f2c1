"""Convolution over time, joint by joint."""

from __future__ import annotations

from torch import nn


def temporal_conv(in_channels: int, out_channels: int, kernel: int, *, stride: int = 1, dilation: int = 1) -> nn.Conv2d:
    """A convolution over time with as many times out as in (over ``stride``); He's initialisation by its outputs.

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
    """ST-GCN's convolution over time: :func:`temporal_conv`, batch normalisation, dropout (share, 0–1).

    Shapes: ``[N, C, T, V]`` -> ``[N, C, ⌈T / stride⌉, V]``.
    """
    conv = temporal_conv(channels, channels, kernel, stride=stride)
    return nn.Sequential(conv, nn.BatchNorm2d(channels), nn.Dropout(dropout))
