"""Skeletons as video networks read them: maps of where each joint is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from torch import Tensor, nn

from modalities.checks import check_shape, fail
from modalities.registry import TRANSFORMS
from modalities.skeleton.layouts import get_layout
from modalities.skeleton.transforms.heatmaps import joint_heatmaps, limb_heatmaps
from modalities.skeleton.transforms.person_crop import person_crop
from modalities.skeleton.transforms.pipeline import apply_view_to_poses


@TRANSFORMS.register_module()
class HeatmapTransform(nn.Module):
    """A map for each joint or limb, all persons in it (Duan et al. 2022, Revisiting Skeleton-based Action Recognition).

    Rendered on the device, a batch at once. Joints whose score is 0 are not drawn. The view moves the joints, not the
    maps: spots keep their shape.

    Args:
        layout: name of a 2D joint layout.
        frame_size: height and width of the canvas that joints were read onto.
        size: height and width of the maps.
        sigma: standard deviation of a spot in pixels of the maps.
        limbs: draw the layout's bones instead of its joints.
        use_score: spots as high as their joint's score; otherwise 1.
        padding: the maps show the box around all that is seen in the clip, larger by this share; None shows the canvas,
            as frames do.

    ``forward`` without a view shows the whole canvas as it is.

    Shapes: ``data`` ``[B, M, T, V, 2]``, ``scores`` ``[B, M, T, V]``, ``valid`` bool ``[B, M, T]`` -> float
    ``[B, V, T, H, W]`` (``V − 1`` limbs), bool ``[B, T]``.

    Raises:
        InputError: if the layout is not 2D, an option is out of its range, or the joints are not the layout's.
    """

    def __init__(
        self,
        *,
        layout: str,
        frame_size: Sequence[int],
        size: Sequence[int] = (56, 56),
        sigma: float = 0.6,
        limbs: bool = False,
        use_score: bool = True,
        padding: float | None = 0.25,
    ) -> None:
        super().__init__()
        self.layout = get_layout(layout)
        if self.layout.dims != 2:
            fail("HeatmapTransform.layout", "be in pixels", f"the 3D '{layout}'", "use SkeletonTransform")
        if not sigma > 0:
            fail("HeatmapTransform.sigma", "be positive", sigma)
        if padding is not None and not padding >= 0:
            fail("HeatmapTransform.padding", "be at least 0 or None", padding)
        self.frame_size, self.size = (frame_size[0], frame_size[1]), (size[0], size[1])
        self.sigma, self.limbs, self.use_score, self.padding = sigma, limbs, use_score, padding

    @property
    def out_channels(self) -> int:
        """Number of maps."""
        return len(self.layout.bones) if self.limbs else self.layout.num_joints

    def forward(self, entry: Mapping[str, Tensor], view: Mapping[str, Tensor] | None) -> tuple[Tensor, Tensor]:
        points, valid, layout = entry["data"], entry["valid"], self.layout
        check_shape(f"skeleton batch of layout '{layout.name}'", points, ["B", "M", "T", "V", 2], V=layout.num_joints)
        scores = entry["scores"] * valid[..., None]
        frame_size, seen = self.frame_size, scores > 0
        if self.padding is not None:
            points = person_crop(points, seen, frame_size, self.size, padding=self.padding)
            frame_size = self.size
        points, seen, scores = apply_view_to_poses(
            points, seen, scores, layout, view=view, frame_size=frame_size, out=self.size
        )
        heights = scores if self.use_score else seen.to(points)
        if self.limbs:
            maps = limb_heatmaps(points, heights, layout.bones, self.size, sigma=self.sigma)
        else:
            maps = joint_heatmaps(points, heights, self.size, sigma=self.sigma)
        return maps, valid.any(1)
