"""Step that removes the size of the body and its distance from the camera."""

from __future__ import annotations

import torch
from torch import Tensor

from triad.modalities.device_constants import device_constant
from triad.modalities.registry import TRANSFORMS
from triad.modalities.skeleton.layouts import Layout
from triad.modalities.skeleton.transforms.moved_poses import MovedPoses, MovingStep


@TRANSFORMS.register_module()
class ScaleByTorso(MovingStep):
    """Divide each sample by the median length of its torsos; a sample without a complete torso is unchanged."""

    def move(self, poses: MovedPoses) -> MovedPoses:
        return poses.divided(torso_length(poses.points, poses.visible, poses.layout, size=poses.size))


def torso_length(points: Tensor, visible: Tensor, layout: Layout, *, size: Tensor | None = None) -> Tensor:
    """Return the median torso length of each sample; 1 where no torso is complete.

    Args:
        points: joints.
        visible: mask of the joints that were measured.
        layout: joint layout.
        size: factor of all lengths of a sample, ``[B]``; None for 1.

    Shapes: ``[B, M, T, V, C]``, bool ``[B, M, T, V]`` -> ``[B]``.
    """
    joints = device_constant((*layout.torso[0], *layout.torso[1]), points.device)
    signs = [sign / len(group) for sign, group in zip((1, -1), layout.torso, strict=True) for _ in group]
    torso = device_constant(tuple(signs), points.device, points.dtype) @ points[..., joints, :]  # [B, M, T, C]
    complete = visible[..., joints].all(-1)  # [B, M, T]
    lengths = torso.norm(dim=-1).masked_fill(~complete, torch.inf).flatten(1).sort(1).values
    middle = (complete.flatten(1).sum(1, keepdim=True) - 1).clamp(min=0) // 2  # the lower of two
    length = lengths.gather(1, middle)[:, 0]  # [B], infinite where there is none
    length = length if size is None else length * size
    return length.masked_fill((length == 0) | (length == torch.inf), 1.0)
