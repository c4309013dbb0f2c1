"""Convolutional block attention module: attention over channels, then over places."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from triad.modalities.registry import MODELS
from triad.modalities.video_encoders.layers.attention_block import Attended, AttentionBlock


@MODELS.register_module()
class Cbam(AttentionBlock):
    """Convolutional block attention module (Woo et al. 2018, CBAM).

    Channels are weighed by the sigmoid of one MLP, applied to their means and to their maxima and added; places by the
    sigmoid of a 7×7 convolution over the mean and the maximum over channels. The convolution sees one frame, whatever
    the network: CBAM is published for images, and the residual blocks around it relate times.

    Args:
        channels: channels of the map.
        reduction: divisor of the channels inside the MLP.
        mlp_bias: option to give the MLP biases, as the authors' code does; timm's has none.
        per_frame: True to weigh the channels of every frame apart; False to pool them over all times.

    Shapes: ``[B, C, T, H, W]`` -> the same; weights ``channels`` ``[B, C, T]`` or ``[B, C, 1]``, ``places``
    ``[B, T, H, W]``.
    """

    in_branch = True

    def __init__(self, *, channels: int, reduction: int = 16, mlp_bias: bool = False, per_frame: bool = True) -> None:
        super().__init__()
        self.dims = (3, 4) if per_frame else (2, 3, 4)
        self.fc1 = nn.Linear(channels, channels // reduction, bias=mlp_bias)
        self.fc2 = nn.Linear(channels // reduction, channels, bias=mlp_bias)
        self.conv = nn.Conv3d(2, 1, (1, 7, 7), padding=(0, 3, 3), bias=False)
        self.bn = nn.BatchNorm3d(1)

    def forward(self, data: Tensor) -> Attended:
        pooled = torch.stack((data.mean(self.dims, keepdim=True), data.amax(self.dims, keepdim=True)))
        vectors = pooled.flatten(3).transpose(2, 3)  # [2, B, T, C], T = 1 over all times
        summed = self.fc2(torch.relu(self.fc1(vectors))).sum(0)
        channels = torch.sigmoid(summed).transpose(1, 2)  # [B, C, T]
        data = data * channels[..., None, None]
        over_channels = torch.cat((data.mean(1, keepdim=True), data.amax(1, keepdim=True)), 1)  # [B, 2, T, H, W]
        over_places = torch.sigmoid(self.bn(self.conv(over_channels)))
        return Attended(data * over_places, {"channels": channels, "places": over_places[:, 0]})
