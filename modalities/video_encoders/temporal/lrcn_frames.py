"""Frame encoder of the long-term recurrent convolutional network."""

from __future__ import annotations

from torch import nn

from triad.modalities.registry import MODELS
from triad.modalities.video_encoders.framewise import FramewiseEncoder


@MODELS.register_module()
class LrcnFrames(FramewiseEncoder):
    """Convolutional network of the published LRCN up to its layer fc6 (Donahue et al. 2015).

    It is a hybrid of CaffeNet and of the network of Zeiler & Fergus (2014): five convolutions, two of them with local
    response norm, and one fully connected layer, for frames of 227². Frames of other sizes are averaged, as
    torchvision's AlexNet does, to the 6×6 places that fc6 reads.

    Args:
        in_channels: channels of the input: 3 for RGB, 2 for flow.
        dropout: dropout probability of fc6, 0–1; published: 0.9.

    Shapes: ``data`` ``[B, in_channels, T, H, W]``, ``valid`` bool ``[B, T]`` -> ``map`` ``[B, 4096, T, 1, 1]``.

    Raises:
        InputError: on use, for data of another shape.
    """

    def __init__(self, *, in_channels: int = 3, dropout: float = 0.9) -> None:
        stages = [
            nn.Sequential(nn.Conv2d(in_channels, 96, 7, stride=2), nn.ReLU(), _pool(), nn.LocalResponseNorm(5)),
            nn.Sequential(nn.Conv2d(96, 384, 5, stride=2, groups=2), nn.ReLU(), _pool(), nn.LocalResponseNorm(5)),
            nn.Sequential(nn.Conv2d(384, 512, 3, padding=1), nn.ReLU()),
            nn.Sequential(nn.Conv2d(512, 512, 3, padding=1, groups=2), nn.ReLU()),
            nn.Sequential(nn.Conv2d(512, 384, 3, padding=1, groups=2), nn.ReLU(), _pool()),
            nn.Sequential(nn.AdaptiveAvgPool2d(6), nn.Flatten(), nn.Linear(384 * 6 * 6, 4096)),
            nn.Sequential(nn.ReLU(), nn.Dropout(dropout), nn.Unflatten(1, (4096, 1, 1))),
        ]
        super().__init__(stages=stages, in_channels=in_channels, out_channels=4096)


def _pool() -> nn.Module:
    return nn.MaxPool2d(3, stride=2, ceil_mode=True)
