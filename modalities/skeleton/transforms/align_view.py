"""Step that rotates every skeleton to face the camera."""

from __future__ import annotations

import torch
from torch import Tensor

from triad.modalities.checks import fail
from triad.modalities.device_constants import device_constant
from triad.modalities.registry import TRANSFORMS
from triad.modalities.skeleton.layouts import Layout
from triad.modalities.skeleton.transforms.moved_poses import MovedPoses, MovingStep

_LINES = (1.0, -1.0, 0.0, 0.0), (-0.5, -0.5, 0.5, 0.5)
"""Shoulder line and trunk line as sums of left and right shoulder, left and right hip."""
_MIN_SINE = 0.05  # of the angle between shoulder line and trunk (3°): below it their plane is noise


_TINY = 1e-12
_IDENTITY = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)


@TRANSFORMS.register_module()
class AlignView(MovingStep):
    """Rotate each sample so that its shoulders lie along x and its trunk is upright, as seen from the front.

    After the preprocessing of NTU RGB+D (Shahroudy et al. 2016; Shi et al. 2019, Two-Stream Adaptive Graph
    Convolutional Networks). The shoulder line runs from right to left, the trunk from the middle of the shoulders to
    the middle of the hips, both of the first person with all four joints visible. One rotation about the root joint
    serves all times and persons; a sample without such a person, or whose two lines coincide, is unchanged. A mirror
    before or after this step gives the same. Afterwards y points down, whatever its direction before; without
    ``upright`` it keeps its direction, which must be the same in all samples.

    Args:
        times: number of times with the four joints visible over which the lines are averaged, from the first; None
            for all.
        upright: True to stand the trunk upright; False to rotate about the vertical axis only, for level cameras and
            clips that may begin with a bent or lying person.

    Shapes: ``[B, M, T, V, 3]``, bool ``[B, M, T, V]`` -> the same.

    Raises:
        InputError: for ``times`` below 1; on use, for a layout without depth, shoulders or hips.
    """

    def __init__(self, *, times: int | None = 1, upright: bool = True) -> None:
        if times is not None and times < 1:
            fail("AlignView.times", "be at least 1 or None", times)
        self.times = times
        self.upright = upright

    def move(self, poses: MovedPoses) -> MovedPoses:
        layout = poses.layout
        if layout.dims != 3:
            fail("AlignView's layout", "have 3 dimensions", f"{layout.dims} of '{layout.name}'", "leave the step out")
        lines = self._body_lines(poses.points, poses.visible, layout)  # [B, 2, 3]
        linear, _ = poses.map()
        if linear is not None:
            lines = lines @ linear.mT
        across, down = lines.unbind(1)
        if not self.upright:
            down = device_constant((0.0, 1.0, 0.0), lines.device, lines.dtype).expand_as(down)
        return poses.turned(facing_rotation(across, down))

    def _body_lines(self, points: Tensor, visible: Tensor, layout: Layout) -> Tensor:
        """Return the shoulder line and the trunk line, ``[B, 2, 3]``, 0 where their joints are never visible."""
        joints = tuple(layout.index(f"{side}_{joint}") for joint in ("shoulder", "hip") for side in ("left", "right"))
        corners = device_constant(joints, points.device)
        batch, persons, times = visible.shape[:3]
        complete = visible[..., corners].all(-1)  # [B, M, T]
        averaged = complete & (complete.cumsum(2) <= (self.times or times))
        if persons > 1:  # only those of the first person who has them at the first time
            shown = complete.any(2)
            first_time = complete.to(torch.uint8).argmax(2).masked_fill(~shown, times)  # [B, M]
            person = first_time.argmin(1, keepdim=True)  # the first of equal minima
            averaged = averaged & (torch.arange(persons, device=points.device) == person)[..., None]
        total = averaged.flatten(1)[:, None].to(points) @ points[..., corners, :].flatten(1, 2).flatten(2)
        lines = device_constant(_LINES, points.device, points.dtype)
        return lines @ total.view(batch, len(joints), 3)  # only the direction matters


def facing_rotation(across: Tensor, down: Tensor) -> Tensor:
    """Return the rotation that brings ``down`` to the y axis and ``across`` into the half-plane x > 0.

    It is the identity where the two differ by less than 3° or one has no length.

    Shapes: ``[B, 3]`` both -> ``[B, 3, 3]``.
    """
    lengths = torch.stack([across, down]).norm(dim=-1, keepdim=True)  # [2, B, 1]
    y = down / lengths[1].clamp(min=_TINY)
    x = torch.addcmul(across, (across * y).sum(-1, keepdim=True), y, value=-1)
    height = x.norm(dim=-1, keepdim=True)
    x = x / height.clamp(min=_TINY)
    rotation = torch.stack([x, y, torch.linalg.cross(x, y)], -2)
    distinct = (height > _MIN_SINE * lengths[0]) & (lengths[1] > 0)  # [B, 1]
    return torch.where(distinct[..., None], rotation, device_constant(_IDENTITY, rotation.device, rotation.dtype))
