"""MS-TCN++: dual dilated layers that predict, and stages of dilated layers that refine."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from triad.modalities.checks import fail
from triad.modalities.encoder import EncoderOutput
from triad.modalities.registry import MODELS
from triad.modalities.video_encoders.temporal.sequence_network import SequenceNetwork, apply_layers, zero_invalid


@MODELS.register_module()
class MsTcnPlusPlus(SequenceNetwork):
    """Prediction generation stage of MS-TCN++ (Li et al. 2020, MS-TCN++: Multi-Stage Temporal Convolutional Network for
    Action Segmentation).

    Layer ``i`` of ``L`` convolves with dilations ``2^i`` and ``2^(L−1−i)``, so that every layer sees near and far
    times. The head of the stream is the stage's classifier; :class:`MsTcnRefinement` are the stages after it. An
    output depends on times before and after it.

    Args:
        in_channels: length of a feature vector.
        channels: channels of every layer.
        num_layers: number of layers; published: 11.
        dropout: dropout probability after each layer, 0–1; published: 0.5.

    Attributes:
        receptive_field: number of times that an output depends on.

    Shapes: ``data`` ``[B, in_channels, T]``, ``valid`` bool ``[B, T]`` -> ``map`` ``[B, channels, T]``.

    Raises:
        InputError: without a layer; on use, for data of another shape.
    """

    def __init__(self, *, in_channels: int, channels: int = 64, num_layers: int = 11, dropout: float = 0.5) -> None:
        super().__init__()
        if num_layers < 1:
            fail("MsTcnPlusPlus.num_layers", "be at least 1", num_layers)
        self.in_channels = in_channels
        self.out_channels = channels
        self.reduce = nn.Conv1d(in_channels, channels, 1)
        dilations = [(2 ** (num_layers - 1 - index), 2**index) for index in range(num_layers)]
        self.layers = nn.ModuleList(DualDilatedLayer(channels, pair, dropout) for pair in dilations)
        self.receptive_field = 1 + 2 * sum(max(pair) for pair in dilations)

    def run(self, data: Tensor, valid: Tensor) -> EncoderOutput:
        return EncoderOutput(apply_layers(self.reduce, self.layers, data, valid))


class DualDilatedLayer(nn.Module):
    """Residual layer of two dilated convolutions that are joined by a convolution of one time.

    Shapes: ``[B, C, T]``, bool ``[B, T]`` -> ``[B, C, T]``.
    """

    def __init__(self, channels: int, dilations: tuple[int, int], dropout: float) -> None:
        super().__init__()
        self.convs = nn.ModuleList(
            nn.Conv1d(channels, channels, 3, padding=dilation, dilation=dilation) for dilation in dilations
        )
        self.fusion = nn.Conv1d(2 * channels, channels, 1)
        self.dropout = nn.Dropout(dropout)

    def forward(self, features: Tensor, valid: Tensor) -> Tensor:
        both = torch.cat([conv(features) for conv in self.convs], dim=1)
        return zero_invalid(features + self.dropout(F.relu(self.fusion(both))), valid)


class DilatedLayer(nn.Module):
    """Residual layer of a dilated convolution, ReLU and a convolution of one time.

    Shapes: ``[B, C, T]``, bool ``[B, T]`` -> ``[B, C, T]``.
    """

    def __init__(self, channels: int, dilation: int, dropout: float) -> None:
        super().__init__()
        self.conv = nn.Conv1d(channels, channels, 3, padding=dilation, dilation=dilation)
        self.project = nn.Conv1d(channels, channels, 1)
        self.dropout = nn.Dropout(dropout)

    def forward(self, features: Tensor, valid: Tensor) -> Tensor:
        return zero_invalid(features + self.dropout(self.project(F.relu(self.conv(features)))), valid)


@MODELS.register_module()
class MsTcnRefinement(nn.Module):
    """Refinement stages of MS-TCN++, each a network over the probabilities of the stage before it.

    Between the stages stands a softmax, as published, or with ``multi_label`` a sigmoid.

    Args:
        in_channels: channels of the features, which no stage reads.
        num_classes: number of classes K.
        multi_label: whether a time may show several classes.
        channels: channels of every layer.
        num_stages: number of stages; published: 3.
        num_layers: number of layers of a stage, layer ``i`` of dilation ``2^i``; published: 10.
        dropout: dropout probability after each layer, 0–1.

    Shapes: logits ``[B, K, T]``, features ``[B, C, T]``, valid bool ``[B, T]`` -> ``num_stages`` times ``[B, K, T]``.
    """

    def __init__(
        self,
        *,
        in_channels: int,
        num_classes: int,
        multi_label: bool,
        channels: int = 64,
        num_stages: int = 3,
        num_layers: int = 10,
        dropout: float = 0.5,
    ) -> None:
        super().__init__()
        self.multi_label = multi_label
        self.stages = nn.ModuleList()
        for _ in range(num_stages):
            layers = [DilatedLayer(channels, 2**index, dropout) for index in range(num_layers)]
            reduce = nn.Conv1d(num_classes, channels, 1)
            classify = nn.Conv1d(channels, num_classes, 1)
            self.stages.append(nn.ModuleDict({"reduce": reduce, "layers": nn.ModuleList(layers), "classify": classify}))

    def forward(self, logits: Tensor, features: Tensor, valid: Tensor) -> list[Tensor]:
        outputs: list[Tensor] = []
        for stage in self.stages:
            modules: Any = stage  # ModuleList forgets that it is a ModuleDict
            probabilities = stage_probabilities(logits, valid, multi_label=self.multi_label)
            logits = modules["classify"](apply_layers(modules["reduce"], modules["layers"], probabilities, valid))
            outputs.append(logits)
        return outputs


def stage_probabilities(logits: Tensor, valid: Tensor, *, multi_label: bool) -> Tensor:
    """Return what a stage reads of the one before it: probabilities, zero at invalid times.

    Shapes: ``[B, K, T]``, bool ``[B, T]`` -> ``[B, K, T]``.
    """
    return zero_invalid(logits.sigmoid() if multi_label else logits.softmax(dim=1), valid)
