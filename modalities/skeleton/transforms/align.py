"""From which side the body is seen does not matter."""

from __future__ import annotations

import torch
from torch import Tensor

from modalities.checks import fail
from modalities.registry import TRANSFORMS
from modalities.skeleton.layouts import Layout
from modalities.skeleton.transforms.affine import turn_about
from modalities.skeleton.transforms.center import anchor_of

_SMALLEST_SINE = 0.05  # of the angle between the two lines (3°): below it their plane is noise


@TRANSFORMS.register_module()
class AlignView:
    """Turn each sample so that its shoulders lie along x and its trunk stands upright, as seen from the front.

    After the preprocessing of NTU RGB+D (Shahroudy et al. 2016; Shi et al. 2019, Two-Stream Adaptive Graph
    Convolutional Networks). The shoulders' line goes from right to left, the trunk from the shoulders' middle to the
    hips', of the first person all of whose four joints are seen. One rotation about the root joint for all times and
    persons; a sample in which they are never seen, or lie on one line, is left as it is. It does not matter
    whether a mirror comes before or after. Afterwards y points down, whichever way it did; without ``upright`` it keeps
    its way, which must be one for all samples.

    Args:
        times: over how many of the first times at which the four joints are seen the lines are averaged; None for all.
        upright: stand the trunk upright; False turns only about the vertical axis, where the camera is level and a
            clip may begin with a bent or lying person.

    Shapes: ``[B, M, T, V, 3]``, bool ``[B, M, T, V]`` -> the same.

    Raises:
        InputError: if ``times`` is below 1; when called, if the layout has no depth, shoulders or hips.
    """

    def __init__(self, *, times: int | None = 1, upright: bool = True) -> None:
        if times is not None and times < 1:
            fail("AlignView.times", "be at least 1 or None", times)
        self.times, self.upright = times, upright

    def __call__(self, points: Tensor, seen: Tensor, layout: Layout) -> tuple[Tensor, Tensor]:
        if layout.dims != 3:
            fail("AlignView's layout", "have 3 dimensions", f"{layout.dims} of '{layout.name}'", "leave the step out")
        across, down = self._lines(points, seen, layout)
        if not self.upright:
            down = torch.tensor([0.0, 1.0, 0.0]).to(points).expand_as(down)
        return turn_about(points, facing(across, down), anchor_of(points, seen, layout)), seen

    def _lines(self, points: Tensor, seen: Tensor, layout: Layout) -> tuple[Tensor, Tensor]:
        """From right to left shoulder and from shoulders to hips; 0 where they are never seen, ``[B, 3]`` both."""
        corners = [layout.index(f"{side}_{part}") for part in ("shoulder", "hip") for side in ("left", "right")]
        whole = seen[..., corners].all(-1)  # [B, M, T]
        early = whole & (whole.cumsum(2) <= (self.times or whole.shape[2]))
        begins = torch.where(whole.any(2), whole.to(torch.uint8).argmax(2), whole.shape[2])  # [B, M]
        person = begins.argmin(1)  # the first of equal minima
        rows = torch.arange(len(points), device=points.device)
        left, right, left_hip, right_hip = points[rows, person][..., corners, :].unbind(-2)  # [B, T, 3] each
        lines = torch.stack([left - right, (left_hip + right_hip - left - right) / 2])  # [2, B, T, 3]
        mean = torch.where(early[rows, person][..., None], lines, 0.0).sum(2)  # its length does not matter
        return mean[0], mean[1]


def facing(across: Tensor, down: Tensor) -> Tensor:
    """The rotation that brings ``down`` to the y axis and ``across`` into the half-plane of x > 0.

    Identity where the two are not apart by 3° or one has no length.

    Shapes: ``[B, 3]`` both -> ``[B, 3, 3]``.
    """
    y = torch.nn.functional.normalize(down, dim=-1)
    x = across - (across * y).sum(-1, keepdim=True) * y
    apart = (x.norm(dim=-1) > _SMALLEST_SINE * across.norm(dim=-1)) & (down.norm(dim=-1) > 0)
    x = torch.nn.functional.normalize(x, dim=-1)
    turn = torch.stack([x, y, torch.linalg.cross(x, y)], -2)
    return torch.where(apart[:, None, None], turn, torch.eye(3).to(turn))
