"""Frame encoder of the long-term recurrent convolutional network."""

from __future__ import annotations

from torch import Tensor, nn

from modalities.checks import check_shape
from modalities.encoder import Encoder, EncoderOutput
from modalities.registry import MODELS


@MODELS.register_module()
class LrcnFrames(Encoder):
    """Convolutional network of the published LRCN up to its layer fc6 (Donahue et al. 2015).

    It is a hybrid of CaffeNet and of the network of Zeiler & Fergus (2014): five convolutions, two of them local
    response norms, and one fully connected layer, for frames of 227². Frames of other sizes are averaged, as
    torchvision's AlexNet does, to the 6×6 places that fc6 reads.

    Args:
        in_channels: channels of the input: 3 for RGB, 2 for flow.
        dropout: dropout probability of fc6, 0–1; published: 0.9.

    Shapes: ``data`` ``[B, in_channels, T, H, W]``, ``valid`` bool ``[B, T]`` -> ``map`` ``[B, 4096, T, 1, 1]``.

    Raises:
        InputError: on use, for data of another shape.
    """

    out_channels = 4096
    output_axes = "BCTHW"

    def __init__(self, *, in_channels: int = 3, dropout: float = 0.9) -> None:
        super().__init__()
        self.in_channels = in_channels
        self.features = nn.Sequential(
            *(nn.Conv2d(in_channels, 96, 7, stride=2), nn.ReLU(), _pool(), _norm()),
            *(nn.Conv2d(96, 384, 5, stride=2, groups=2), nn.ReLU(), _pool(), _norm()),
            *(nn.Conv2d(384, 512, 3, padding=1), nn.ReLU()),
            *(nn.Conv2d(512, 512, 3, padding=1, groups=2), nn.ReLU()),
            *(nn.Conv2d(512, 384, 3, padding=1, groups=2), nn.ReLU(), _pool()),
            nn.AdaptiveAvgPool2d(6),
        )
        self.fc6 = nn.Sequential(nn.Flatten(), nn.Linear(384 * 6 * 6, 4096), nn.ReLU(), nn.Dropout(dropout))

    def forward(self, data: Tensor, valid: Tensor) -> EncoderOutput:
        sizes = check_shape("input of LrcnFrames", data, ["B", self.in_channels, "T", "H", "W"])
        frames = data.transpose(1, 2).flatten(0, 1)  # [B·T, C, H, W]
        vectors = self.fc6(self.features(frames)).unflatten(0, (-1, sizes["T"]))  # [B, T, 4096]
        return EncoderOutput(vectors.transpose(1, 2)[..., None, None])


def _pool() -> nn.Module:
    return nn.MaxPool2d(3, stride=2, ceil_mode=True)


def _norm() -> nn.Module:
    return nn.LocalResponseNorm(5)
