"""Non-local block: every place and time reads all others."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from triad.modalities.checks import check_choice
from triad.modalities.registry import MODELS
from triad.modalities.video_encoders.layers.attention_block import Attended, AttentionBlock

MODES = ("gaussian", "embedded_gaussian", "dot_product", "concatenation")


@MODELS.register_module()
class NonLocal(AttentionBlock):
    r"""Non-local block (Wang et al. 2018, Non-local Neural Networks) over the positions ``i`` of space-time.

    ``z_i = W Σ_j w_ij g(x_j) + x_i`` with linear ``g`` to half of the channels, and weights ``w_ij`` in four forms:

    - ``gaussian``: ``softmax_j(x_i · x_j)``,
    - ``embedded_gaussian``: ``softmax_j(θ(x_i) · φ(x_j))``, which is self-attention with one head,
    - ``dot_product``: ``θ(x_i) · φ(x_j) / N``, N the number of positions ``j``,
    - ``concatenation``: ``relu(v · [θ(x_i), φ(x_j)]) / N`` with a vector ``v``.

    ``W`` ends in a norm whose scale starts at zero: the block starts as the identity.

    Args:
        channels: channels of the map.
        mode: form of the weights.
        sub_sample: option to take the maximum over 2×2 places of what is read, ``g`` and ``φ``, for a quarter of the
            cost.
        use_scale: option to divide the products of ``embedded_gaussian`` by the root of their length, as Transformers
            do.

    Shapes: ``[B, C, T, H, W]`` -> the same; weights ``read`` ``[B, T, H', W']``, how much of each place is read, the
    mean over all readers, at half the height and width if sub-sampled.

    Raises:
        InputError: for an unknown mode.
    """

    def __init__(
        self, *, channels: int, mode: str = "embedded_gaussian", sub_sample: bool = True, use_scale: bool = False
    ) -> None:
        super().__init__()
        self.mode = check_choice("NonLocal.mode", mode, MODES)
        self.sub_sample = sub_sample
        inner = channels // 2
        self.scale = inner**-0.5 if use_scale and mode == "embedded_gaussian" else 1.0
        if mode != "gaussian":
            self.theta = nn.Conv3d(channels, inner, 1)
            self.phi = nn.Conv3d(channels, inner, 1)
        self.g = nn.Conv3d(channels, inner, 1)
        if mode == "concatenation":
            self.pair = nn.Linear(2 * inner, 1, bias=False)
        self.out = nn.Conv3d(inner, channels, 1, bias=False)
        self.bn = nn.BatchNorm3d(channels)
        for module in self.modules():
            if isinstance(module, nn.Conv3d):
                nn.init.normal_(module.weight, std=0.01)
                if module.bias is not None:
                    nn.init.zeros_(module.bias)
        nn.init.zeros_(self.bn.weight)

    def forward(self, data: Tensor) -> Attended:
        attended, weights = self.attend(data)
        grid = self._pool(data[:, :1]).shape[2:]
        return Attended(attended, {"read": weights.mean(1).unflatten(1, grid)})

    def attend(self, data: Tensor) -> tuple[Tensor, Tensor]:
        """Return the map and :meth:`weights`: ``[B, C, T, H, W]`` -> the same, ``[B, N, N']``."""
        values = self._pool(self.g(data))  # [B, C / 2, T, H', W']
        weights = self.weights(data)
        read = weights @ values.flatten(2).transpose(1, 2)  # [B, N, C / 2]
        grid = read.transpose(1, 2).unflatten(2, data.shape[2:])
        return data + self.bn(self.out(grid)), weights

    def weights(self, data: Tensor) -> Tensor:
        """Return how much every position reads of every other.

        Shapes: ``[B, C, T, H, W]`` -> ``[B, N, N']``, ``N = T · H · W`` readers and, if sub-sampled, fewer positions
        that are read.
        """
        if self.mode == "gaussian":
            query, key = data, self._pool(data)
        else:
            query, key = self.theta(data), self._pool(self.phi(data))
        query = query.flatten(2).transpose(1, 2)  # [B, N, C']
        key = key.flatten(2)  # [B, C', N']
        if self.mode == "concatenation":
            query_part, key_part = self.pair.weight.chunk(2, 1)  # [1, C'] each: v · [θ, φ] is a sum of two products
            return torch.relu(query @ query_part.mT + key_part @ key) / key.shape[2]
        if self.mode == "dot_product":
            return query @ key / key.shape[2]
        return torch.softmax(query @ key * self.scale, 2)

    def _pool(self, data: Tensor) -> Tensor:
        return F.max_pool3d(data, (1, 2, 2)) if self.sub_sample else data
