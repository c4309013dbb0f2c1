"""Attention over places and times of a video from the map of a heat-map network.

Abdelkawy, Ali, Farag 2025, EPAM-Net: An Efficient Pose-driven Attention-guided Multimodal Network for Video Action
Recognition (Neurocomputing).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from triad.fusion.attention.driving_stream import match_rows
from triad.fusion.models import AttentionMap, Features, FeatureShape, FusionModule, FusionOutput, shape_of
from triad.modalities.registry import MODELS


@MODELS.register_module()
class EpamAttention(FusionModule):
    """Attention of EPAM-Net: ``f + f ⊙ (S · T)`` with S over the places of each time and T over times.

    S is the sigmoid of a 7×7 convolution with a norm over the maximum and the mean over the channels of the pose's map
    (CBAM's attention over places, Woo et al. 2018); T the sigmoid of a convolution over 7 times of the mean of S over
    places. The pose keeps its head; the answers are averaged.

    The pose's map has other times and places than the video's: as in the authors' code, equally spaced times of it are
    taken, from the first on, and S · T is then interpolated to the places of the video. Both maps must show the same
    part of the picture, so the heat maps are not cropped to the person. A sample without a pose keeps its map.

    Args:
        shapes: shapes of the features of all streams.
        video: name of the stream whose map is attended; axes ``BCTHW``.
        pose: name of the stream of heat maps that drives the attention; axes ``BCTHW``.

    Shapes: video map ``[P, C, T, H, W]`` -> the same; pose map ``[Q, C', T', H', W']``.

    Raises:
        InputError: If a stream is missing, or a map has other axes.
    """

    def __init__(self, *, shapes: Mapping[str, FeatureShape], video: str, pose: str) -> None:
        super().__init__()
        name = type(self).__name__
        self.video = video
        self.pose = pose
        video_shape = shape_of(name, "video", video, shapes, ["BCTHW"])
        self.out_shapes = {video: video_shape.with_channels(video_shape.channels)}
        shape_of(name, "pose", pose, shapes, ["BCTHW"])
        self.spatial = nn.Conv3d(2, 1, (1, 7, 7), padding=(0, 3, 3), bias=False)
        self.norm = nn.BatchNorm3d(1, momentum=0.01)
        self.temporal = nn.Conv1d(1, 1, 7, padding=3, bias=False)

    def weights(self, pose_map: Tensor) -> Tensor:
        """Return ``S · T`` of pose maps, ``[P, C, T, H, W]`` -> ``[P, T, H, W]`` in 0–1."""
        pooled = torch.cat([pose_map.amax(1, keepdim=True), pose_map.mean(1, keepdim=True)], dim=1)
        places = self.norm(self.spatial(pooled)).sigmoid()[:, 0]  # [P, T, H, W]
        times = self.temporal(places.mean((2, 3))[:, None]).sigmoid()[:, 0]  # [P, T]
        return places * times[..., None, None]

    def forward(self, features: Features, batch: Mapping[str, Any]) -> FusionOutput:
        video = features.get(self.video)
        if video is None:
            return FusionOutput(features)
        pose = features.get(self.pose)
        times, height, width = video.map.shape[2:]
        attention = video.map.new_zeros(len(video.map), times, height, width)
        positions, has_pose = match_rows(pose, video)
        if pose is not None and positions is not None:
            weights = self.weights(take_times(pose.map, times))
            weights = F.interpolate(weights, size=(height, width), mode="bilinear", align_corners=False)
            attention = torch.where(has_pose[:, None, None, None], weights[positions], attention.to(weights.dtype))
        attended = video.with_map(video.map + video.map * attention[:, None])
        maps = {"S · T": AttentionMap(self.video, "BTHW", attention, video.rows, has_pose)}
        return FusionOutput({**features, self.video: attended}, maps=maps)


def take_times(feature_map: Tensor, num_times: int) -> Tensor:
    """Return equally spaced times from the first on: of 48 for 16 every third. ``[P, C, T, H, W]``."""
    index = torch.arange(num_times, device=feature_map.device) * feature_map.shape[2] // num_times
    return feature_map[:, :, index]
