"""PDAN: layers of attention to the neighbours at a growing distance in time."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from triad.modalities.checks import fail
from triad.modalities.encoder import EncoderOutput
from triad.modalities.registry import MODELS
from triad.modalities.video_encoders.temporal.sequence_network import SequenceNetwork, apply_layers, zero_invalid

KERNEL_SIZE = 3


@MODELS.register_module()
class Pdan(SequenceNetwork):
    """Pyramid dilated attention network (Dai et al. 2021, PDAN: Pyramid Dilated Attention Network for Action
    Detection), the baseline of Toyota Smarthome Untrimmed.

    Layer ``i`` weighs, channel by channel, a time and the two at a distance of ``2^i`` by their likeness to it, where a
    dilated convolution would have weights of its own. An output depends on ``1 + 2 (2^L − 1)`` times around it.

    Args:
        in_channels: length of a feature vector.
        channels: channels of every layer; published: 512.
        num_layers: number of layers L; published: 5.
        dropout: dropout probability after each layer, 0–1; published: 0.5.

    Attributes:
        receptive_field: number of times that an output depends on.

    Shapes: ``data`` ``[B, in_channels, T]``, ``valid`` bool ``[B, T]`` -> ``map`` ``[B, channels, T]``.

    Raises:
        InputError: without a layer; on use, for data of another shape.
    """

    def __init__(self, *, in_channels: int, channels: int = 512, num_layers: int = 5, dropout: float = 0.5) -> None:
        super().__init__()
        if num_layers < 1:
            fail("Pdan.num_layers", "be at least 1", num_layers)
        self.in_channels = in_channels
        self.out_channels = channels
        self.receptive_field = 1 + 2 * (2**num_layers - 1)
        self.reduce = nn.Conv1d(in_channels, channels, 1)
        self.blocks = nn.ModuleList(PdanBlock(channels, 2**index, dropout) for index in range(num_layers))

    def run(self, data: Tensor, valid: Tensor) -> EncoderOutput:
        return EncoderOutput(apply_layers(self.reduce, self.blocks, data, valid))


class PdanBlock(nn.Module):
    """Residual block of dilated attention and a convolution of one time.

    Shapes: ``[B, C, T]``, bool ``[B, T]`` -> ``[B, C, T]``.
    """

    def __init__(self, channels: int, dilation: int, dropout: float) -> None:
        super().__init__()
        self.attention = DilatedAttention(channels, dilation)
        self.project = nn.Conv1d(channels, channels, 1)
        self.dropout = nn.Dropout(dropout)

    def forward(self, features: Tensor, valid: Tensor) -> Tensor:
        attended = self.dropout(self.project(F.relu(self.attention(features))))
        return zero_invalid(features + attended, valid)


class DilatedAttention(nn.Module):
    """Attention of a time to itself and two others, in each channel by itself, with a learned offset for each of them.

    Args:
        channels: number of channels.
        dilation: distance of the others.

    Shapes: ``[B, C, T]`` -> ``[B, C, T]``.
    """

    def __init__(self, channels: int, dilation: int) -> None:
        super().__init__()
        self.dilation = dilation
        self.query = nn.Conv1d(channels, channels, 1, bias=False)
        self.key = nn.Conv1d(channels, channels, 1, bias=False)
        self.value = nn.Conv1d(channels, channels, 1, bias=False)
        self.offsets = nn.Parameter(torch.randn(channels, 1, KERNEL_SIZE))
        for conv in (self.query, self.key, self.value):
            nn.init.kaiming_normal_(conv.weight, mode="fan_out")

    def forward(self, features: Tensor) -> Tensor:
        queries = self.query(features)[..., None]  # [B, C, T, 1]
        keys = self._neighbours(self.key(features))  # [B, C, T, 3]
        values = self._neighbours(self.value(features)) + self.offsets
        return ((queries * keys).softmax(dim=-1) * values).sum(-1)

    def _neighbours(self, values: Tensor) -> Tensor:
        """Return each time and the two at the distance of the dilation, zero past the ends: ``[B, C, T, 3]``."""
        num_times = values.shape[2]
        padded = F.pad(values, (self.dilation, self.dilation))
        starts = (0, self.dilation, 2 * self.dilation)
        return torch.stack([padded[:, :, start : start + num_times] for start in starts], dim=-1)
