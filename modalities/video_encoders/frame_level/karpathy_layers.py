"""Layers of the networks of Karpathy et al. 2014: C(96,11,3)-N-P-C(256,5,1)-N-P-C(384,3,1)-C(384,3,1)-C(256,3,1)-P.

``C(d, f, s)`` has d filters of f×f pixels at stride s, ``N`` is local response normalisation with the constants of
Krizhevsky et al. 2012, ``P`` max-pooling over 2×2 pixels, rounded up: the last map has 7×7 places for frames of 170².
"""

from __future__ import annotations

from torch import nn

CHANNELS = 256
"""Channels of the last map."""

SIDE = 7
"""Height and width of the grid that the first fully connected layer reads."""


def conv_stages(in_channels: int, *, last_pool: bool = True) -> list[nn.Module]:
    """Return the five convolutions as stages over ``[N, C, H, W]``; the multiresolution network has no last pool."""
    return [
        nn.Sequential(nn.Conv2d(in_channels, 96, 11, 3), nn.ReLU(), norm(), _pool()),
        nn.Sequential(nn.Conv2d(96, 256, 5, 1, 2), nn.ReLU(), norm(), _pool()),
        nn.Sequential(nn.Conv2d(256, 384, 3, 1, 1), nn.ReLU()),
        nn.Sequential(nn.Conv2d(384, 384, 3, 1, 1), nn.ReLU()),
        nn.Sequential(nn.Conv2d(384, CHANNELS, 3, 1, 1), nn.ReLU(), *([_pool()] if last_pool else [])),
    ]


def norm() -> nn.Module:
    return nn.LocalResponseNorm(5, alpha=1e-4, beta=0.75, k=2.0)


def _pool() -> nn.Module:
    return nn.MaxPool2d(2, ceil_mode=True)
