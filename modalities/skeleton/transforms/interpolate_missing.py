"""Step that fills gaps in the tracks of joints."""

from __future__ import annotations

import torch
from torch import Tensor

from modalities.registry import TRANSFORMS
from modalities.skeleton.layouts import Layout


@TRANSFORMS.register_module()
class InterpolateMissing:
    """Interpolate a missing joint linearly between visible times; repeat the first and the last visible position.

    A joint that a person never shows stays missing.
    """

    def __call__(self, points: Tensor, visible: Tensor, layout: Layout) -> tuple[Tensor, Tensor]:
        times = points.shape[2]
        time_index = torch.arange(times, device=points.device)[:, None].expand_as(visible)  # [B, M, T, V]
        previous = _running_max(torch.where(visible, time_index, -1))
        following = -_running_max(torch.where(visible, -time_index, -times).flip(2)).flip(2)
        start = torch.where(previous < 0, following, previous).clamp(0, times - 1)
        end = torch.where(following >= times, previous, following).clamp(0, times - 1)
        fraction = ((time_index - start) / (end - start).clamp(min=1))[..., None].to(points)
        interpolated = torch.lerp(_take_times(points, start), _take_times(points, end), fraction)
        interpolated = torch.where(visible[..., None], points, interpolated)
        return interpolated, visible.any(2, keepdim=True).expand_as(visible)


def _running_max(values: Tensor) -> Tensor:
    """Return the largest value up to each time; by doubling in an exported graph, as ONNX has no ``cummax``."""
    if not torch.compiler.is_exporting():
        return values.cummax(2).values
    reach = 1
    while reach < values.shape[2]:
        later = torch.maximum(values[:, :, reach:], values[:, :, :-reach])
        values = torch.cat([values[:, :, :reach], later], 2)
        reach *= 2
    return values


def _take_times(points: Tensor, index: Tensor) -> Tensor:
    return points.gather(2, index[..., None].expand_as(points))
