"""ASFormer: a transformer over time whose attention widens from layer to layer, and decoders that refine."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from triad.modalities.checks import fail
from triad.modalities.encoder import EncoderOutput
from triad.modalities.registry import MODELS
from triad.modalities.video_encoders.temporal.ms_tcn_plus_plus import stage_probabilities
from triad.modalities.video_encoders.temporal.sequence_network import SequenceNetwork, zero_invalid

REDUCTION = 2
"""Factor by which queries, keys and values are narrower than features."""
DECAY = 3.0
"""Attention of decoder ``s`` is weighed by ``exp(−3 s)``."""


@MODELS.register_module()
class Asformer(SequenceNetwork):
    """Encoder of ASFormer (Yi et al. 2021, ASFormer: Transformer for Action Segmentation).

    Layer ``i`` is a convolution of dilation ``2^i`` and attention to the ``2^i`` times around each time. The head of
    the stream is the encoder's classifier; :class:`AsformerDecoders` are the decoders after it. There is no position
    encoding: the convolutions tell the order.

    Args:
        in_channels: length of a feature vector.
        channels: channels of every layer; published: 64.
        num_layers: number of layers; published: 10.
        channel_dropout: probability of leaving out a channel of the input, 0–1; published: 0.3.

    Attributes:
        receptive_field: number of times that an output depends on; an instance norm also reads the mean over all times.

    Shapes: ``data`` ``[B, in_channels, T]``, ``valid`` bool ``[B, T]`` -> ``map`` ``[B, channels, T]``.

    Raises:
        InputError: without a layer, or for an odd number of channels; on use, for data of another shape.
    """

    def __init__(
        self, *, in_channels: int, channels: int = 64, num_layers: int = 10, channel_dropout: float = 0.3
    ) -> None:
        super().__init__()
        _check_sizes("Asformer", channels, num_layers)
        self.in_channels = in_channels
        self.out_channels = channels
        self.dropout = nn.Dropout1d(channel_dropout)
        self.reduce = nn.Conv1d(in_channels, channels, 1)
        self.layers = nn.ModuleList(AttentionLayer(channels, 2**index, 1.0) for index in range(num_layers))

    def run(self, data: Tensor, valid: Tensor) -> EncoderOutput:
        features = zero_invalid(self.reduce(self.dropout(zero_invalid(data, valid))), valid)
        for layer in self.layers:
            features = layer(features, None, valid)
        return EncoderOutput(features)


@MODELS.register_module()
class AsformerDecoders(nn.Module):
    """Decoders of ASFormer, each over the probabilities of the stage before it, attending to that stage's features.

    Between the stages stands a softmax, as published, or with ``multi_label`` a sigmoid.

    Args:
        in_channels: channels of the encoder's features.
        num_classes: number of classes K.
        multi_label: whether a time may show several classes.
        num_decoders: number of decoders; published: 3.
        num_layers: number of layers of a decoder; published: 10.

    Shapes: logits ``[B, K, T]``, features ``[B, C, T]``, valid bool ``[B, T]`` -> ``num_decoders`` times ``[B, K, T]``.

    Raises:
        InputError: without a layer, or for an odd number of channels.
    """

    def __init__(
        self,
        *,
        in_channels: int,
        num_classes: int,
        multi_label: bool,
        num_decoders: int = 3,
        num_layers: int = 10,
    ) -> None:
        super().__init__()
        _check_sizes("AsformerDecoders", in_channels, num_layers)
        self.multi_label = multi_label
        self.reduce = nn.ModuleList(nn.Conv1d(num_classes, in_channels, 1) for _ in range(num_decoders))
        self.decoders = nn.ModuleList(
            nn.ModuleList(
                AttentionLayer(in_channels, 2**index, math.exp(-DECAY * number)) for index in range(num_layers)
            )
            for number in range(num_decoders)
        )
        self.classify = nn.ModuleList(nn.Conv1d(in_channels, num_classes, 1) for _ in range(num_decoders))

    def forward(self, logits: Tensor, features: Tensor, valid: Tensor) -> list[Tensor]:
        outputs: list[Tensor] = []
        for reduce, layers, classify in zip(self.reduce, self.decoders, self.classify, strict=True):
            hidden = zero_invalid(reduce(stage_probabilities(logits, valid, multi_label=self.multi_label)), valid)
            for layer in layers:  # type: ignore[attr-defined]  # ModuleList forgets the type
                hidden = layer(hidden, features, valid)
            logits = classify(hidden)
            features = hidden
            outputs.append(logits)
        return outputs


class AttentionLayer(nn.Module):
    """Dilated convolution and local attention, each with a residual connection.

    Args:
        channels: number of channels C.
        width: dilation of the convolution and number of times that a time attends to.
        weight: factor of the attention.

    Shapes: features ``[B, C, T]``, source of values ``[B, C, T]`` or None for the features themselves, valid bool
    ``[B, T]`` -> ``[B, C, T]``.
    """

    def __init__(self, channels: int, width: int, weight: float) -> None:
        super().__init__()
        self.width = width
        self.weight = weight
        inner = channels // REDUCTION
        self.conv = nn.Conv1d(channels, channels, 3, padding=width, dilation=width)
        self.query = nn.Conv1d(channels, inner, 1)
        self.key = nn.Conv1d(channels, inner, 1)
        self.value = nn.Conv1d(channels, inner, 1)
        self.expand = nn.Conv1d(inner, channels, 1)
        self.project = nn.Conv1d(channels, channels, 1)
        self.dropout = nn.Dropout(0.5)

    def forward(self, features: Tensor, source: Tensor | None, valid: Tensor) -> Tensor:
        hidden = F.relu(self.conv(features))
        normed = instance_norm(hidden, valid)
        values = self.value(normed if source is None else source)
        attended = local_attention(self.query(normed), self.key(normed), values, valid, width=self.width)
        hidden = self.weight * self.expand(F.relu(attended)) + hidden
        return zero_invalid(features + self.dropout(self.project(hidden)), valid)


def instance_norm(features: Tensor, valid: Tensor) -> Tensor:
    """Return the features of each channel with mean 0 and variance 1 over the valid times of a sample.

    Shapes: ``[B, C, T]``, bool ``[B, T]`` with a valid time in each row -> ``[B, C, T]``.
    """
    weight = valid[:, None].to(features.dtype)
    count = weight.sum(2, keepdim=True)
    mean = (features * weight).sum(2, keepdim=True) / count
    centred = (features - mean) * weight
    variance = centred.square().sum(2, keepdim=True) / count
    return centred * (variance + 1e-5).rsqrt()


def local_attention(query: Tensor, key: Tensor, value: Tensor, valid: Tensor, *, width: int) -> Tensor:
    """Return attention of each time to the ``width`` times around it, from ``t − ⌊width / 2⌋`` on.

    Times are taken in blocks, so that memory grows with their number and not with its square.

    Shapes: ``[B, C, T]`` each, valid bool ``[B, T]`` -> ``[B, C, T]``.
    """
    num_times = query.shape[2]
    block = min(width, num_times)
    before = min(width // 2, num_times - 1)
    after = min(width - 1 - width // 2, num_times - 1)
    missing = -num_times % block
    blocks = F.pad(query, (0, missing)).unflatten(2, (-1, block))  # [B, C, N, Q]

    def windows(values: Tensor) -> Tensor:
        return F.pad(values, (before, missing + after)).unfold(2, before + block + after, block)  # [B, C, N, S]

    keys, values = windows(key), windows(value)
    is_key = windows(valid[:, None].to(query.dtype))[:, 0, :, None] > 0  # [B, N, 1, S]
    position = torch.arange(before + block + after, device=query.device)
    start = torch.arange(block, device=query.device)[:, None]
    is_near = (position >= start) & (position <= start + before + after)  # [Q, S]
    scores = torch.einsum("bcnq,bcnk->bnqk", blocks, keys) / math.sqrt(query.shape[1])
    mask = is_key & is_near
    scores = scores.masked_fill(~mask, torch.finfo(scores.dtype).min)
    weights = scores.softmax(dim=-1) * mask  # a time without any key attends to nothing
    return torch.einsum("bnqk,bcnk->bcnq", weights, values).flatten(2)[:, :, :num_times]


def _check_sizes(network: str, channels: int, num_layers: int) -> None:
    if channels < REDUCTION or channels % REDUCTION:
        fail(f"channels of {network}", f"be a multiple of {REDUCTION}", channels)
    if num_layers < 1:
        fail(f"{network}.num_layers", "be at least 1", num_layers)
