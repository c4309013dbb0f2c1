"""CNN-M-2048, the network of the two-stream paper, on single frames or stacks of flow."""

from __future__ import annotations

from torch import Tensor, nn

from triad.modalities.registry import MODELS
from triad.modalities.video_encoders.framewise import FramewiseEncoder
from triad.modalities.video_encoders.layers import full_layers, initialise_relu_layers


@MODELS.register_module()
class CnnM2048(FramewiseEncoder):
    """CNN-M-2048 on every frame (Simonyan & Zisserman 2014, Two-Stream Convolutional Networks, Figure 1).

    Five convolutions and the fully connected full6 and full7; the pooled vector is the mean of full7 over valid times.
    The spatial stream reads RGB frames, the temporal stream 2L channels: a stack of L flow fields, made by the stream's
    reader.

    Args:
        in_channels: channels of the input: 3 for RGB, 2L for stacks of L fields.
        second_norm: False to leave out the second local response normalisation, as the paper's temporal stream does.
        full6_channels: outputs of full6.
        full7_channels: outputs of full7; Chatfield et al. 2014 have 4096, 2048, 1024 and 128.
        dropout: dropout between full6 and full7, 0–1; the paper fine-tunes its spatial stream with 0.9.

    Shapes: ``data`` ``[B, in_channels, T, H, W]`` -> ``map``, after the last pool, ``[B, 512, T, H', W']``, 6×6 at the
    published 224²; ``pooled`` ``[B, full7_channels]``.

    Raises:
        InputError: on use, for ``data`` of another shape.
    """

    def __init__(
        self,
        *,
        in_channels: int = 3,
        second_norm: bool = True,
        full6_channels: int = 4096,
        full7_channels: int = 2048,
        dropout: float = 0.5,
    ) -> None:
        super().__init__(
            stages=[
                nn.Sequential(nn.Conv2d(in_channels, 96, 7, 2), nn.ReLU(), _norm(), _pool()),
                nn.Sequential(
                    *(nn.Conv2d(96, 256, 5, 2, 1), nn.ReLU(), _norm() if second_norm else nn.Identity(), _pool())
                ),
                nn.Sequential(nn.Conv2d(256, 512, 3, 1, 1), nn.ReLU()),
                nn.Sequential(nn.Conv2d(512, 512, 3, 1, 1), nn.ReLU()),
                nn.Sequential(nn.Conv2d(512, 512, 3, 1, 1), nn.ReLU(), _pool()),
            ],
            in_channels=in_channels,
            out_channels=512,
            pooled_channels=full7_channels,
        )
        self.full = full_layers(512, side=6, widths=(full6_channels, full7_channels), dropout=dropout)
        initialise_relu_layers(self)

    def pool_frames(self, frames: Tensor) -> Tensor:
        return self.full(frames)


def _norm() -> nn.Module:
    return nn.LocalResponseNorm(5, alpha=5e-4, beta=0.75, k=2.0)


def _pool() -> nn.Module:
    return nn.MaxPool2d(3, 2, ceil_mode=True)
