"""Linear head: dropout and one linear layer."""

from __future__ import annotations

from torch import Tensor, nn

from triad.modalities.registry import MODELS


@MODELS.register_module()
class LinearHead(nn.Module):
    """Linear classifier of one vector a sample.

    Args:
        in_channels: length of the vector.
        num_classes: number of classes ``K``.
        dropout: dropout probability of a feature, 0–1.

    Shapes: ``[B, C]`` -> logits ``[B, K]``.
    """

    def __init__(self, *, in_channels: int, num_classes: int, dropout: float = 0.5) -> None:
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.fc = nn.Linear(in_channels, num_classes)

    def forward(self, features: Tensor) -> Tensor:
        return self.fc(self.dropout(features))
