"""Transformer over features in time with sliding-window attention."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from triad.modalities.checks import fail
from triad.modalities.encoder import EncoderOutput
from triad.modalities.registry import MODELS
from triad.modalities.video_encoders.temporal.sequence_network import SequenceNetwork
from triad.modalities.video_encoders.transformers.layers import Mlp, initialise_transformer
from triad.modalities.video_encoders.transformers.layers.sliding_window import SlidingWindowAttention, window_mask


class LongformerBlock(nn.Module):
    """Attention and MLP, each added to its input and followed by a LayerNorm.

    Args:
        channels: channels of a token.
        heads: number of attention heads.
        dropout: dropout probability of what is added, 0–1.

    Shapes: ``tokens`` ``[B, N, channels]``, ``mask`` bool ``[B, N, N]`` -> ``[B, N, channels]``.
    """

    def __init__(self, *, channels: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.attn = SlidingWindowAttention(channels=channels, heads=heads)
        self.norm1 = nn.LayerNorm(channels)
        self.mlp = Mlp(channels, 4 * channels)
        self.norm2 = nn.LayerNorm(channels)
        self.dropout = nn.Dropout(dropout)

    def forward(self, tokens: Tensor, mask: Tensor) -> Tensor:
        tokens = self.norm1(tokens + self.dropout(self.attn(tokens, mask)))
        return self.norm2(tokens + self.dropout(self.mlp(tokens)))


@MODELS.register_module()
class Longformer(SequenceNetwork):
    """Temporal transformer of VTN (Neimark et al. 2021, Video Transformer Network) over features of frames.

    Every time sees the ones in its window and a class token, which sees all times (Beltagy et al. 2020, Longformer), so
    that the cost rises linearly with the length of the video in the authors' code; here the window is a mask. Times
    that are not valid are not seen. A LayerNorm, a linear layer and a GELU make the pooled vector of the class token.

    Args:
        in_channels: length of a feature vector.
        depth: number of blocks.
        heads: number of attention heads, a divisor of ``in_channels``.
        window: number of neighbours that a time sees, half of them before and half after it.
        max_times: number of times that have an embedding.
        dropout: dropout probability of the tokens and of what a block adds to them, 0–1.

    Shapes: ``data`` ``[B, in_channels, T]``, ``valid`` bool ``[B, T]`` -> ``map`` ``[B, in_channels, T]`` and
    ``pooled`` ``[B, in_channels]``.

    Raises:
        InputError: on use, for data of another shape or with more than ``max_times`` times.
    """

    def __init__(
        self,
        *,
        in_channels: int,
        depth: int = 3,
        heads: int = 12,
        window: int = 32,
        max_times: int = 287,
        dropout: float = 0.1,
    ) -> None:
        super().__init__()
        self.in_channels = in_channels
        self.out_channels = in_channels
        self.pooled_channels = in_channels
        self.window = window
        self.cls_token = nn.Parameter(torch.zeros(1, 1, in_channels))
        self.pos_embed = nn.Parameter(torch.zeros(1, 1 + max_times, in_channels))
        self.token_types = nn.Parameter(torch.zeros(2, in_channels))  # of the class token and of times
        self.norm = nn.LayerNorm(in_channels)
        self.dropout = nn.Dropout(dropout)
        blocks = [LongformerBlock(channels=in_channels, heads=heads, dropout=dropout) for _ in range(depth)]
        self.blocks = nn.ModuleList(blocks)
        self.head = nn.Sequential(nn.LayerNorm(in_channels), nn.Linear(in_channels, in_channels), nn.GELU())
        initialise_transformer(self)
        for parameter in (self.cls_token, self.pos_embed, self.token_types):
            nn.init.trunc_normal_(parameter, std=0.02)

    def run(self, data: Tensor, valid: Tensor) -> EncoderOutput:
        batch, _, times = data.shape
        if times >= self.pos_embed.shape[1]:
            fail("number of times of Longformer", f"be at most {self.pos_embed.shape[1] - 1}", times, "set max_times")
        class_token = self.cls_token.expand(batch, -1, -1) + self.token_types[0]
        tokens = torch.cat([class_token, data.transpose(1, 2) + self.token_types[1]], 1)  # [B, 1 + T, C]
        tokens = self.dropout(self.norm(tokens + self.pos_embed[:, : 1 + times]))
        seen = torch.cat([valid.new_ones(batch, 1), valid], 1)  # [B, 1 + T]
        mask = window_mask(times, self.window, data.device) & seen[:, None]  # [B, 1 + T, 1 + T]
        for block in self.blocks:
            tokens = block(tokens, mask)
        return EncoderOutput(tokens[:, 1:].transpose(1, 2), self.head(tokens[:, 0]))
