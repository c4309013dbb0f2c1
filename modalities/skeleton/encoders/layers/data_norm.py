"""Batch normalisation of skeleton input over the persons who are present."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from triad.modalities.checks import fail


class DataNorm(nn.Module):
    """Batch normalisation of each coordinate of each joint, whose statistics leave absent persons out.

    ST-GCN and ST-GCN++ have one norm for all persons; 2s-AGCN, AAGCN and CTR-GCN have one for the first person, one
    for the second. A norm that meets fewer than two values in a batch (nobody, or one person at one time) uses its
    running statistics and does not update them. Parameters are named and ordered as those of ``BatchNorm1d`` over
    persons, joints, channels.

    Args:
        joints: number of joints ``V``.
        channels: number of channels ``C``.
        person_norms: 1 for one norm for all persons, else the number of persons with a norm of their own.

    Shapes: ``data`` ``[B, M, C, T, V]``, ``present`` bool ``[B, M]`` -> ``[B, M, C, T, V]``.

    Raises:
        InputError: on use, if persons have norms of their own and there are more persons than norms.
    """

    weight: nn.Parameter
    bias: nn.Parameter
    running_mean: Tensor
    running_var: Tensor
    num_batches_tracked: Tensor

    def __init__(self, joints: int, channels: int, *, person_norms: int = 1) -> None:
        super().__init__()
        self.axes = (person_norms, joints, channels)
        features = person_norms * joints * channels
        self.weight = nn.Parameter(torch.ones(features))
        self.bias = nn.Parameter(torch.zeros(features))
        self.register_buffer("running_mean", torch.zeros(features))
        self.register_buffer("running_var", torch.ones(features))
        self.register_buffer("num_batches_tracked", torch.tensor(0))

    def forward(self, data: Tensor, present: Tensor) -> Tensor:
        norms = self.axes[0]
        persons = data.shape[1]
        if 1 < norms < persons:
            fail("skeleton data", f"hold at most {norms} persons", persons, f"set person_norms={persons} or to 1")
        mean = self._per_feature(self.running_mean, persons)
        var = self._per_feature(self.running_var, persons)
        if self.training:
            mean, var = self._batch_statistics(data, present[:, :, None, None, None], mean, var)
        scale = self._per_feature(self.weight, persons) * (var + 1e-5).rsqrt()
        return data * scale + (self._per_feature(self.bias, persons) - mean * scale)

    def normalise_persons(self, persons: Tensor) -> Tensor:
        """Return present persons after the one norm that they share, in one operation.

        It is that of :meth:`forward` for these persons, channels last in memory, and does not count the batch.

        Shapes: ``[N, C, T, V]`` -> the same.
        """
        n, channels, times, joints = persons.shape
        features = persons.permute(0, 2, 3, 1).reshape(n * times, joints * channels)  # ordered as the parameters
        from_batch = self.training and n * times > 1
        normalised = F.batch_norm(
            features, self.running_mean, self.running_var, self.weight, self.bias, from_batch, 0.1, 1e-5
        )
        return normalised.view(n, times, joints, channels).permute(0, 3, 1, 2)

    def _per_feature(self, value: Tensor, persons: int) -> Tensor:
        """Reshape ``[person_norms · V · C]`` to ``[1 or M, C, 1, V]``."""
        return value.view(self.axes)[:persons].transpose(1, 2)[:, :, None]

    def _batch_statistics(
        self, data: Tensor, present: Tensor, running_mean: Tensor, running_var: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Return mean and variance over present persons, and update the running ones; those serve where values lack."""
        axes = (0, 3) if self.axes[0] > 1 else (0, 1, 3)
        count = present.sum(axes, keepdim=True)[0] * data.shape[3]  # [1 or M, 1, 1, 1]
        enough = count > 1
        divisor = count.clamp(min=1)
        mean = torch.where(present, data, 0).sum(axes, keepdim=True)[0] / divisor  # [1 or M, C, 1, V]
        var = torch.where(present, data - mean, 0).square().sum(axes, keepdim=True)[0] / divisor
        with torch.no_grad():
            unbiased = var * divisor / (divisor - 1).clamp(min=1)
            for running, value in ((running_mean, mean), (running_var, unbiased)):  # views of the buffers
                running.copy_(torch.where(enough, running.lerp(value.to(running.dtype), 0.1), running))
            self.num_batches_tracked += 1
        return torch.where(enough, mean, running_mean.clone()), torch.where(enough, var, running_var.clone())
