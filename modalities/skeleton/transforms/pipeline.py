"""Skeletons as networks read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from modalities.augmentation import SpatialAugmentation
from modalities.checks import check_choice, check_shape
from modalities.registry import TRANSFORMS
from modalities.skeleton.layouts import Layout, get_layout
from modalities.skeleton.transforms.apply_view import apply_view
from modalities.skeleton.transforms.base import PoseStep
from modalities.skeleton.transforms.noise import add_noise
from modalities.skeleton.transforms.scores import SCORES, scores_of
from modalities.warp import view_matrix


@TRANSFORMS.register_module()
class SkeletonTransform(nn.Module):
    """Steps, the view, then steps; on the device, a batch at once. Joints that were not seen are 0.

    What makes samples alike (``AlignView``, ``ScaleByTorso``) undoes what the view made different, unless it comes
    before.

    Args:
        layout: name of the joint layout.
        frame_size: height and width of the canvas that pixel joints were read onto; 2D joints stay in its pixels.
        steps: what the classes of this folder do, as objects or as configs of them.
        pre_steps: the same, before the view. 2D joints must still be in pixels after them.
        scores: the stream (``joint``, ``bone``, ``joint_motion``, ``bone_motion``) whose scores become the last
            channel, see :func:`scores_of`; none without.

    ``forward`` without a view shows the whole canvas as it is.

    Shapes: ``data`` ``[B, M, T, V, C]``, ``scores`` ``[B, M, T, V]``, ``valid`` bool ``[B, M, T]`` -> float
    ``[B, M, C, T, V]``, bool ``[B, M, T]``.

    Raises:
        InputError: if the joints are not the layout's, or there is no such stream of scores.
    """

    def __init__(
        self,
        *,
        layout: str,
        frame_size: Sequence[int],
        steps: Sequence[PoseStep | Mapping[str, Any]] = (),
        pre_steps: Sequence[PoseStep | Mapping[str, Any]] = (),
        scores: str | None = None,
    ) -> None:
        super().__init__()
        self.layout = get_layout(layout)
        self.frame_size = (frame_size[0], frame_size[1])
        self.pre_steps, self.steps = (
            [TRANSFORMS.build(step) if isinstance(step, Mapping) else step for step in own]
            for own in (pre_steps, steps)
        )
        self.scores = None if scores is None else check_choice("SkeletonTransform.scores", scores, SCORES)

    def forward(self, entry: Mapping[str, Tensor], view: Mapping[str, Tensor] | None) -> tuple[Tensor, Tensor]:
        points, valid, layout = entry["data"], entry["valid"], self.layout
        name = f"skeleton batch of layout '{layout.name}'"
        check_shape(name, points, ["B", "M", "T", "V", "C"], V=layout.num_joints, C=layout.dims)
        seen = (entry["scores"] > 0) & valid[..., None]
        scores = entry["scores"] * valid[..., None]
        for step in self.pre_steps:
            points, seen = step(points, seen, layout)
        points, seen, scores = apply_view_to_poses(points, seen, scores, layout, view=view, frame_size=self.frame_size)
        for step in self.steps:
            points, seen = step(points, seen, layout)
        channels = points * seen[..., None]
        if self.scores is not None:
            channels = torch.cat([channels, scores_of(self.scores, scores, layout)[..., None]], -1)
        return channels.permute(0, 1, 4, 2, 3), valid


def apply_view_to_poses(
    points: Tensor,
    seen: Tensor,
    scores: Tensor,
    layout: Layout,
    *,
    view: Mapping[str, Tensor] | None,
    frame_size: tuple[int, int],
    out: tuple[int, int] | None = None,
) -> tuple[Tensor, Tensor, Tensor]:
    """Joints and their scores through each sample's whole view, noise included.

    Args:
        points: joints; those that were not seen become 0.
        seen: which of them were.
        scores: how surely.
        layout: their layout.
        view: fields of :class:`modalities.augmentation.SpatialAugmentation`, ``[B]`` each; None: the
            whole canvas, as ``View()``.
        frame_size: height and width of the canvas on which pixel joints lie.
        out: height and width onto which the view shows them; the canvas's without.

    Shapes: ``[B, M, T, V, C]``, bool ``[B, M, T, V]``, ``[B, M, T, V]`` -> the same.
    """
    if view is None:
        if layout.dims == 2:
            matrix = torch.tensor(
                SpatialAugmentation().matrix(frame_size, out or frame_size), dtype=points.dtype, device=points.device
            )
            points = points * matrix.diagonal() + matrix[:, 2]
        return points * seen[..., None], seen, scores
    flip = view["flip"] > 0
    points, seen = apply_view(
        points,
        seen,
        layout,
        matrix=view_matrix(view, frame_size, out or frame_size),
        flip=flip,
        rotate=view["rotate"],
        tilt=view["tilt"],
        roll=view["roll"],
        scale=view["scale"],
    )
    points = add_noise(points, seen, layout, sd=view["noise"], seed=view["noise_seed"])
    return points, seen, torch.where(flip[:, None, None, None], scores[..., list(layout.mirror_index)], scores)
