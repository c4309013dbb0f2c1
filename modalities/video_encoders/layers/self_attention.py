"""Multi-head self-attention over the places and times of a feature map."""

from __future__ import annotations

from torch import Tensor, nn

from triad.modalities.checks import fail
from triad.modalities.registry import MODELS
from triad.modalities.video_encoders.layers.attention_block import Attended, AttentionBlock


@MODELS.register_module()
class SelfAttention3d(AttentionBlock):
    """Multi-head self-attention (Vaswani et al. 2017) over all positions of space-time, added to the map.

    torch's own ``MultiheadAttention`` after a LayerNorm, as in a Transformer's block; its last layer starts at zero, so
    that the block starts as the identity. Positions are not encoded: the convolutions before it know them.

    Its fused computation has no weights to show; :meth:`weights` computes them apart.

    Args:
        channels: channels of the map.
        heads: number of heads, a divisor of ``channels``.

    Shapes: ``[B, C, T, H, W]`` -> the same.

    Raises:
        InputError: If ``heads`` does not divide ``channels``.
    """

    def __init__(self, *, channels: int, heads: int = 8) -> None:
        super().__init__()
        if channels % heads:
            fail("SelfAttention3d's channels", f"divide by its {heads} heads", channels)
        self.norm = nn.LayerNorm(channels)
        self.attention = nn.MultiheadAttention(channels, heads, batch_first=True)
        nn.init.zeros_(self.attention.out_proj.weight)

    def forward(self, data: Tensor) -> Attended:
        tokens = self._tokens(data)
        attended, _ = self.attention(tokens, tokens, tokens, need_weights=False)  # [B, N, C]
        return Attended(data + attended.transpose(1, 2).unflatten(2, data.shape[2:]), {})

    def weights(self, data: Tensor) -> Tensor:
        """Return how much every position reads of every other, the mean over heads.

        Shapes: ``[B, C, T, H, W]`` -> ``[B, N, N]``, ``N = T · H · W``.
        """
        tokens = self._tokens(data)
        return self.attention(tokens, tokens, tokens, need_weights=True)[1]

    def _tokens(self, data: Tensor) -> Tensor:
        return self.norm(data.flatten(2).transpose(1, 2))  # [B, N, C]
