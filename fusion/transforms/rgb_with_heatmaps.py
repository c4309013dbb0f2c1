"""RGB frames with heat maps of joints or limbs as further channels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

import torch
from torch import Tensor

from triad.fusion.transforms.pixel_joints import check_aspect
from triad.modalities.checks import fail
from triad.modalities.device_constants import device_constant
from triad.modalities.registry import TRANSFORMS
from triad.modalities.rgb.transforms import RgbTransform
from triad.modalities.skeleton.layouts import get_layout
from triad.modalities.skeleton.transforms.apply_view import mirror_joints
from triad.modalities.skeleton.transforms.heatmaps import joint_heatmaps, limb_heatmaps
from triad.modalities.skeleton.transforms.image_places import image_places
from triad.modalities.warp import View


@TRANSFORMS.register_module()
class RgbWithHeatmaps(RgbTransform):
    """RGB frames and, behind their three channels, heat maps of the joints of a pose stream, for any video network.

    Each frame has the joints that are nearest to it in time, of all persons, moved by the sample's crop and flip. The
    maps are drawn as those of Duan et al. 2022, Revisiting Skeleton-based Action Recognition. Without a pose, or where
    no pixels of its joints are known, they are zero.

    Args:
        pose: name of the pose stream that is read.
        layout: name of its joint layout.
        frame_size: height and width of the frame that its pixels were read onto.
        size: height and width of the output, pixels.
        sigma: standard deviation of a spot, pixels of the output.
        limbs: True to draw the layout's bones instead of its joints.
        merge: True for one channel that holds the highest of all maps.
        use_score: True for spots as high as their joint's score, False for height 1.
        mean: as of :class:`~triad.modalities.rgb.transforms.RgbTransform`.
        std: as of :class:`~triad.modalities.rgb.transforms.RgbTransform`.

    Shapes: ``data`` uint8 ``[B, T, H, W, 3]``, ``valid`` ``[B, T]`` -> float ``[B, 3 + V, T, h, w]`` (``V − 1`` limbs,
    1 of ``merge``), ``[B, T]``.

    Raises:
        InputError: for an unknown layout or a spot without extent; on use, for a pose and a video whose frames have
            different aspect ratios.
    """

    takes_crops: ClassVar[bool] = False  # joints are placed in the whole frame

    def __init__(
        self,
        *,
        pose: str,
        layout: str,
        frame_size: Sequence[int],
        size: Sequence[int],
        sigma: float = 2.0,
        limbs: bool = False,
        merge: bool = False,
        use_score: bool = True,
        mean: Sequence[float] = (123.675, 116.28, 103.53),
        std: Sequence[float] = (58.395, 57.12, 57.375),
    ) -> None:
        super().__init__(size=size, mean=mean, std=std)
        if not sigma > 0:
            fail("RgbWithHeatmaps.sigma", "be positive", sigma)
        self.reads = (pose,)
        self.layout = get_layout(layout)
        self.frame_size = (frame_size[0], frame_size[1])
        self.sigma = sigma
        self.limbs = limbs
        self.merge = merge
        self.use_score = use_score

    @property
    def out_channels(self) -> int:
        """Number of channels: three colours and the maps."""
        if self.merge:
            return 4
        return 3 + (len(self.layout.bones) if self.limbs else self.layout.num_joints)

    def forward(
        self, entry: Mapping[str, Tensor], view: View, entries: Mapping[str, Mapping[str, Tensor]] | None = None
    ) -> tuple[Tensor, Tensor]:
        frames, valid = super().forward(entry, view)
        pose = (entries or {}).get(self.reads[0])
        if pose is None:
            batch, _, *sizes = frames.shape
            return torch.cat([frames, frames.new_zeros(batch, self.out_channels - 3, *sizes)], 1), valid
        check_aspect(self.frame_size, (entry["data"].shape[2], entry["data"].shape[3]))
        return torch.cat([frames, self._draw(pose, entry["times"], view).to(frames)], 1), valid

    def _draw(self, pose: Mapping[str, Tensor], times: Tensor, view: View) -> Tensor:
        """Return the maps at the times of the frames, float ``[B, C, T, h, w]``."""
        fractions, visible = image_places(pose, view, self.layout, self.frame_size)  # [B, M, S, V, 2]
        scores = pose["scores"]
        if isinstance(view, Mapping):
            scores = mirror_joints(scores, view["flip"] > 0, self.layout)
        heights = (scores if self.use_score else torch.ones_like(scores)) * visible
        if "present" in pose:
            heights = heights * pose["present"][:, None, None, None]
        nearest = (times[:, :, None] - pose["times"][:, None]).abs().argmin(2)  # [B, T]
        samples = torch.arange(len(nearest), device=nearest.device)[:, None]
        fractions = fractions.transpose(1, 2)[samples, nearest].transpose(1, 2)  # [B, M, T, V, 2]
        heights = heights.transpose(1, 2)[samples, nearest].transpose(1, 2)
        size = device_constant((self.size[1], self.size[0]), fractions.device, fractions.dtype)
        points = fractions * size - 0.5
        if self.limbs:
            maps = limb_heatmaps(points, heights, self.layout.bones, self.size, sigma=self.sigma)
        else:
            maps = joint_heatmaps(points, heights, self.size, sigma=self.sigma)
        return maps.amax(1, keepdim=True) if self.merge else maps
