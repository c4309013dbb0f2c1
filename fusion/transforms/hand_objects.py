"""Detected objects with their distances to a person's hands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from triad.fusion.transforms.boxes_in_time import smooth_path, view_fields
from triad.fusion.transforms.pixel_joints import hand_places, pixel_joints, torso_lengths
from triad.modalities.checks import fail
from triad.modalities.device_constants import device_constant
from triad.modalities.objects.transforms import ObjectTransform
from triad.modalities.registry import TRANSFORMS
from triad.modalities.skeleton.layouts import get_layout
from triad.modalities.warp import View

NUM_HAND_FEATURES = 4
"""Of each hand: way to the object (x, y), closeness, and whether the hand is known."""


@TRANSFORMS.register_module()
class HandObjects(ObjectTransform):
    """Channels of :class:`~triad.modalities.objects.transforms.ObjectTransform` and, for each hand, where the object
    is.

    For the left and then the right hand of the main person: the way from the hand to the centre of the box in lengths
    of the torso, from −3 to 3; the closeness exp(−d) of the hand's distance d to the box in these lengths, which is 1
    where the hand is in the box; and 1 where the hand is known. In a mirror image the hands change places. All eight
    are 0 without a pose.

    Args:
        pose: name of the pose stream that is read.
        layout: name of its joint layout.
        pose_size: height and width of the frame that its pixels were read onto.
        vocabulary: name of the reader's vocabulary.
        frame_size: height and width of the canvas that boxes were read onto, pixels.
        smoothing: standard deviation of the Gaussian that smooths the hands' paths, seconds.

    Shapes: as of :class:`~triad.modalities.objects.transforms.ObjectTransform`, with 8 channels more.

    Raises:
        InputError: for an unknown vocabulary or layout or a smoothing that is not positive; on use, for a pose and
            boxes whose frames have different aspect ratios.
    """

    def __init__(
        self,
        *,
        pose: str,
        layout: str,
        pose_size: Sequence[int],
        vocabulary: str,
        frame_size: Sequence[int],
        smoothing: float = 0.1,
    ) -> None:
        super().__init__(vocabulary=vocabulary, frame_size=frame_size)
        if not smoothing > 0:
            fail("HandObjects.smoothing", "be positive seconds", smoothing)
        self.reads = (pose,)
        self.layout = get_layout(layout)
        self.pose_size = (pose_size[0], pose_size[1])
        self.smoothing = smoothing

    @property
    def out_channels(self) -> int:
        """Number of channels."""
        return super().out_channels + 2 * NUM_HAND_FEATURES

    def forward(
        self, entry: Mapping[str, Tensor], view: View, entries: Mapping[str, Mapping[str, Tensor]] | None = None
    ) -> tuple[Tensor, Tensor]:
        features, shown = self.features(entry, view)
        pose = (entries or {}).get(self.reads[0])
        if pose is None:
            hands = features.new_zeros(*shown.shape, 2 * NUM_HAND_FEATURES)
        else:
            hands = self._hand_features(entry, view, pose) * shown[..., None]
        return torch.cat([features, hands], -1).permute(0, 3, 1, 2), entry["valid"]

    def _hand_features(self, entry: Mapping[str, Tensor], view: View, pose: Mapping[str, Tensor]) -> Tensor:
        """Return the channels of both hands, ``[B, T, K, 8]``."""
        boxes = entry["data"]
        joints = pixel_joints(pose, self.layout, self.pose_size, self.frame_size)
        torso = torso_lengths(joints, self.layout).clamp(min=1.0)[:, None, None, None]  # pixels
        features = []
        for side in ("left", "right"):
            points, visible = hand_places(joints, self.layout, side)
            path, is_known = smooth_path(points, visible, joints.times, entry["times"], self.smoothing)
            hand = path[:, :, None]  # [B, T, 1, 2]
            way = (boxes[..., :2] + boxes[..., 2:]) / 2 - hand
            outside = torch.maximum(boxes[..., :2] - hand, hand - boxes[..., 2:]).clamp(min=0)
            closeness = (-outside.norm(dim=-1, keepdim=True) / torso).exp()
            channels = torch.cat([(way / torso).clamp(-3, 3), closeness, torch.ones_like(closeness)], -1)
            features.append(channels * is_known[:, None, None, None])
        left, right = features
        flip = (view_fields(view, boxes)["flip"] > 0)[:, None, None, None]
        mirror = device_constant((-1.0, 1.0, 1.0, 1.0), left.device, left.dtype)
        both = torch.cat([left, right], -1)
        return torch.where(flip, torch.cat([right * mirror, left * mirror], -1), both)
