"""Shifts: a channel takes its value from another joint or another time, which costs no arithmetic."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from modalities.checks import fail


def shift_joints(x: Tensor, *, back: bool = False) -> Tensor:
    """Channel ``c`` of joint ``v`` becomes that of joint ``(v + c) mod V``; or of ``(v − c) mod V``, which undoes it.

    The non-local spatial shift of Cheng et al. 2020: after it, every joint has something of every other.

    Shapes: ``[L, V, C]`` -> ``[L, V, C]``.
    """
    joints, channels = x.shape[1:]
    return _Permute.apply(x, _sources(joints, channels, x.device, back), _sources(joints, channels, x.device, not back))


def shift_times(x: Tensor, shift: Tensor, *, stride: int = 1, reach: int = 4) -> Tensor:
    """Channel ``c`` at time ``t`` becomes that at time ``stride · t + shift[c]``, zero outside the clip.

    Between times it is interpolated linearly, so that there is a gradient with respect to the shift. A shift is then a
    convolution of each channel with a hat of width 2 around it, which is how it is computed.

    Args:
        x: map, channels last in memory.
        shift: in times.
        stride: step in time.
        reach: shifts are kept within plus and minus this.

    Shapes: ``[N, C, T, V]`` and ``[C]`` -> ``[N, C, ⌈T / stride⌉, V]``.
    """
    taps = torch.arange(-reach, reach + 1, device=x.device, dtype=shift.dtype)
    hat = (1 - (taps - shift.clamp(-reach, reach)[:, None]).abs()).clamp(min=0)  # [C, taps]
    weight = hat.to(x.dtype)[:, None, :, None]
    return F.conv2d(x, weight, stride=(stride, 1), padding=(reach, 0), groups=len(shift))


class TemporalShift(nn.Module):
    """A learned shift in time for each channel (Cheng et al. 2020, section 3.3.2), starting anywhere within ±1.

    Args:
        channels: of the map.
        stride: step in time; with 2, shifts count from the middle of a step.
        reach: the farthest shift, in times.
        step: the gradient of a shift is its sign times this, as in the published code, whatever the size of the batch
            and of the loss; None leaves it as it is.

    Shapes: ``[N, C, T, V]`` -> ``[N, C, ⌈T / stride⌉, V]``.

    Raises:
        InputError: if the reach is less than 1.
    """

    def __init__(self, channels: int, *, stride: int = 1, reach: int = 4, step: float | None = 0.01) -> None:
        super().__init__()
        if reach < 1:
            fail("TemporalShift.reach", "be at least 1", reach)
        self.stride, self.reach, self.step = stride, reach, step
        self.shift = nn.Parameter(torch.empty(channels).uniform_(-1, 1))

    def forward(self, x: Tensor) -> Tensor:
        shift = self.shift if self.step is None else _SignGradient.apply(self.shift, self.step)
        return shift_times(x, shift + (self.stride - 1) / 2, stride=self.stride, reach=self.reach)


def _sources(joints: int, channels: int, device: torch.device, back: bool) -> Tensor:
    """Where each of ``[V, C]`` comes from, as an index of the flattened pair. Shapes: ``[V·C]``."""
    joint = torch.arange(joints, device=device)[:, None]
    channel = torch.arange(channels, device=device)
    return ((joint + (-channel if back else channel)) % joints * channels + channel).flatten()


class _Permute(torch.autograd.Function):
    """A permutation of ``[V, C]``; its gradient is the inverse one, which autograd would add up entry by entry."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, index: Tensor, inverse: Tensor) -> Tensor:
        ctx.save_for_backward(index, inverse)
        return x.flatten(1).index_select(1, index).view(x.shape)

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, None, None]:
        index, inverse = ctx.saved_tensors
        return _Permute.apply(grad, inverse, index), None, None


class _SignGradient(torch.autograd.Function):
    """The identity, whose gradient is replaced by its sign times ``step``."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, step: float) -> Tensor:
        ctx.step = step
        return x.clone()

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, None]:
        return grad.sign() * ctx.step, None
