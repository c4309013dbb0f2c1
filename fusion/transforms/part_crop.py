"""Crops of a video around the hands or the body of a person, found by the joints of a pose stream."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch
from torch import Tensor

from triad.fusion.transforms.boxes_in_time import (
    box_around,
    crop_boxes,
    fit_aspect,
    keep_inside,
    smooth_path,
    view_fields,
)
from triad.fusion.transforms.pixel_joints import PixelJoints, box_corners, part_points, pixel_joints, torso_lengths
from triad.modalities.checks import check_choice, fail
from triad.modalities.device_constants import device_constant
from triad.modalities.registry import TRANSFORMS
from triad.modalities.rgb.transforms import RgbTransform, augment_colors
from triad.modalities.skeleton.body_parts import EXTREMITIES
from triad.modalities.skeleton.layouts import get_layout
from triad.modalities.warp import View

BODY = "body"
PARTS = (BODY, *EXTREMITIES)


@TRANSFORMS.register_module()
class PartCrop(RgbTransform):
    """Crop of RGB frames around a body part of the main person, as the streams of P-I3D read it.

    Das, Chaudhary, Bremond, Thonnat 2019, Where to Focus on for Human Action Recognition? (WACV): the same network
    reads the left hand, the right hand and the whole body.

    The box keeps one size over the clip, so that its content moves as in the video, follows the part, and stays in the
    frame as far as it fits. The sample's crop, flip and colours apply to the box as they do to the frame; in a mirror
    image the left hand is the one that looks like a left hand. Where a part is never seen the crop shows the body, and
    where no joint is known, or without a pose, the whole frame.

    Args:
        pose: name of the pose stream that is read.
        body_part: ``body``, ``head``, ``left_hand``, ``right_hand``, ``left_foot`` or ``right_foot``.
        layout: name of the joint layout of the pose stream.
        frame_size: height and width of the frame that its pixels were read onto.
        size: height and width of the output, pixels.
        smoothing: standard deviation of the Gaussian that smooths the path of the box, seconds; None for one box that
            stays and holds the part at all times of the clip.
        part_size: side of a box around a part other than the body, in lengths of the torso.
        padding: growth of a box around the body, as a fraction of its size.
        mean: as of :class:`~triad.modalities.rgb.transforms.RgbTransform`.
        std: as of :class:`~triad.modalities.rgb.transforms.RgbTransform`.

    Shapes: ``data`` uint8 ``[B, T, H, W, 3]``, ``valid`` ``[B, T]`` -> float ``[B, 3, T, h, w]``, ``[B, T]``.

    Raises:
        InputError: for an unknown part or layout, a layout without the part, or an option out of its range; on use, for
            a pose and a video whose frames have different aspect ratios.
    """

    takes_crops: ClassVar[bool] = False  # joints are placed in the whole frame
    shows_frame: ClassVar[bool] = False  # its places are not those of the frame

    def __init__(
        self,
        *,
        pose: str,
        body_part: str,
        layout: str,
        frame_size: Sequence[int],
        size: Sequence[int],
        smoothing: float | None = 0.1,
        part_size: float = 1.0,
        padding: float = 0.3,
        mean: Sequence[float] = (123.675, 116.28, 103.53),
        std: Sequence[float] = (58.395, 57.12, 57.375),
    ) -> None:
        super().__init__(size=size, mean=mean, std=std)
        self.body_part = check_choice("PartCrop.body_part", body_part, PARTS)
        self.layout = get_layout(layout)
        self.reads = (pose,)
        self.frame_size = (frame_size[0], frame_size[1])
        if smoothing is not None and not smoothing > 0:
            fail("PartCrop.smoothing", "be positive seconds or None", smoothing)
        if not (part_size > 0 and padding >= 0):
            fail("PartCrop.part_size and padding", "be positive and at least 0", f"{part_size} and {padding}")
        self.smoothing = smoothing
        self.part_size = part_size
        self.padding = padding

    def forward(
        self, entry: Mapping[str, Tensor], view: View, entries: Mapping[str, Mapping[str, Tensor]] | None = None
    ) -> tuple[Tensor, Tensor]:
        data = entry["data"]
        pose = (entries or {}).get(self.reads[0])
        if pose is None:
            return super().forward(entry, view)
        if entry.get("cropped", False):
            fail("frames of PartCrop", "be whole", "crops", "give the stream of the dataset the transform of the model")
        joints = pixel_joints(pose, self.layout, self.frame_size, (data.shape[2], data.shape[3]))
        centers, sizes = self.boxes(joints, entry["times"], (data.shape[2], data.shape[3]), view)
        frames = crop_boxes(data, centers, sizes, view, self.size)
        if isinstance(view, Mapping):
            frames = augment_colors(frames, view)
        return (frames - self.mean) / self.std, entry["valid"]

    def boxes(
        self, joints: PixelJoints, times: Tensor, video_hw: tuple[int, int], view: View = None
    ) -> tuple[Tensor, Tensor]:
        """Return centre and size of the box at each time, pixels ``(x, y)`` and ``(w, h)``.

        Args:
            joints: joints of the main person in pixels of the video.
            times: times of the frames, seconds ``[B, T]``.
            video_hw: height and width of the frames.
            view: view of the batch, whose flip exchanges the hands.

        Shapes: ``[B, T, 2]`` each.
        """
        frame = device_constant((video_hw[1], video_hw[0]), joints.points.device, joints.points.dtype)
        centers = (frame / 2).expand(*times.shape, 2)
        sizes = frame.expand_as(centers)
        boxes = [self._body_box(joints, times, frame)]
        if self.body_part != BODY:
            same_side, mirrored = (self._part_box(joints, times, name) for name in (self.body_part, self._mirrored))
            flip = view_fields(view, joints.points)["flip"] > 0
            boxes.append(tuple(_where(flip, *pair) for pair in zip(mirrored, same_side, strict=True)))
        for box_centers, box_sizes, is_found in boxes:  # what is found later counts
            centers = _where(is_found, box_centers, centers)
            sizes = _where(is_found, box_sizes, sizes)
        return keep_inside(centers, sizes, frame), sizes

    @property
    def _mirrored(self) -> str:
        """Name of the part that a mirror shows in its place."""
        side, _, name = self.body_part.rpartition("_")
        return f"{'right' if side == 'left' else 'left'}_{name}" if side else name

    def _body_box(self, joints: PixelJoints, times: Tensor, frame: Tensor) -> tuple[Any, ...]:
        in_frame = torch.minimum(joints.points.clamp(min=0), frame)  # annotated joints may lie outside
        low, high = box_corners(in_frame, joints.visible)
        visible = joints.visible.any(2)
        if self.smoothing is None:
            corners = torch.cat([low, high], 1)
            center, extent, is_found = box_around(corners, visible.repeat(1, 2))
            centers = center[:, None].expand(*times.shape, 2)
        else:
            centers, is_found = smooth_path((low + high) / 2, visible, joints.times, times, self.smoothing)
            extent = (high - low).amax(1)
        sizes = fit_aspect(extent * (1 + self.padding), self.size)
        return centers, sizes[:, None].expand_as(centers), is_found

    def _part_box(self, joints: PixelJoints, times: Tensor, body_part: str) -> tuple[Any, ...]:
        points, visible = part_points(joints, self.layout, body_part)
        extent = (self.part_size * torso_lengths(joints, self.layout))[:, None].expand(-1, 2)
        if self.smoothing is None:
            center, path_extent, is_found = box_around(points, visible)
            centers = center[:, None].expand(*times.shape, 2)
            extent = extent + path_extent
        else:
            centers, is_found = smooth_path(points, visible, joints.times, times, self.smoothing)
        sizes = fit_aspect(extent, self.size)
        return centers, sizes[:, None].expand_as(centers), is_found


def _where(condition: Tensor, yes: Tensor, no: Tensor) -> Tensor:
    """Choose between the samples of two tensors: bool ``[B]``, ``[B, …]`` twice."""
    return torch.where(condition.view(-1, *[1] * (yes.ndim - 1)), yes, no)
