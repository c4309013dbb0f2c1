"""Step that fills gaps in the tracks of joints."""

from __future__ import annotations

import torch
from torch import Tensor

from triad.modalities.registry import TRANSFORMS
from triad.modalities.skeleton.layouts import Layout


@TRANSFORMS.register_module()
class InterpolateMissing:
    """Interpolate a missing joint linearly between visible times; repeat the first and the last visible position.

    A joint that a person never shows stays missing.
    """

    def __call__(self, points: Tensor, visible: Tensor, layout: Layout) -> tuple[Tensor, Tensor]:
        times = points.shape[2]
        time_index = torch.arange(times, device=points.device)[:, None]  # [T, 1]
        missing = ~torch.stack([visible, visible.flip(2)])  # [2, B, M, T, V], from both ends
        previous, later = _running_max(time_index.expand_as(missing).masked_fill(missing, -1), 3)
        following = (times - 1) - later.flip(2)
        start = torch.where(previous < 0, following, previous).clamp(max=times - 1)
        end = torch.where(following >= times, previous, following).clamp(min=0)
        fraction = ((time_index - start) / (end - start).clamp(min=1))[..., None].to(points)
        # at a visible time both ends are that time, so that the joint stays as it is
        interpolated = torch.lerp(_take_times(points, start), _take_times(points, end), fraction)
        return interpolated, visible.any(2, keepdim=True).expand_as(visible)


def _running_max(values: Tensor, axis: int) -> Tensor:
    """Return the largest value up to each time; by doubling in an exported graph, as ONNX has no ``cummax``."""
    if not torch.compiler.is_exporting():
        return values.cummax(axis).values
    reach = 1
    length = values.shape[axis]
    while reach < length:
        later = torch.maximum(values.narrow(axis, reach, length - reach), values.narrow(axis, 0, length - reach))
        values = torch.cat([values.narrow(axis, 0, reach), later], axis)
        reach *= 2
    return values


def _take_times(points: Tensor, index: Tensor) -> Tensor:
    return points.gather(2, index[..., None].expand_as(points))
