"""ViViT with one encoder of space and one of time."""

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
    attend_within_times,
    initialise_transformer,
    patch_grid,
    resize_grid,
    resize_times,
    stack_blocks,
)
from triad.modalities.video_encoders.transformers.stepped import SteppedEncoder


@MODELS.register_module()
class FactorisedEncoderViViT(SteppedEncoder):
    """ViViT model 2, factorised encoder (Arnab et al. 2021, ViViT: A Video Vision Transformer).

    A spatial transformer reads the tubelets of each time with a class token; a temporal transformer of few blocks reads
    these class tokens and a class token of its own, which represents the clip. Published for 32 frames of 224² with
    tubelets of 2×16×16. Learned embeddings are interpolated linearly for other sizes. The steps are the blocks of the
    spatial transformer; the tap ``times`` has the tokens of the temporal one, ``[B, T', channels]``.

    Args:
        in_channels: channels of the input: 3 for RGB, 2 for flow.
        num_frames: number of frames whose tubelets have embeddings of their own.
        image_size: height and width in pixels, likewise.
        tubelet: times, height and width of a tubelet.
        channels: channels of a token.
        depth: number of blocks of the spatial transformer.
        temporal_depth: number of blocks of the temporal transformer.
        heads: number of attention heads.
        drop_path: probability of leaving out a residual branch in the last block of each, 0–1; it rises linearly from
            0.

    Shapes: ``data`` ``[B, in_channels, T, H, W]`` -> ``map`` ``[B, T', N, channels]``, the spatial tokens, and
    ``pooled`` ``[B, channels]``, the temporal class token.

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
        temporal_depth: int = 4,
        heads: int = 12,
        drop_path: float = 0.0,
    ) -> None:
        super().__init__()
        self.in_channels = in_channels
        self.out_channels = channels
        self.pooled_channels = channels
        self.tubelet = tubelet
        self.grid = (image_size // tubelet[1], image_size // tubelet[2])
        self.cls_token = nn.Parameter(torch.zeros(1, 1, channels))
        self.pos_embed = nn.Parameter(torch.zeros(1, 1 + self.grid[0] * self.grid[1], channels))
        stack = partial(stack_blocks, TransformerBlock, channels=channels, heads=heads, drop_path=drop_path)
        self.blocks = stack(depth=depth)
        self.norm = nn.LayerNorm(channels, eps=1e-6)
        self.temporal_cls_token = nn.Parameter(torch.zeros(1, 1, channels))
        self.temporal_pos_embed = nn.Parameter(torch.zeros(1, 1 + num_frames // tubelet[0], channels))
        self.temporal_blocks = stack(depth=temporal_depth)
        self.temporal_norm = nn.LayerNorm(channels, eps=1e-6)
        initialise_transformer(self)
        self.patch_embed = TubeletEmbedding(in_channels=in_channels, channels=channels, size=tubelet)
        nn.init.trunc_normal_(self.pos_embed, std=0.02)
        nn.init.trunc_normal_(self.temporal_pos_embed, std=0.02)

    def embed(self, data: Tensor) -> ClipTokens:
        times, *grid = patch_grid(type(self).__name__, data, self.in_channels, self.tubelet)
        places = resize_grid(self.pos_embed[:, 1:], self.grid, (grid[0], grid[1]), mode="bilinear")
        class_token = self.cls_token + self.pos_embed[:, :1]
        return ClipTokens(self.patch_embed(data) + places[:, None], class_token.expand(len(data), times, -1))

    def steps(self) -> list[Callable[[ClipTokens], ClipTokens]]:
        return [partial(attend_within_times, block) for block in self.blocks]

    def finish(self, tokens: ClipTokens) -> EncoderOutput:
        patches, class_token = tokens
        series = self.norm(class_token)  # [B, T', C]
        batch, times = series.shape[:2]
        positions = resize_times(self.temporal_pos_embed[:, 1:], times, mode="linear")
        clip_token = (self.temporal_cls_token + self.temporal_pos_embed[:, :1]).expand(batch, -1, -1)
        sequence = torch.cat([clip_token, series + positions], 1)  # [B, 1 + T', C]
        for block in self.temporal_blocks:
            sequence = block(sequence)
        sequence = self.temporal_norm(sequence)
        return EncoderOutput(self.norm(patches), sequence[:, 0], {"times": sequence[:, 1:]})
