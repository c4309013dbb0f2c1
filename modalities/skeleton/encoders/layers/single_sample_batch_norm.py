"""Batch normalisation that accepts a batch with one value a channel."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional as F


class SingleSampleBatchNorm1d(nn.BatchNorm1d):
    """Batch normalisation that uses the running statistics where a channel has one value and so no variance.

    One clip of one frame is such a batch where joints are pooled.

    Shapes: ``[N, C]`` or ``[N, C, T]`` -> the same.
    """

    def forward(self, x: Tensor) -> Tensor:
        if self.training and x.numel() == x.shape[1]:
            return F.batch_norm(x, self.running_mean, self.running_var, self.weight, self.bias, eps=self.eps)
        return super().forward(x)
