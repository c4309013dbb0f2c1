"""Transform from a batch of 2D skeletons to heat maps for video networks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import torch
from torch import Tensor, nn

from triad.modalities.checks import check_shape, fail
from triad.modalities.registry import TRANSFORMS
from triad.modalities.skeleton.layouts import get_layout
from triad.modalities.skeleton.transforms.apply_view import apply_view_to_poses
from triad.modalities.skeleton.transforms.heatmaps import joint_heatmaps, limb_heatmaps
from triad.modalities.skeleton.transforms.image_places import image_places
from triad.modalities.skeleton.transforms.person_crop import person_crop
from triad.modalities.warp import View


@TRANSFORMS.register_module()
class HeatmapTransform(nn.Module):
    """Draw a map for each joint or limb, with all persons in it, on the device for a whole batch.

    After Duan et al. 2022, Revisiting Skeleton-based Action Recognition. Joints with score 0 are not drawn. The
    augmentation moves joints, not maps, so that spots keep their shape.

    Args:
        layout: name of a joint layout, of two dimensions unless ``from_pixels``.
        frame_size: height and width of the frame that joints were read onto, pixels.
        size: height and width of the maps, pixels.
        sigma: standard deviation of a spot, in pixels of the maps.
        limbs: True to draw the layout's bones instead of its joints.
        use_score: True for spots as high as their joint's score, False for height 1.
        from_pixels: True to draw the pixels of 3D joints; clips that do not know them have empty maps.
        padding: growth of the box around all visible joints of the clip, to which the maps are cropped, as a fraction
            of its size; None for maps of the whole frame.

    ``forward`` without a view takes the whole frame without augmentation.

    Shapes: ``data``, or ``pixels``, ``[B, M, T, V, 2]``, ``scores`` ``[B, M, T, V]``, ``valid`` bool ``[B, M, T]`` ->
    float ``[B, V, T, H, W]`` (``V − 1`` limbs), bool ``[B, T]``.

    Raises:
        InputError: for a 3D layout or an option out of its range; on use, for joints of another layout.
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
        from_pixels: bool = False,
        padding: float | None = 0.25,
    ) -> None:
        super().__init__()
        self.layout = get_layout(layout)
        if self.layout.dims != 2 and not from_pixels:
            cure = "use SkeletonTransform, or from_pixels=True where the poses know their pixels"
            fail("HeatmapTransform.layout", "be in pixels", f"the 3D '{layout}'", cure)
        if not sigma > 0:
            fail("HeatmapTransform.sigma", "be positive", sigma)
        if padding is not None and not padding >= 0:
            fail("HeatmapTransform.padding", "be at least 0 or None", padding)
        self.reads_pixels = from_pixels and self.layout.dims != 2
        self.frame_size = (frame_size[0], frame_size[1])
        self.size = (size[0], size[1])
        self.sigma = sigma
        self.limbs = limbs
        self.use_score = use_score
        self.padding = padding

    @property
    def out_channels(self) -> int:
        """Number of maps."""
        return len(self.layout.bones) if self.limbs else self.layout.num_joints

    def forward(self, entry: Mapping[str, Tensor], view: View) -> tuple[Tensor, Tensor]:
        points = entry["data"]
        valid = entry["valid"]
        layout = self.layout
        scores = entry["scores"] * valid[..., None]
        if self.reads_pixels:
            layout = replace(layout, dims=2)
            pixels = entry.get("pixels", points.new_full((*points.shape[:-1], 2), torch.nan))
            scores = scores * pixels.isfinite().all(-1)
            points = pixels.nan_to_num()
        check_shape(f"skeleton batch of layout '{layout.name}'", points, ["B", "M", "T", "V", 2], V=layout.num_joints)
        visible = scores > 0
        frame_hw = self.frame_size
        if self.padding is not None:
            points = person_crop(points, visible, frame_hw, self.size, padding=self.padding)
            frame_hw = self.size
        points, visible, scores = apply_view_to_poses(
            points, visible, scores, layout, view=view, frame_hw=frame_hw, out_hw=self.size
        )
        heights = scores if self.use_score else visible.to(points)
        if self.limbs:
            maps = limb_heatmaps(points, heights, layout.bones, self.size, sigma=self.sigma)
        else:
            maps = joint_heatmaps(points, heights, self.size, sigma=self.sigma)
        return maps, valid.any(1)

    def places(self, entry: Mapping[str, Tensor], view: View) -> tuple[Tensor, Tensor]:
        """Return the joints as places of the picture, not of the cropped maps; see :func:`image_places`."""
        return image_places(entry, view, self.layout, self.frame_size)
