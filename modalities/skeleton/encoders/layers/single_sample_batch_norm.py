"""Batch normalisation that bears a batch of one value."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional as F


class SingleSampleBatchNorm1d(nn.BatchNorm1d):
    """Batch normalisation; a single value a channel has no variance, so that running statistics stand in for it.

    One clip of one frame is such a batch where the joints are not among the values.

    Shapes: ``[N, C]`` or ``[N, C, T]`` -> the same.
    """

    def forward(self, x: Tensor) -> Tensor:
        if self.training and x.numel() == x.shape[1]:
            return F.batch_norm(x, self.running_mean, self.running_var, self.weight, self.bias, eps=self.eps)
        return super().forward(x)
