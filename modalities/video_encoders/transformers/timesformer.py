"""TimeSformer."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import torch
from torch import Tensor, nn

from triad.modalities.checks import check_choice
from triad.modalities.encoder import EncoderOutput
from triad.modalities.registry import MODELS
from triad.modalities.video_encoders.transformers.layers import (
    ClipTokens,
    DividedBlock,
    FramePatches,
    TransformerBlock,
    attend_jointly,
    attend_within_times,
    initialise_transformer,
    patch_grid,
    resize_grid,
    resize_times,
    stack_blocks,
)
from triad.modalities.video_encoders.transformers.stepped import SteppedEncoder
from triad.modalities.weights import load_weights

_BLOCKS: dict[str, type[DividedBlock] | type[TransformerBlock]] = {
    "divided_space_time": DividedBlock,
    "joint_space_time": TransformerBlock,
    "space_only": TransformerBlock,
}
ATTENTIONS = tuple(_BLOCKS)


@MODELS.register_module()
class TimeSformer(SteppedEncoder):
    """TimeSformer (Bertasius et al. 2021, Is Space-Time Attention All You Need for Video Understanding?).

    A vision transformer over the patches of all frames, published for 8 frames of 224² with patches of 16². Learned
    embeddings of place and time are stretched to other sizes of clip by the nearest neighbour, as in the authors' code.

    Args:
        in_channels: channels of the input: 3 for RGB, 2 for flow.
        num_frames: number of frames that have an embedding of their own.
        image_size: height and width in pixels whose patches have embeddings of their own.
        patch_size: height and width of a patch in pixels.
        channels: channels of a token.
        depth: number of blocks.
        heads: number of attention heads.
        attention: tokens that see each other: ``divided_space_time`` (those of the same place, then those of the same
            frame), ``joint_space_time`` (all) or ``space_only`` (those of the same frame; the class tokens of the
            frames are averaged).
        drop_path: probability of leaving out a residual branch in the last block, 0–1; it rises linearly from 0.
        weights: path of a local file with weights of the authors or of mmaction2, or with those of timm's ViT, whose
            attention over space is then copied to the one over time; None for random weights.

    Shapes: ``data`` ``[B, in_channels, T, H, W]`` -> ``map`` ``[B, T, N, channels]``, one token a patch with
    ``n = y · W / patch_size + x``, and ``pooled`` ``[B, channels]``, the class token.

    Raises:
        InputError: for another attention or a file that does not fit; on use, for ``data`` that does not divide into
            patches.
    """

    def __init__(
        self,
        *,
        in_channels: int = 3,
        num_frames: int = 8,
        image_size: int = 224,
        patch_size: int = 16,
        channels: int = 768,
        depth: int = 12,
        heads: int = 12,
        attention: str = "divided_space_time",
        drop_path: float = 0.1,
        weights: str | Path | None = None,
    ) -> None:
        super().__init__()
        block = _BLOCKS[check_choice("TimeSformer.attention", attention, _BLOCKS)]
        self.in_channels = in_channels
        self.out_channels = channels
        self.pooled_channels = channels
        self.attention = attention
        self.patch_size = patch_size
        self.grid = (image_size // patch_size, image_size // patch_size)
        self.patch_embed = FramePatches(in_channels=in_channels, channels=channels, size=patch_size)
        self.cls_token = nn.Parameter(torch.zeros(1, 1, channels))
        self.pos_embed = nn.Parameter(torch.zeros(1, 1 + self.grid[0] * self.grid[1], channels))
        if attention != "space_only":
            self.time_embed = nn.Parameter(torch.zeros(1, num_frames, channels))
        self.blocks = stack_blocks(block, depth=depth, channels=channels, heads=heads, drop_path=drop_path)
        self.norm = nn.LayerNorm(channels, eps=1e-6)
        initialise_transformer(self)
        nn.init.trunc_normal_(self.cls_token, std=0.02)
        nn.init.trunc_normal_(self.pos_embed, std=0.02)
        for module in self.blocks:
            if isinstance(module, DividedBlock):  # starts as an image transformer on every frame
                nn.init.zeros_(module.temporal_fc.weight)
        if weights is not None:
            load_weights(self, weights)

    def embed(self, data: Tensor) -> ClipTokens:
        _, *grid = patch_grid(type(self).__name__, data, self.in_channels, (1, self.patch_size, self.patch_size))
        patches = self.patch_embed(data)
        batch, times = patches.shape[:2]
        places = resize_grid(self.pos_embed[:, 1:], self.grid, (grid[0], grid[1]), mode="nearest")
        patches = patches + places[:, None]  # [B, T, N, C] + [1, 1, N, C]
        class_token = self.cls_token + self.pos_embed[:, :1]
        if self.attention == "space_only":
            return ClipTokens(patches, class_token.expand(batch, times, -1))
        patches = patches + resize_times(self.time_embed, times, mode="nearest")[:, :, None]
        return ClipTokens(patches, class_token.expand(batch, -1, -1))

    def steps(self) -> list[Callable[[ClipTokens], ClipTokens]]:
        if self.attention == "divided_space_time":
            return list(self.blocks)
        attend = attend_jointly if self.attention == "joint_space_time" else attend_within_times
        return [partial(attend, block) for block in self.blocks]

    def finish(self, tokens: ClipTokens) -> EncoderOutput:
        class_token = tokens.class_token.mean(1)  # of the clip, or of all frames
        return EncoderOutput(self.norm(tokens.patches), self.norm(class_token))
