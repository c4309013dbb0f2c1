"""Joint head over concatenated vectors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from triad.fusion.heads.joint import JointHead, JointOutput
from triad.modalities.registry import MODELS


@MODELS.register_module()
class ConcatHead(JointHead):
    """Linear layer, or a perceptron with one hidden layer, over the concatenated vectors of the streams.

    Args:
        in_channels, streams, placeholders: see :class:`JointHead`.
        num_classes: number of classes ``K``.
        hidden: channels of the hidden layer; None for a linear layer.
        dropout: dropout probability before each linear layer, 0–1.
    """

    def __init__(
        self,
        *,
        in_channels: Mapping[str, int],
        num_classes: int,
        streams: Sequence[str] = (),
        placeholders: bool = False,
        hidden: int | None = None,
        dropout: float = 0.5,
    ) -> None:
        super().__init__(in_channels=in_channels, streams=streams, placeholders=placeholders)
        channels = sum(self.in_channels.values())
        layers: list[nn.Module] = []
        if hidden is not None:
            layers = [nn.Dropout(dropout), nn.Linear(channels, hidden), nn.ReLU()]
        self.classifier = nn.Sequential(*layers, nn.Dropout(dropout), nn.Linear(hidden or channels, num_classes))

    def classify(self, vectors: Mapping[str, Tensor], present: Mapping[str, Tensor]) -> JointOutput:
        return JointOutput(self.classifier(torch.cat(list(vectors.values()), dim=1)))
