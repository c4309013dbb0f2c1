"""Block with attention over time and over space one after the other."""

from __future__ import annotations

import torch
from torch import nn
from torchvision.ops import StochasticDepth

from triad.modalities.video_encoders.transformers.layers.attention import SelfAttention
from triad.modalities.video_encoders.transformers.layers.block import Mlp
from triad.modalities.video_encoders.transformers.layers.clip_tokens import ClipTokens


class DividedBlock(nn.Module):
    """Attention over the times of each place, over the places of each time, then an MLP.

    Divided space-time attention (Bertasius et al. 2021, Is Space-Time Attention All You Need for Video Understanding?).
    The class token takes no part in the attention over time; in that over space it stands beside the patches of every
    frame, and its update is the mean over the frames. ``temporal_fc`` should start at zero: the block is then the one
    of an image transformer on every frame.

    Args:
        channels: channels of a token.
        heads: number of attention heads.
        drop_path: probability of leaving out a residual branch for a sample in training, 0–1.
    """

    def __init__(self, *, channels: int, heads: int, drop_path: float = 0.0) -> None:
        super().__init__()
        self.temporal_norm1 = nn.LayerNorm(channels, eps=1e-6)
        self.temporal_attn = SelfAttention(channels=channels, heads=heads)
        self.temporal_fc = nn.Linear(channels, channels)
        self.norm1 = nn.LayerNorm(channels, eps=1e-6)
        self.attn = SelfAttention(channels=channels, heads=heads)
        self.norm2 = nn.LayerNorm(channels, eps=1e-6)
        self.mlp = Mlp(channels, 4 * channels)
        self.drop_path = StochasticDepth(drop_path, "row")

    def forward(self, tokens: ClipTokens) -> ClipTokens:
        patches, class_token = tokens
        series = self.temporal_norm1(patches).transpose(1, 2)  # [B, N, T, C]
        over_time = self.drop_path(self.temporal_attn(series)).transpose(1, 2)  # [B, T, N, C]
        patches = patches + self.temporal_fc(over_time)

        class_of_frame = class_token[:, None].expand(-1, patches.shape[1], -1, -1)  # [B, T, 1, C]
        frames = torch.cat([class_of_frame, patches], 2)  # [B, T, 1 + N, C]
        over_space = self.drop_path(self.attn(self.norm1(frames)))
        patches = patches + over_space[:, :, 1:]
        class_token = class_token + over_space[:, :, 0].mean(1, keepdim=True)

        sequence = torch.cat([class_token, patches.flatten(1, 2)], 1)  # [B, 1 + T·N, C]
        sequence = sequence + self.drop_path(self.mlp(self.norm2(sequence)))
        return ClipTokens(sequence[:, 1:].unflatten(1, patches.shape[1:3]), sequence[:, :1])
