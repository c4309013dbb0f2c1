"""Fully connected layers over a grid, as image networks of 2012 to 2014 end."""

from __future__ import annotations

from torch import nn


def full_layers(in_channels: int, *, side: int, widths: tuple[int, int], dropout: float) -> nn.Sequential:
    """Return two fully connected layers with ReLU over a grid, dropout between them.

    Args:
        in_channels: channels of the grid.
        side: height and width of the grid; maps of another size are averaged to it, as torchvision's AlexNet does.
        widths: outputs of the two layers.
        dropout: dropout between them, 0–1.

    Shapes: ``[N, in_channels, H, W]`` -> ``[N, widths[1]]``.
    """
    return nn.Sequential(
        *(nn.AdaptiveAvgPool2d(side), nn.Flatten()),
        *(nn.Linear(in_channels * side * side, widths[0]), nn.ReLU(), nn.Dropout(dropout)),
        *(nn.Linear(widths[0], widths[1]), nn.ReLU()),
    )
