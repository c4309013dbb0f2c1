"""Multi-head self-attention."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn

from triad.modalities.checks import fail


class SelfAttention(nn.Module):
    r"""Multi-head self-attention (Vaswani et al. 2017, Attention Is All You Need).

    Of every token ``x_i`` a head makes a query ``q_i = W_q x_i``, a key ``k_i = W_k x_i`` and a value
    ``v_i = W_v x_i``; its output is ``y_i = Σ_j softmax_j(q_i · k_j / √D) v_j`` with ``D = channels / heads``. The
    outputs of the heads are concatenated and projected.

    Args:
        channels: channels of a token.
        heads: number of heads, a divisor of ``channels``.
        dropout: dropout probability of an attention weight, 0–1.

    Shapes: ``tokens`` ``[…, N, channels]``, ``mask`` bool ``[N, N]`` or, of each sample, ``[R, 1, N, N]`` or ``[R, 1,
    1, N]``, or None (True where token i sees token j) -> ``[…, N, channels]``.

    Raises:
        InputError: If ``heads`` does not divide ``channels``.
    """

    def __init__(self, *, channels: int, heads: int, dropout: float = 0.0) -> None:
        super().__init__()
        if channels % heads:
            fail("SelfAttention's channels", f"divide by its {heads} heads", channels)
        self.heads = heads
        self.dropout = dropout
        self.qkv = nn.Linear(channels, 3 * channels)
        self.proj = nn.Linear(channels, channels)

    def forward(self, tokens: Tensor, mask: Tensor | None = None) -> Tensor:
        batch = tokens.flatten(0, -3)  # [R, N, C]
        qkv = self.qkv(batch).unflatten(2, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)  # [3, R, heads, N, D]
        query, key, value = qkv.unbind(0)
        dropout = self.dropout if self.training else 0.0
        attended = F.scaled_dot_product_attention(query, key, value, attn_mask=mask, dropout_p=dropout)
        return self.proj(attended.transpose(1, 2).flatten(2)).reshape(tokens.shape)
