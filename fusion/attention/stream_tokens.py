"""Feature maps of any axes as tokens of one width, and back."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from triad.fusion.models import FeatureShape, StreamFeatures
from triad.modalities.valid_times import valid_or_all
from triad.modalities.video_encoders.transformers.layers import resize_times


class StreamTokens(nn.Module):
    """Linear projection of a map to tokens of one width, with a learned embedding of their time and place.

    Every time and place, token or joint of a map is a token. Persons are tokens too, without an embedding of their own,
    so that their order means nothing. Embeddings of times are interpolated for clips of another length.

    Args:
        shape: shape of the stream's features, of any axes.
        width: channels of a token.

    Shapes: map ``[P, …]`` -> ``[P, N, width]`` and bool ``[P, N]``, False for tokens of times and persons that are not
    valid; all are True where a sample has no valid time.
    """

    def __init__(self, shape: FeatureShape, width: int) -> None:
        super().__init__()
        self.axes = shape.axes
        self.places = [size for axis, size in zip(shape.axes[1:], shape.sizes, strict=True) if axis not in "CMT"]
        self.projection = nn.Linear(shape.channels, width)
        self.positions = nn.Parameter(torch.zeros(math.prod(self.places), shape.size("T"), width))
        nn.init.trunc_normal_(self.positions, std=0.02)

    def forward(self, features: StreamFeatures) -> tuple[Tensor, Tensor]:
        axes = self.axes
        values = features.map if "M" in axes else features.map.unsqueeze(1)  # [P, M, …]
        channel = axes.index("C") + ("M" not in axes)
        tokens = self.projection(values.movedim(channel, -1))  # [P, M, T, places …, width]
        if "T" not in axes:
            return tokens + self.positions[0], torch.ones_like(tokens[..., 0], dtype=torch.bool)
        positions = resize_times(self.positions, tokens.shape[2], mode="linear").transpose(0, 1)
        tokens = tokens + positions.reshape(tokens.shape[2:])
        valid = features.valid if "M" in axes else features.valid[:, None]  # [P, M, T]
        valid = valid.reshape(*valid.shape, *[1] * (tokens.ndim - 4)).expand(tokens.shape[:-1])
        return tokens.flatten(1, -2), valid_or_all(valid.flatten(1))

    def to_map(self, tokens: Tensor, features: StreamFeatures) -> Tensor:
        """Return tokens in the axes of the stream's map: ``[P, N, width]`` -> ``[P, …]`` with ``width`` channels."""
        sizes = [size for axis, size in zip(self.axes, features.map.shape, strict=True) if axis not in "BC"]
        channel = self.axes.index("C")
        if not sizes:
            return tokens[:, 0]
        return tokens.unflatten(1, sizes).movedim(-1, channel)
