"""ViViT with attention over space and over time in every block."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torchvision.ops import StochasticDepth

from triad.modalities.encoder import EncoderOutput
from triad.modalities.registry import MODELS
from triad.modalities.video_encoders.transformers.layers import (
    ClipTokens,
    Mlp,
    SelfAttention,
    TubeletEmbedding,
    initialise_transformer,
    patch_grid,
    resize_volume,
    stack_blocks,
)
from triad.modalities.video_encoders.transformers.stepped import SteppedEncoder


class FactorisedAttentionBlock(nn.Module):
    """Attention over the places of each time, over the times of each place, then an MLP.

    The attention over time should start with an output of zero: the block is then the one of an image transformer
    (§3.4 of the paper).

    Args:
        channels: channels of a token.
        heads: number of attention heads.
        drop_path: probability of leaving out a residual branch for a sample in training, 0–1.
    """

    def __init__(self, *, channels: int, heads: int, drop_path: float = 0.0) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(channels, eps=1e-6)
        self.attn = SelfAttention(channels=channels, heads=heads)
        self.temporal_norm1 = nn.LayerNorm(channels, eps=1e-6)
        self.temporal_attn = SelfAttention(channels=channels, heads=heads)
        self.norm2 = nn.LayerNorm(channels, eps=1e-6)
        self.mlp = Mlp(channels, 4 * channels)
        self.drop_path = StochasticDepth(drop_path, "row")

    def forward(self, tokens: ClipTokens) -> ClipTokens:
        patches = tokens.patches
        patches = patches + self.drop_path(self.attn(self.norm1(patches)))
        series = self.temporal_norm1(patches).transpose(1, 2)  # [B, N, T, C]
        patches = patches + self.drop_path(self.temporal_attn(series)).transpose(1, 2)
        patches = patches + self.drop_path(self.mlp(self.norm2(patches)))
        return ClipTokens(patches, tokens.class_token)


@MODELS.register_module()
class FactorisedAttentionViViT(SteppedEncoder):
    """ViViT model 3, factorised self-attention (Arnab et al. 2021, ViViT: A Video Vision Transformer).

    Every block attends over space, then over time. There is no class token; heads pool all tokens by their mean.
    Published for 32 frames of 224² with tubelets of 2×16×16. Learned embeddings of place and time are interpolated
    linearly for other sizes.

    Args:
        in_channels: channels of the input: 3 for RGB, 2 for flow.
        num_frames: number of frames whose tubelets have embeddings of their own.
        image_size: height and width in pixels, likewise.
        tubelet: times, height and width of a tubelet.
        channels: channels of a token.
        depth: number of blocks.
        heads: number of attention heads.
        drop_path: probability of leaving out a residual branch in the last block, 0–1; it rises linearly from 0.

    Shapes: ``data`` ``[B, in_channels, T, H, W]`` -> ``map`` ``[B, T', N, channels]``, one token a tubelet.

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
        self.tubelet = tubelet
        self.grid = (num_frames // tubelet[0], image_size // tubelet[1], image_size // tubelet[2])
        self.pos_embed = nn.Parameter(torch.zeros(1, self.grid[0] * self.grid[1] * self.grid[2], channels))
        self.blocks = stack_blocks(
            FactorisedAttentionBlock, depth=depth, channels=channels, heads=heads, drop_path=drop_path
        )
        self.norm = nn.LayerNorm(channels, eps=1e-6)
        initialise_transformer(self)
        for block in self.blocks:
            nn.init.zeros_(block.get_parameter("temporal_attn.proj.weight"))
        self.patch_embed = TubeletEmbedding(in_channels=in_channels, channels=channels, size=tubelet)
        nn.init.trunc_normal_(self.pos_embed, std=0.02)

    def embed(self, data: Tensor) -> ClipTokens:
        grid = patch_grid(type(self).__name__, data, self.in_channels, self.tubelet)
        positions = resize_volume(self.pos_embed, self.grid, grid).unflatten(1, (grid[0], -1))  # [1, T', N, C]
        patches = self.patch_embed(data) + positions
        return ClipTokens(patches, patches.new_zeros(len(data), 0, self.out_channels))

    def steps(self) -> list[Callable[[ClipTokens], ClipTokens]]:
        return list(self.blocks)

    def finish(self, tokens: ClipTokens) -> EncoderOutput:
        return EncoderOutput(self.norm(tokens.patches))
