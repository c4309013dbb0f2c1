"""Step that rotates every skeleton to face the camera."""

from __future__ import annotations

import torch
from torch import Tensor

from modalities.checks import fail
from modalities.registry import TRANSFORMS
from modalities.skeleton.layouts import Layout
from modalities.skeleton.transforms.affine import rotate_about
from modalities.skeleton.transforms.center_on_root import root_anchor

_MIN_SINE = 0.05  # of the angle between shoulder line and trunk (3°): below it their plane is noise


@TRANSFORMS.register_module()
class AlignView:
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

    def __call__(self, points: Tensor, visible: Tensor, layout: Layout) -> tuple[Tensor, Tensor]:
        if layout.dims != 3:
            fail("AlignView's layout", "have 3 dimensions", f"{layout.dims} of '{layout.name}'", "leave the step out")
        shoulders, trunk = self._body_lines(points, visible, layout)
        if not self.upright:
            trunk = torch.tensor([0.0, 1.0, 0.0]).to(points).expand_as(trunk)
        rotation = facing_rotation(shoulders, trunk)
        return rotate_about(points, rotation, root_anchor(points, visible, layout)), visible

    def _body_lines(self, points: Tensor, visible: Tensor, layout: Layout) -> tuple[Tensor, Tensor]:
        """Return the shoulder line and the trunk line, ``[B, 3]`` each, 0 where their joints are never visible."""
        corners = [layout.index(f"{side}_{joint}") for joint in ("shoulder", "hip") for side in ("left", "right")]
        complete = visible[..., corners].all(-1)  # [B, M, T]
        averaged = complete & (complete.cumsum(2) <= (self.times or complete.shape[2]))
        first_time = torch.where(complete.any(2), complete.to(torch.uint8).argmax(2), complete.shape[2])  # [B, M]
        person = first_time.argmin(1)  # the first of equal minima
        rows = torch.arange(len(points), device=points.device)
        left, right, left_hip, right_hip = points[rows, person][..., corners, :].unbind(-2)  # [B, T, 3] each
        lines = torch.stack([left - right, (left_hip + right_hip - left - right) / 2])  # [2, B, T, 3]
        total = torch.where(averaged[rows, person][..., None], lines, 0.0).sum(2)  # only the direction matters
        return total[0], total[1]


def facing_rotation(across: Tensor, down: Tensor) -> Tensor:
    """Return the rotation that brings ``down`` to the y axis and ``across`` into the half-plane x > 0.

    It is the identity where the two differ by less than 3° or one has no length.

    Shapes: ``[B, 3]`` both -> ``[B, 3, 3]``.
    """
    y = torch.nn.functional.normalize(down, dim=-1)
    x = across - (across * y).sum(-1, keepdim=True) * y
    distinct = (x.norm(dim=-1) > _MIN_SINE * across.norm(dim=-1)) & (down.norm(dim=-1) > 0)
    x = torch.nn.functional.normalize(x, dim=-1)
    rotation = torch.stack([x, y, torch.linalg.cross(x, y)], -2)
    return torch.where(distinct[:, None, None], rotation, torch.eye(3).to(rotation))
