"""Conv pooling: the maximum over time of convolutional features, before the fully connected layers."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor

from triad.modalities.checks import check_shape, fail
from triad.modalities.encoder import Encoder, EncoderOutput
from triad.modalities.registry import MODELS
from triad.modalities.valid_times import valid_or_all
from triad.modalities.video_encoders.adapters.torchvision_image import TorchvisionImage
from triad.modalities.video_encoders.layers import full_layers, initialise_relu_layers


@MODELS.register_module()
class ConvPooling(Encoder):
    """Conv pooling over an image network (Ng et al. 2015, Beyond Short Snippets).

    The last convolutional maps of all valid frames are max-pooled over time, place by place; two fully connected layers
    read the result. The paper takes AlexNet and GoogLeNet and up to 120 frames.

    Args:
        network: image network, as in :class:`TorchvisionImage`; one that gives a map.
        full_channels: outputs of the two fully connected layers.
        dropout: dropout between them, 0–1.
        in_channels: channels of the input: 3 for RGB, 2 for flow.
        weights: path of a local file with torchvision's published weights; None for random weights.

    Shapes: ``data`` ``[B, in_channels, T, H, W]`` -> ``map`` of the image network ``[B, C, T, H', W']``; ``pooled``
    ``[B, full_channels[1]]``.

    Raises:
        InputError: for an unknown network or a file that does not fit; on use, for ``data`` of another shape.
    """

    output_axes = "BCTHW"

    def __init__(
        self,
        *,
        network: str = "alexnet",
        full_channels: tuple[int, int] = (4096, 4096),
        dropout: float = 0.5,
        in_channels: int = 3,
        weights: str | Path | None = None,
    ) -> None:
        super().__init__()
        side = 6 if network == "alexnet" else 7
        image = TorchvisionImage(network=network, in_channels=in_channels, weights=weights)
        if image.output_axes != "BCTHW":
            fail("ConvPooling.network", "give a map", f"'{network}', which gives tokens")
        self.in_channels = in_channels
        self.out_channels = image.out_channels
        self.pooled_channels = full_channels[1]
        self.full = full_layers(self.out_channels, side=side, widths=full_channels, dropout=dropout)
        initialise_relu_layers(self.full)
        self.image = image

    def forward(self, data: Tensor, valid: Tensor) -> EncoderOutput:
        check_shape("input of ConvPooling", data, ["B", self.in_channels, "T", "H", "W"])
        features = self.image(data, valid).map
        ignored = ~valid_or_all(valid)[:, None, :, None, None]  # [B, 1, T, 1, 1]
        pooled = features.masked_fill(ignored, -torch.inf).amax(2)  # [B, C, H', W']
        return EncoderOutput(features, self.full(pooled))
