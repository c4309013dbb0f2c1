"""Batch normalisation of maps that does not count its batches."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional as F


class BatchNorm2d(nn.BatchNorm2d):
    """``nn.BatchNorm2d`` whose ``num_batches_tracked`` stays as it is.

    The count serves a cumulative average alone, which nobody here uses; on a GPU it costs a launch for each norm and
    step.

    Shapes: ``[N, C, T, V]`` -> the same.
    """

    def forward(self, x: Tensor) -> Tensor:
        return F.batch_norm(
            x,
            self.running_mean,
            self.running_var,
            self.weight,
            self.bias,
            self.training,
            self.momentum or 0.0,
            self.eps,
        )
