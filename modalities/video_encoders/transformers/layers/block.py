"""Block of a vision transformer."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torchvision.ops import StochasticDepth

from triad.modalities.video_encoders.transformers.layers.attention import SelfAttention


class Mlp(nn.Module):
    """Two linear layers with a GELU between them, for every token alone.

    Args:
        channels: channels of a token.
        hidden: channels between the layers.

    Shapes: ``[…, channels]`` -> ``[…, channels]``.
    """

    def __init__(self, channels: int, hidden: int) -> None:
        super().__init__()
        self.fc1 = nn.Linear(channels, hidden)
        self.act = nn.GELU()
        self.fc2 = nn.Linear(hidden, channels)

    def forward(self, tokens: Tensor) -> Tensor:
        return self.fc2(self.act(self.fc1(tokens)))


class TransformerBlock(nn.Module):
    """Self-attention and MLP, each after a LayerNorm and added to its input (Dosovitskiy et al. 2021, ViT).

    Args:
        channels: channels of a token.
        heads: number of attention heads.
        drop_path: probability of leaving out a residual branch for a sample in training, 0–1.

    Shapes: ``[B, N, channels]``, ``mask`` as of :class:`SelfAttention` -> ``[B, N, channels]``.
    """

    def __init__(self, *, channels: int, heads: int, drop_path: float = 0.0) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(channels, eps=1e-6)
        self.attn = SelfAttention(channels=channels, heads=heads)
        self.norm2 = nn.LayerNorm(channels, eps=1e-6)
        self.mlp = Mlp(channels, 4 * channels)
        self.drop_path = StochasticDepth(drop_path, "row")

    def forward(self, tokens: Tensor, mask: Tensor | None = None) -> Tensor:
        tokens = tokens + self.drop_path(self.attn(self.norm1(tokens), mask))
        return tokens + self.drop_path(self.mlp(self.norm2(tokens)))


def drop_path_rates(drop_path: float, depth: int) -> list[float]:
    """Return the rates of stochastic depth of ``depth`` blocks: from 0 linearly to ``drop_path`` (Huang et al. 2016).

    They are computed on the CPU, also where a network is built on the meta device.
    """
    return torch.linspace(0, drop_path, depth, device="cpu").tolist()


def stack_blocks(
    block: Callable[..., nn.Module], *, depth: int, channels: int, heads: int, drop_path: float
) -> nn.ModuleList:
    """Return blocks of one kind, whose stochastic depth rises linearly (see :func:`drop_path_rates`).

    Args:
        block: class of the block, with the arguments of :class:`TransformerBlock`.
        depth: number of blocks.
        channels: channels of a token.
        heads: number of attention heads.
        drop_path: probability of leaving out a residual branch in the last block, 0–1.
    """
    rates = drop_path_rates(drop_path, depth)
    return nn.ModuleList([block(channels=channels, heads=heads, drop_path=rate) for rate in rates])


def initialise_transformer(network: nn.Module) -> None:
    """Draw the weights of linear layers from a normal distribution of deviation 0.02; their biases are zero."""
    for module in network.modules():
        if isinstance(module, nn.Linear):
            nn.init.trunc_normal_(module.weight, std=0.02)
            nn.init.zeros_(module.bias)
