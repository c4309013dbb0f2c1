"""Attention bottleneck tokens between the transformers of several streams.

Nagrani, Yang, Arnab, Jansen, Schmid, Sun 2021, Attention Bottlenecks for Multimodal Fusion (NeurIPS), MBT.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from triad.fusion.attention.stream_tokens import StreamTokens
from triad.fusion.models import (
    AttentionMap,
    Features,
    FeatureShape,
    FusionModule,
    FusionOutput,
    StreamFeatures,
    count_streams,
    shape_of,
)
from triad.modalities.checks import fail
from triad.modalities.registry import MODELS
from triad.modalities.video_encoders.transformers.layers import TransformerBlock, drop_path_rates


@MODELS.register_module()
class AttentionBottleneck(FusionModule):
    """Transformers of several streams that exchange what they know through a few shared bottleneck tokens.

    Maps of any axes are projected to tokens of one width. The first ``fusion_layer`` blocks of each stream see its own
    tokens alone, the others its tokens and the bottleneck tokens; after each of these the bottleneck tokens are the
    mean over the streams that a sample has. The tokens of the last block, after a norm, are the new features in the
    axes of the old ones; each stream has a head of its own and the answers are averaged, as in the paper, whose loss
    is that of the average alone.

    Tokens of times and persons that are not valid are not attended. A stream that a sample lacks adds nothing to its
    bottleneck tokens. The paper's networks have width 768, 12 heads, 12 blocks, ``fusion_layer`` 8 and 4 bottleneck
    tokens over patches; here the encoders stand for the first blocks.

    Args:
        shapes: shapes of the features of all streams.
        streams: names of at least two streams; any axes.
        width: channels of a token.
        heads: number of attention heads, a divisor of ``width``.
        depth: number of blocks of each stream.
        fusion_layer: number of blocks before the bottleneck tokens are seen, below ``depth``.
        bottlenecks: number of bottleneck tokens.
        drop_path: probability of leaving out a residual branch in the last block, 0–1; it rises linearly from 0. The
            paper has 0.3.

    Shapes: map ``[P, …]`` -> the same axes with ``width`` channels. The attention map of a stream is that of the
    bottleneck tokens in the last block, averaged over heads and bottleneck tokens, in the map's axes without ``C``;
    it sums to 1 over the stream's tokens, and is made in evaluation only.

    Raises:
        InputError: If a stream is missing, there is only one, or no block is left to fuse in.
    """

    def __init__(
        self,
        *,
        shapes: Mapping[str, FeatureShape],
        streams: Sequence[str],
        width: int = 128,
        heads: int = 4,
        depth: int = 2,
        fusion_layer: int = 0,
        bottlenecks: int = 4,
        drop_path: float = 0.0,
    ) -> None:
        super().__init__()
        name = type(self).__name__
        if isinstance(streams, str) or len(set(streams)) < 2:
            fail(f"{name}.streams", "name at least two streams", f"{streams!r}")
        if not 0 <= fusion_layer < depth:
            fail(f"{name}.fusion_layer", f"be 0 to {depth - 1}, below its depth", fusion_layer)
        if bottlenecks < 1:
            fail(f"{name}.bottlenecks", "be at least 1", bottlenecks)
        stream_shapes = {stream: shape_of(name, "streams", stream, shapes) for stream in streams}
        self.out_shapes = {stream: shape.with_channels(width) for stream, shape in stream_shapes.items()}
        self.fusion_layer = fusion_layer
        self.depth = depth
        self.tokens = nn.ModuleDict({stream: StreamTokens(shape, width) for stream, shape in stream_shapes.items()})
        self.bottlenecks = nn.Parameter(torch.zeros(bottlenecks, width))
        nn.init.trunc_normal_(self.bottlenecks, std=0.02)
        rates = drop_path_rates(drop_path, depth)
        self.blocks = nn.ModuleDict(
            {
                stream: nn.ModuleList([TransformerBlock(channels=width, heads=heads, drop_path=rate) for rate in rates])
                for stream in streams
            }
        )
        self.norms = nn.ModuleDict({stream: nn.LayerNorm(width, eps=1e-6) for stream in streams})

    def forward(self, features: Features, batch: Mapping[str, Any]) -> FusionOutput:
        present = [stream for stream in self.blocks if stream in features]
        if not present:
            return FusionOutput(features)
        tokens: dict[str, Tensor] = {}
        masks: dict[str, Tensor] = {}
        for stream in present:
            tokens[stream], masks[stream] = self.tokens[stream](features[stream])
        size = batch["number"].shape[0]  # len() would fix the batch size in an exported graph
        rows = {stream: features[stream].rows for stream in present}
        shared = self.bottlenecks.expand(size, -1, -1)  # [B, K, C]
        num_streams = count_streams(list(rows.values()), size)
        maps: dict[str, AttentionMap] = {}
        for index in range(self.depth):
            if index < self.fusion_layer:
                for stream in present:
                    mask = masks[stream][:, None, None]  # [P, 1, 1, N]
                    tokens[stream] = self._block(stream, index)(tokens[stream], mask)
                continue
            updates = []
            for stream in present:
                block = self._block(stream, index)
                of_rows = shared[rows[stream]].to(tokens[stream].dtype)
                if index == self.depth - 1 and not self.training:
                    weights = bottleneck_attention(block, tokens[stream], masks[stream], of_rows)
                    driven = num_streams[rows[stream]] > 1
                    maps[f"bottleneck of {stream}"] = self._to_attention_map(stream, weights, features[stream], driven)
                tokens[stream], update = exchange(block, tokens[stream], masks[stream], of_rows)
                updates.append(update)
            shared = mean_of_streams(updates, list(rows.values()), size)
        fused = {stream: self._to_features(stream, tokens[stream], features[stream]) for stream in present}
        return FusionOutput({**features, **fused}, maps=maps)

    def _block(self, stream: str, index: int) -> TransformerBlock:
        return self.blocks[stream][index]  # type: ignore[index, return-value]  # ModuleDict forgets the type

    def _to_map(self, stream: str, tokens: Tensor, features: StreamFeatures) -> Tensor:
        return self.tokens[stream].to_map(tokens, features)  # type: ignore[operator]

    def _to_features(self, stream: str, tokens: Tensor, features: StreamFeatures) -> StreamFeatures:
        return features.with_map(self._to_map(stream, self.norms[stream](tokens), features))

    def _to_attention_map(self, stream: str, weights: Tensor, features: StreamFeatures, driven: Tensor) -> AttentionMap:
        axes = features.axes.replace("C", "")
        shaped = self._to_map(stream, weights[..., None], features).squeeze(features.axes.index("C"))
        return AttentionMap(stream, axes, shaped, features.rows, driven)


def exchange(block: TransformerBlock, tokens: Tensor, mask: Tensor, shared: Tensor) -> tuple[Tensor, Tensor]:
    """Run a block over a stream's tokens and the bottleneck tokens behind them.

    Args:
        block: block of the stream.
        tokens: tokens of the stream.
        mask: validity of each token.
        shared: bottleneck tokens of each sample.

    Shapes: ``[P, N, C]``, bool ``[P, N]``, ``[P, K, C]`` -> ``[P, N, C]``, ``[P, K, C]``.
    """
    num_tokens = tokens.shape[1]
    joined = torch.cat([tokens, shared], dim=1)
    key_mask = torch.cat([mask, mask.new_ones(shared.shape[:2])], dim=1)[:, None, None]  # [P, 1, 1, N + K]
    output = block(joined, key_mask)
    return output[:, :num_tokens], output[:, num_tokens:]


@torch.no_grad()
def bottleneck_attention(block: TransformerBlock, tokens: Tensor, mask: Tensor, shared: Tensor) -> Tensor:
    """Return the attention of the bottleneck tokens over a stream's, averaged over heads and bottleneck tokens.

    Args:
        block: block of the stream, whose first layer attends.
        tokens: tokens of the stream.
        mask: validity of each token.
        shared: bottleneck tokens of each sample.

    Shapes: ``[P, N, C]``, bool ``[P, N]``, ``[P, K, C]`` -> ``[P, N]``, sums of 1.
    """
    attention = block.attn
    num_tokens = tokens.shape[1]
    joined = torch.cat([tokens, shared], dim=1)
    projected = attention.qkv(block.norm1(joined)).unflatten(2, (3, attention.heads, -1))  # [P, N + K, 3, heads, D]
    query = projected[:, num_tokens:, 0].transpose(1, 2)  # [P, heads, K, D]
    key = projected[:, :num_tokens, 1].transpose(1, 2)
    scores = query @ key.transpose(2, 3) / query.shape[-1] ** 0.5  # [P, heads, K, N]
    return scores.masked_fill(~mask[:, None, None], -torch.inf).softmax(-1).mean((1, 2))


def mean_of_streams(updates: Sequence[Tensor], rows: Sequence[Tensor], size: int) -> Tensor:
    """Return the mean over the streams that each sample has, zeros where it has none.

    Args:
        updates: values of each stream for the samples that have it.
        rows: these samples.
        size: number of samples B.

    Shapes: ``[P, K, C]`` and int ``[P]`` a stream -> ``[B, K, C]``.
    """
    total = updates[0].new_zeros(size, *updates[0].shape[1:])
    for update, samples in zip(updates, rows, strict=True):
        total = total.index_add(0, samples, update.to(total.dtype))
    return total / count_streams(rows, size).clamp(min=1)[:, None, None]
