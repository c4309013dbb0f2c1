"""Joints that were lost for a while."""

from __future__ import annotations

import torch
from torch import Tensor

from modalities.registry import TRANSFORMS
from modalities.skeleton.layouts import Layout


@TRANSFORMS.register_module()
class InterpolateMissing:
    """Interpolate a lost joint linearly between the times it was seen, and hold it before the first and after the last.

    A joint that a person never shows stays lost.
    """

    def __call__(self, points: Tensor, seen: Tensor, layout: Layout) -> tuple[Tensor, Tensor]:
        times = points.shape[2]
        clock = torch.arange(times, device=points.device)[:, None].expand_as(seen)  # [B, M, T, V]
        before = _running_max(torch.where(seen, clock, -1))
        after = -_running_max(torch.where(seen, -clock, -times).flip(2)).flip(2)
        before, after = torch.where(before < 0, after, before), torch.where(after >= times, before, after)
        before, after = before.clamp(0, times - 1), after.clamp(0, times - 1)
        share = ((clock - before) / (after - before).clamp(min=1))[..., None].to(points)
        filled = torch.lerp(_at(points, before), _at(points, after), share)
        filled = torch.where(seen[..., None], points, filled)
        return filled, seen.any(2, keepdim=True).expand_as(seen)


def _running_max(values: Tensor) -> Tensor:
    """The largest value up to each time; by doubling where it is exported, because ONNX has no ``cummax``."""
    if not torch.compiler.is_exporting():
        return values.cummax(2).values
    reach = 1
    while reach < values.shape[2]:
        later = torch.maximum(values[:, :, reach:], values[:, :, :-reach])
        values, reach = torch.cat([values[:, :, :reach], later], 2), 2 * reach
    return values


def _at(points: Tensor, index: Tensor) -> Tensor:
    return points.gather(2, index[..., None].expand_as(points))
