"""Transform from a batch of skeletons to the input of graph and recurrent networks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from triad.modalities.checks import check_choice, check_shape
from triad.modalities.registry import TRANSFORMS
from triad.modalities.skeleton.layouts import get_layout
from triad.modalities.skeleton.transforms.apply_view import apply_view, mirror_joints
from triad.modalities.skeleton.transforms.image_places import image_places
from triad.modalities.skeleton.transforms.moved_poses import MovedPoses, MovingStep
from triad.modalities.skeleton.transforms.noise import add_noise
from triad.modalities.skeleton.transforms.pose_step import PoseStep
from triad.modalities.skeleton.transforms.scores import SCORE_CHANNELS, score_channel
from triad.modalities.warp import View


@TRANSFORMS.register_module()
class SkeletonTransform(nn.Module):
    """Apply steps, the augmentation, then further steps, on the device for a whole batch.

    Joints that are not visible are 0 in the output. Steps that make samples alike (``AlignView``, ``ScaleByTorso``)
    undo the augmentation unless they come before it.

    Args:
        layout: name of the joint layout.
        frame_size: height and width of the frame that pixel joints were read onto; 2D joints stay in its pixels.
        steps: steps after the augmentation, as objects or configs of the classes in this folder.
        pre_steps: steps before the augmentation. After them 2D joints must still be in pixels.
        scores: description (``joint``, ``bone``, ``joint_motion``, ``bone_motion``) whose confidence becomes the last
            channel, see :func:`~triad.modalities.skeleton.transforms.scores.score_channel`; None for no such channel.

    ``forward`` without a view takes the whole frame without augmentation.

    Shapes: ``data`` ``[B, M, T, V, C]``, ``scores`` ``[B, M, T, V]``, ``valid`` bool ``[B, M, T]`` -> float
    ``[B, M, C, T, V]``, bool ``[B, M, T]``.

    Raises:
        InputError: for an unknown layout or score channel; on use, for joints of another layout.
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
        self.pre_steps = _build_steps(pre_steps)
        self.steps = _build_steps(steps)
        self.scores = None if scores is None else check_choice("SkeletonTransform.scores", scores, SCORE_CHANNELS)

    def forward(self, entry: Mapping[str, Tensor], view: View) -> tuple[Tensor, Tensor]:
        points = entry["data"]
        valid = entry["valid"]
        layout = self.layout
        name = f"skeleton batch of layout '{layout.name}'"
        check_shape(name, points, ["B", "M", "T", "V", "C"], V=layout.num_joints, C=layout.dims)
        visible = (entry["scores"] > 0) & valid[..., None]
        poses = _run_steps(self.pre_steps, MovedPoses(points, visible, layout))
        points, visible = apply_view(poses, view=view, frame_hw=self.frame_size, out_hw=self.frame_size)
        if isinstance(view, Mapping) and "noise" in view:
            points = points * visible[..., None]
            points = add_noise(points, visible, layout, sd=view["noise"], seed=view["noise_seed"])
        if self.steps:
            poses = _run_steps(self.steps, MovedPoses(points * visible[..., None], visible, layout))
            points, visible = poses.apply(), poses.visible
        channels = points * visible[..., None]
        if self.scores is not None:
            scores = entry["scores"] * valid[..., None]
            scores = mirror_joints(scores, view["flip"] > 0, layout) if isinstance(view, Mapping) else scores
            channels = torch.cat([channels, score_channel(self.scores, scores, layout)[..., None]], -1)
        return channels.permute(0, 1, 4, 2, 3), valid

    def places(self, entry: Mapping[str, Tensor], view: View) -> tuple[Tensor, Tensor]:
        """Return the joints as places of the picture, see :func:`image_places`."""
        return image_places(entry, view, self.layout, self.frame_size)


def _run_steps(steps: Sequence[PoseStep], poses: MovedPoses) -> MovedPoses:
    """Return the skeletons after all steps; those that only move them have been added to their map."""
    for step in steps:
        if isinstance(step, MovingStep):
            poses = step.move(poses)
        else:
            points, visible = step(poses.apply(), poses.visible, poses.layout)
            poses = MovedPoses(points, visible, poses.layout)
    return poses


def _build_steps(steps: Sequence[PoseStep | Mapping[str, Any]]) -> list[PoseStep]:
    return [TRANSFORMS.build(step) if isinstance(step, Mapping) else step for step in steps]
