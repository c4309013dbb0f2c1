"""Shift operations: a channel takes its value from another joint or another time, which needs no arithmetic."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from triad.modalities.checks import fail


def shift_joints(x: Tensor, *, back: bool = False) -> Tensor:
    """Take channel ``c`` of joint ``v`` from joint ``(v + c) mod V``, or, to undo it, from ``(v − c) mod V``.

    The non-local spatial shift of Cheng et al. 2020: after it, every joint has a channel of every other joint.

    Args:
        x: features of the joints.
        back: True for the inverse shift.

    Shapes: ``[L, V, C]`` -> ``[L, V, C]``.
    """
    joints, channels = x.shape[1:]
    sources = _source_index(joints, channels, x.device, back=back)
    return _Permute.apply(x, sources, _source_index(joints, channels, x.device, back=not back))


def shift_times(x: Tensor, shift: Tensor, *, stride: int = 1, reach: int = 4) -> Tensor:
    """Take channel ``c`` at time ``t`` from time ``stride · t + shift[c]``, zero outside the clip.

    Between times the value is interpolated linearly, so that the shift has a gradient. A shift is then a convolution
    of each channel with a triangle of width 2 around it, which is how it is computed.

    Args:
        x: feature map, channels last in memory.
        shift: shift of each channel, in times.
        stride: step in time.
        reach: largest shift; shifts are clamped to ±``reach``.

    Shapes: ``[N, C, T, V]`` and ``[C]`` -> ``[N, C, ⌈T / stride⌉, V]``.
    """
    taps = torch.arange(-reach, reach + 1, device=x.device, dtype=shift.dtype)
    triangle = (1 - (taps - shift.clamp(-reach, reach)[:, None]).abs()).clamp(min=0)  # [C, taps]
    weight = triangle.to(x.dtype)[:, None, :, None]
    return F.conv2d(x, weight, stride=(stride, 1), padding=(reach, 0), groups=len(shift))


class TemporalShift(nn.Module):
    """A learned shift in time for each channel (Cheng et al. 2020, section 3.3.2), initially random within ±1.

    Args:
        channels: number of channels.
        stride: step in time; with 2, shifts count from the middle of a step.
        reach: largest shift, in times.
        step: size of the gradient of a shift, whose sign alone is used, as in the published code, so that it depends
            neither on the batch size nor on the loss; None keeps the gradient.

    Shapes: ``[N, C, T, V]`` -> ``[N, C, ⌈T / stride⌉, V]``.

    Raises:
        InputError: for a ``reach`` below 1.
    """

    def __init__(self, channels: int, *, stride: int = 1, reach: int = 4, step: float | None = 0.01) -> None:
        super().__init__()
        if reach < 1:
            fail("TemporalShift.reach", "be at least 1", reach)
        self.stride = stride
        self.reach = reach
        self.step = step
        self.shift = nn.Parameter(torch.empty(channels).uniform_(-1, 1))

    def forward(self, x: Tensor) -> Tensor:
        shift = self.shift if self.step is None else _SignGradient.apply(self.shift, self.step)
        return shift_times(x, shift + (self.stride - 1) / 2, stride=self.stride, reach=self.reach)


def _source_index(joints: int, channels: int, device: torch.device, *, back: bool) -> Tensor:
    """Return the index in the flattened ``[V, C]`` that each of its elements is taken from, ``[V·C]``."""
    joint = torch.arange(joints, device=device)[:, None]
    channel = torch.arange(channels, device=device)
    return ((joint + (-channel if back else channel)) % joints * channels + channel).flatten()


class _Permute(torch.autograd.Function):
    """Permutation of ``[V, C]`` whose gradient is the inverse permutation; autograd would sum entry by entry."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, index: Tensor, inverse: Tensor) -> Tensor:
        ctx.save_for_backward(index, inverse)
        return x.flatten(1).index_select(1, index).view(x.shape)

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, None, None]:
        index, inverse = ctx.saved_tensors
        return _Permute.apply(grad, inverse, index), None, None


class _SignGradient(torch.autograd.Function):
    """Identity whose gradient is replaced by its sign times ``step``."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, step: float) -> Tensor:
        ctx.step = step
        return x.clone()

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, None]:
        return grad.sign() * ctx.step, None
