"""Joints of a pose stream in pixels of a video's frames, and places of hands and feet that a layout may not name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import torch
from torch import Tensor

from triad.modalities.checks import fail
from triad.modalities.device_constants import device_constant
from triad.modalities.skeleton.body_parts import extremity_joint
from triad.modalities.skeleton.layouts import Layout

BEYOND_WRIST = 0.4
"""Distance from the wrist to the middle of the hand, in lengths of the forearm."""
MAX_ASPECT_DIFFERENCE = 0.02


class PixelJoints(NamedTuple):
    """Joints of the main person of each sample in a video's frames.

    Attributes:
        points: ``(x, y)`` in pixels, counted from the corner of the frame, ``[B, T, V, 2]``; 0 where unknown.
        visible: bool ``[B, T, V]``.
        times: seconds ``[B, T]``.
    """

    points: Tensor
    visible: Tensor
    times: Tensor


def pixel_joints(
    entry: Mapping[str, Tensor], layout: Layout, frame_size: tuple[int, int], video_hw: tuple[int, int]
) -> PixelJoints:
    """Return the joints of each sample's main person, who has the largest sum of scores, in pixels of the video.

    A sample without the stream, and a skeleton in metres whose pixels are not known, have no known joint.

    Args:
        entry: batch of a skeleton stream before its transform.
        layout: joint layout.
        frame_size: height and width of the frame that the joints were read onto, pixels.
        video_hw: height and width of the video's frames as they were read.

    Raises:
        InputError: If both frames have different aspect ratios.
    """
    check_aspect(frame_size, video_hw)
    pixels = entry["data"] if layout.dims == 2 else entry.get("pixels")
    scores = entry["scores"] * entry["valid"][..., None]
    if "present" in entry:
        scores = scores * entry["present"][:, None, None, None]
    if pixels is None:
        pixels = torch.full_like(scores, torch.nan)[..., None].expand(*scores.shape, 2)
    main = scores.sum((2, 3)).argmax(1)  # [B]
    samples = torch.arange(len(main), device=main.device)
    points = pixels[samples, main]  # [B, T, V, 2]
    visible = (scores[samples, main] > 0) & points.isfinite().all(-1)
    ratios = video_hw[1] / frame_size[1], video_hw[0] / frame_size[0]
    scale = device_constant(ratios, points.device, points.dtype)
    return PixelJoints(torch.where(visible[..., None], (points + 0.5) * scale, 0.0), visible, entry["times"])


def check_aspect(frame_size: tuple[int, int], video_hw: tuple[int, int]) -> None:
    """Refuse a pose that was read onto a frame of another aspect ratio than the video, whose persons it would miss.

    Args:
        frame_size: height and width of the frame that joints were read onto.
        video_hw: height and width of the video's frames as they were read.

    Raises:
        InputError: If the aspect ratios differ.
    """
    aspect = frame_size[1] / frame_size[0]
    video_aspect = video_hw[1] / video_hw[0]
    if abs(aspect / video_aspect - 1) > MAX_ASPECT_DIFFERENCE:
        must = f"have the aspect ratio of the video's {video_hw[1]}×{video_hw[0]}"
        fail("frame_size of the pose", must, f"{frame_size[1]}×{frame_size[0]}", "set the frame_size of both readers")


def hand_places(joints: PixelJoints, layout: Layout, side: str) -> tuple[Tensor, Tensor]:
    """Return the place of a hand at each time, and whether it is known.

    It is the joint of the hand; where the layout has none, or it is lost, the point beyond the wrist in the direction
    of the forearm; without an elbow the wrist.

    Args:
        joints: joints of the main person.
        layout: their layout.
        side: ``left`` or ``right``.

    Shapes: ``[B, T, 2]``, bool ``[B, T]``.
    """
    wrist, elbow = (layout.index(f"{side}_{joint}") for joint in ("wrist", "elbow"))
    points = joints.points
    visible = joints.visible
    forearm = (points[:, :, wrist] - points[:, :, elbow]) * (visible[:, :, wrist] & visible[:, :, elbow])[..., None]
    hands = points[:, :, wrist] + BEYOND_WRIST * forearm
    has_hand = visible[:, :, wrist]
    if (name := f"{side}_hand") in layout.joints:
        hand = layout.index(name)
        hands = torch.where(visible[:, :, hand, None], points[:, :, hand], hands)
        has_hand = has_hand | visible[:, :, hand]
    return hands, has_hand


def part_points(joints: PixelJoints, layout: Layout, body_part: str) -> tuple[Tensor, Tensor]:
    """Return the middle of a body part at each time, and whether it is known.

    Args:
        joints: joints of the main person.
        layout: their layout.
        body_part: one of :data:`~triad.modalities.skeleton.body_parts.EXTREMITIES`.

    Shapes: ``[B, T, 2]``, bool ``[B, T]``.

    Raises:
        InputError: If the layout has no joint of the part.
    """
    if body_part.endswith("_hand"):
        return hand_places(joints, layout, body_part.removesuffix("_hand"))
    joint = extremity_joint(layout, body_part)
    return joints.points[:, :, joint], joints.visible[:, :, joint]


def torso_lengths(joints: PixelJoints, layout: Layout) -> Tensor:
    """Return the length of the torso in pixels: the median over the times at which all its joints are known.

    It is at least a quarter of the longest side of the body's box, as a torso may point at the camera; 0 where no joint
    is known. Shapes: ``[B]``.
    """
    ends = []
    is_known = torch.ones_like(joints.visible[..., 0])
    for group in layout.torso:
        members = device_constant(group, joints.points.device)
        ends.append(joints.points[:, :, members].mean(2))
        is_known = is_known & joints.visible[:, :, members].all(2)
    lengths = torch.where(is_known, (ends[0] - ends[1]).norm(dim=-1), torch.nan)  # [B, T]
    low, high = box_corners(joints.points, joints.visible)
    sides = (high - low).amax(-1)  # [B, T]
    longest = torch.where(joints.visible.any(2), sides, 0.0).amax(1)
    return torch.maximum(lengths.nanmedian(1).values.nan_to_num(0.0), longest / 4)


def box_corners(points: Tensor, visible: Tensor) -> tuple[Tensor, Tensor]:
    """Return the corners of the box around all known points, 0 where none is.

    Shapes: ``[…, V, 2]``, bool ``[…, V]`` -> ``[…, 2]`` twice.
    """
    low = torch.where(visible[..., None], points, torch.inf).amin(-2)
    high = torch.where(visible[..., None], points, -torch.inf).amax(-2)
    has_joint = visible.any(-1, keepdim=True)
    return torch.where(has_joint, low, 0.0), torch.where(has_joint, high, 0.0)
