"""Squeeze-and-excitation: attention over channels."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from triad.modalities.registry import MODELS
from triad.modalities.video_encoders.layers.attention_block import Attended, AttentionBlock


@MODELS.register_module()
class SqueezeExcitation(AttentionBlock):
    """Squeeze-and-excitation (Hu et al. 2018): every channel times a sigmoid of two layers over all channels' means.

    Args:
        channels: channels of the map.
        reduction: divisor of the channels between the two layers.
        bias: option to give the layers a bias, as the SE-ResNets of timm and torchvision's own layer have.
        per_frame: True to weigh every frame by its own means, so that a 2D network stays the one for images; False to
            take the means over all times, as X3D and S3D-G do.

    Shapes: ``[B, C, T, H, W]`` -> the same; weights ``channels`` ``[B, C, T]`` or ``[B, C, 1]``.
    """

    in_branch = True

    def __init__(self, *, channels: int, reduction: int = 16, bias: bool = True, per_frame: bool = True) -> None:
        super().__init__()
        self.dims = (3, 4) if per_frame else (2, 3, 4)
        self.fc1 = nn.Linear(channels, channels // reduction, bias=bias)
        self.fc2 = nn.Linear(channels // reduction, channels, bias=bias)

    def forward(self, data: Tensor) -> Attended:
        means = data.mean(self.dims, keepdim=True).flatten(2).transpose(1, 2)  # [B, T, C], T = 1 over all times
        weights = torch.sigmoid(self.fc2(torch.relu(self.fc1(means)))).transpose(1, 2)
        return Attended(data * weights[..., None, None], {"channels": weights})
