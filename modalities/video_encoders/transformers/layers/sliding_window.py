"""Attention of every time to its neighbours, and of one token to all times."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from triad.modalities.checks import fail


def window_mask(length: int, window: int, device: torch.device | None = None) -> Tensor:
    """Return which tokens see each other, with a class token before the times.

    Args:
        length: number of times ``T``.
        window: number of neighbours that a time sees, half of them before and half after it.
        device: device of the mask; None for the CPU.

    Shapes: bool ``[1 + T, 1 + T]``, True where the token of the row sees that of the column: a time within the window,
    and the class token, which is seen by all and sees all.
    """
    time = torch.arange(length, device=device)
    mask = torch.ones(1 + length, 1 + length, dtype=torch.bool, device=device)
    mask[1:, 1:] = (time[:, None] - time[None]).abs() <= window // 2
    return mask


class SlidingWindowAttention(nn.Module):
    """Sliding-window attention with one global token (Beltagy et al. 2020, Longformer: The Long-Document Transformer).

    The global token, the first one, has a query, keys and values of its own projections; all other tokens use the
    common ones, also for the global token as what they see.

    Args:
        channels: channels of a token.
        heads: number of attention heads, a divisor of ``channels``.

    Shapes: ``tokens`` ``[B, N, channels]``, ``mask`` bool ``[B, N, N]`` -> ``[B, N, channels]``.

    Raises:
        InputError: If ``heads`` does not divide ``channels``.
    """

    def __init__(self, *, channels: int, heads: int) -> None:
        super().__init__()
        if channels % heads:
            fail("SlidingWindowAttention's channels", f"divide by its {heads} heads", channels)
        self.heads = heads
        self.qkv = nn.Linear(channels, 3 * channels)
        self.global_query = nn.Linear(channels, channels)
        self.global_key = nn.Linear(channels, channels)
        self.global_value = nn.Linear(channels, channels)
        self.proj = nn.Linear(channels, channels)

    def forward(self, tokens: Tensor, mask: Tensor) -> Tensor:
        mask = mask[:, None]  # [B, 1, N, N], the same for all heads
        query, key, value = (self._split(part) for part in self.qkv(tokens).chunk(3, 2))
        times = F.scaled_dot_product_attention(query[:, :, 1:], key, value, attn_mask=mask[:, :, 1:])
        global_token = F.scaled_dot_product_attention(
            self._split(self.global_query(tokens[:, :1])),
            self._split(self.global_key(tokens)),
            self._split(self.global_value(tokens)),
            attn_mask=mask[:, :, :1],
        )
        attended = torch.cat([global_token, times], 2)  # [B, heads, N, D]
        return self.proj(attended.transpose(1, 2).flatten(2))

    def _split(self, tokens: Tensor) -> Tensor:
        return tokens.unflatten(2, (self.heads, -1)).transpose(1, 2)  # [B, heads, N, D]
