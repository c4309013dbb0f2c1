"""ViViT with joint space-time attention."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor, nn

from triad.modalities.encoder import EncoderOutput
from triad.modalities.registry import MODELS
from triad.modalities.video_encoders.transformers.layers import (
    ClipTokens,
    TransformerBlock,
    TubeletEmbedding,
    attend_jointly,
    initialise_transformer,
    patch_grid,
    resize_volume,
    stack_blocks,
)
from triad.modalities.video_encoders.transformers.stepped import SteppedEncoder


@MODELS.register_module()
class JointViViT(SteppedEncoder):
    """ViViT model 1, spatio-temporal attention (Arnab et al. 2021, ViViT: A Video Vision Transformer).

    A vision transformer over all tubelets of a clip, published for 32 frames of 224² with tubelets of 2×16×16, which
    are 16 · 14 · 14 = 3,136 tokens. Learned embeddings of place and time are interpolated linearly for other sizes.

    Args:
        in_channels: channels of the input: 3 for RGB, 2 for flow.
        num_frames: number of frames whose tubelets have embeddings of their own.
        image_size: height and width in pixels, likewise.
        tubelet: times, height and width of a tubelet.
        channels: channels of a token.
        depth: number of blocks.
        heads: number of attention heads.
        drop_path: probability of leaving out a residual branch in the last block, 0–1; it rises linearly from 0.

    Shapes: ``data`` ``[B, in_channels, T, H, W]`` -> ``map`` ``[B, T', N, channels]``, one token a tubelet, and
    ``pooled`` ``[B, channels]``, the class token.

    Raises:
        InputError: on use, for ``data`` that does not divide into tubelets.
    """

    def __init__(
        self,
        *,
        in_channels: int = 3,
        num_frames: int = 32,
        image_size: int = 224,
        tubelet: tuple[int, int, int] = (2, 16, 16),
        channels: int = 768,
        depth: int = 12,
        heads: int = 12,
        drop_path: float = 0.0,
    ) -> None:
        super().__init__()
        self.in_channels = in_channels
        self.out_channels = channels
        self.pooled_channels = channels
        self.tubelet = tubelet
        self.grid = (num_frames // tubelet[0], image_size // tubelet[1], image_size // tubelet[2])
        self.cls_token = nn.Parameter(torch.zeros(1, 1, channels))
        self.pos_embed = nn.Parameter(torch.zeros(1, 1 + self.grid[0] * self.grid[1] * self.grid[2], channels))
        self.blocks = stack_blocks(TransformerBlock, depth=depth, channels=channels, heads=heads, drop_path=drop_path)
        self.norm = nn.LayerNorm(channels, eps=1e-6)
        initialise_transformer(self)
        self.patch_embed = TubeletEmbedding(in_channels=in_channels, channels=channels, size=tubelet)
        nn.init.trunc_normal_(self.pos_embed, std=0.02)

    def embed(self, data: Tensor) -> ClipTokens:
        grid = patch_grid(type(self).__name__, data, self.in_channels, self.tubelet)
        patches = self.patch_embed(data)
        positions = resize_volume(self.pos_embed[:, 1:], self.grid, grid)
        class_token = self.cls_token + self.pos_embed[:, :1]
        return ClipTokens(
            patches + positions.unflatten(1, (grid[0], -1)),  # [B, T', N, C] + [1, T', N, C]
            class_token.expand(len(data), -1, -1),
        )

    def steps(self) -> list[Callable[[ClipTokens], ClipTokens]]:
        return [partial(attend_jointly, block) for block in self.blocks]

    def finish(self, tokens: ClipTokens) -> EncoderOutput:
        return EncoderOutput(self.norm(tokens.patches), self.norm(tokens.class_token[:, 0]))
