"""Batch normalisation of the input: each coordinate of each joint by itself, over the persons who are there."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from modalities.checks import fail


class DataNorm(nn.Module):
    """Batch normalisation over samples and times whose statistics absent persons do not enter.

    ST-GCN and ST-GCN++ normalise all persons alike; 2s-AGCN, AAGCN and CTR-GCN have a norm for each person's place.
    Where a place holds fewer than two values (nobody, or one person for one time), the running statistics serve and
    stay as they are. Parameters are named and ordered as those of ``BatchNorm1d`` over places, joints, channels.

    Args:
        joints, channels: sizes of the input.
        places: 1 for one norm for all persons, else the number of persons who have their own.

    Shapes: ``data`` ``[B, M, C, T, V]``, ``present`` bool ``[B, M]`` -> ``[B, M, C, T, V]``.

    Raises:
        InputError: if there are several places and more persons than places.
    """

    weight: nn.Parameter
    bias: nn.Parameter
    running_mean: Tensor
    running_var: Tensor
    num_batches_tracked: Tensor

    def __init__(self, joints: int, channels: int, *, places: int = 1) -> None:
        super().__init__()
        self.axes = (places, joints, channels)
        features = places * joints * channels
        self.weight = nn.Parameter(torch.ones(features))
        self.bias = nn.Parameter(torch.zeros(features))
        self.register_buffer("running_mean", torch.zeros(features))
        self.register_buffer("running_var", torch.ones(features))
        self.register_buffer("num_batches_tracked", torch.tensor(0))

    def forward(self, data: Tensor, present: Tensor) -> Tensor:
        places, persons = self.axes[0], data.shape[1]
        if 1 < places < persons:
            fail("skeleton data", f"hold at most {places} persons", persons, f"set person_norms={persons} or to 1")
        mean, var = self._per_feature(self.running_mean, persons), self._per_feature(self.running_var, persons)
        if self.training:
            mean, var = self._batch(data, present[:, :, None, None, None], mean, var)
        scale = self._per_feature(self.weight, persons) * (var + 1e-5).rsqrt()
        return data * scale + (self._per_feature(self.bias, persons) - mean * scale)

    def _per_feature(self, value: Tensor, persons: int) -> Tensor:
        """``[places · V · C]`` -> ``[1 or M, C, 1, V]``."""
        return value.view(self.axes)[:persons].transpose(1, 2)[:, :, None]

    def _batch(self, data: Tensor, present: Tensor, mean: Tensor, var: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and variance over those present; the running ones, which are given and updated, where they are few."""
        axes = (0, 3) if self.axes[0] > 1 else (0, 1, 3)
        count = present.sum(axes, keepdim=True)[0] * data.shape[3]  # [1 or M, 1, 1, 1]
        enough, divisor = count > 1, count.clamp(min=1)
        batch_mean = torch.where(present, data, 0).sum(axes, keepdim=True)[0] / divisor  # [1 or M, C, 1, V]
        batch_var = torch.where(present, data - batch_mean, 0).square().sum(axes, keepdim=True)[0] / divisor
        with torch.no_grad():
            unbiased = batch_var * divisor / (divisor - 1).clamp(min=1)
            for running, new in ((mean, batch_mean), (var, unbiased)):  # views of the buffers
                running.copy_(torch.where(enough, running.lerp(new.to(running.dtype), 0.1), running))
            self.num_batches_tracked += 1
        return torch.where(enough, batch_mean, mean.clone()), torch.where(enough, batch_var, var.clone())
