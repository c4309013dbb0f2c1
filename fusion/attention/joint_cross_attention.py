"""Cross-attention: every joint reads the places and times of a video."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from triad.fusion.attention.driving_stream import match_rows
from triad.fusion.models import (
    AttentionMap,
    Features,
    FeatureShape,
    FusionModule,
    FusionOutput,
    StreamFeatures,
    shape_of,
)
from triad.modalities.checks import fail
from triad.modalities.registry import MODELS
from triad.modalities.valid_times import mean_over_valid, valid_or_all


@MODELS.register_module()
class JointCrossAttention(FusionModule):
    """Attention from joints to patches, added to the joints' features (Vaswani et al. 2017, Attention Is All You Need).

    Queries are the features of every joint of every person at every time, keys and values those of all places of the
    video's map, RGB or flow, each with a learned position. Heads read what the joints have read: the skeleton's head
    then answers from both. The output layer starts at zero, so that the features are at first the skeleton's own. Those
    of a sample without video stay so.

    Args:
        shapes: shapes of the features of all streams.
        video: name of the stream that is read; axes ``BCTHW`` or ``BTNC``.
        pose: name of the skeleton's stream; axes ``BMCTV``.
        channels: channels of queries, keys and values.
        heads: number of heads; divides ``channels``.

    Shapes: skeleton map ``[P, M, C, T, V]`` -> the same.

    Raises:
        InputError: If a stream is missing or has other axes, or ``channels`` does not divide into heads.
    """

    def __init__(
        self, *, shapes: Mapping[str, FeatureShape], video: str, pose: str, channels: int = 128, heads: int = 4
    ) -> None:
        super().__init__()
        name = type(self).__name__
        video_shape = shape_of(name, "video", video, shapes, ["BCTHW", "BTNC"])
        pose_shape = shape_of(name, "pose", pose, shapes, ["BMCTV"])
        if channels % heads:
            fail(f"{name}.channels", f"divide into {heads} heads", channels)
        self.video = video
        self.pose = pose
        self.heads = heads
        self.out_shapes = {pose: pose_shape.with_channels(pose_shape.channels)}
        self.grid = (video_shape.size("H"), video_shape.size("W")) if video_shape.axes == "BCTHW" else None
        places = video_shape.size("N") * video_shape.size("H") * video_shape.size("W")
        self.query_norm = nn.LayerNorm(pose_shape.channels)
        self.key_norm = nn.LayerNorm(video_shape.channels)
        self.query = nn.Linear(pose_shape.channels, channels)
        self.key = nn.Linear(video_shape.channels, channels)
        self.value = nn.Linear(video_shape.channels, channels)
        self.pose_times = nn.Parameter(torch.empty(pose_shape.size("T"), 1, channels))
        self.joints = nn.Parameter(torch.empty(pose_shape.size("V"), channels))
        self.video_times = nn.Parameter(torch.empty(video_shape.size("T"), 1, channels))
        self.places = nn.Parameter(torch.empty(places, channels))
        for position in (self.pose_times, self.joints, self.video_times, self.places):
            nn.init.trunc_normal_(position, std=0.02)
        self.out = nn.Linear(channels, pose_shape.channels)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)

    def forward(self, features: Features, batch: Mapping[str, Any]) -> FusionOutput:
        pose = features.get(self.pose)
        video = features.get(self.video)
        if pose is None or video is None:
            return FusionOutput(features)
        positions, has_video = match_rows(video, pose)
        tokens = _as_tokens(video)[positions]  # [P, T', N, C]
        valid_times = valid_or_all(video.valid[positions])
        joints = pose.map.permute(0, 1, 3, 4, 2)  # [P, M, T, V, C]
        read, weights = self.attend(joints, tokens, valid_times)
        known = has_video[:, None, None] & pose.valid  # [P, M, T]
        read = self.out(read) * known[..., None, None]
        joints_after = pose.map + read.permute(0, 1, 4, 2, 3)
        maps = {} if self.training else {"joints": self._map(weights, pose, tokens.shape[1], has_video)}
        return FusionOutput({**features, self.pose: pose.with_map(joints_after)}, {}, maps)

    def attend(self, joints: Tensor, tokens: Tensor, valid_times: Tensor) -> tuple[Tensor, Tensor]:
        """Return what every joint reads, and its weights over the video.

        Shapes: ``[P, M, T, V, C]``, ``[P, T', N, C']``, bool ``[P, T']`` -> ``[P, M, T, V, channels]``,
        ``[P, heads, M·T·V, T'·N]`` with a sum of 1 over the last axis.
        """
        keys = self.key_norm(tokens)
        query = self._split(self.query(self.query_norm(joints)) + self.pose_times + self.joints)  # [P, heads, Q, D]
        key = self._split(self.key(keys) + self.video_times + self.places)
        value = self._split(self.value(keys))
        scores = query @ key.mT * query.shape[-1] ** -0.5  # [P, heads, Q, T'·N]
        hidden = ~valid_times[:, :, None].expand(*tokens.shape[:3]).flatten(1)
        weights = scores.masked_fill(hidden[:, None, None], -torch.inf).softmax(-1)
        read = (weights @ value).transpose(1, 2).flatten(2)  # [P, Q, channels]
        return read.unflatten(1, joints.shape[1:4]), weights

    def _split(self, vectors: Tensor) -> Tensor:
        """Return heads apart, positions as one axis: ``[P, …, channels]`` -> ``[P, heads, Q, channels / heads]``."""
        return vectors.flatten(1, -2).unflatten(-1, (self.heads, -1)).transpose(1, 2)

    def _map(self, weights: Tensor, pose: StreamFeatures, times: int, has_video: Tensor) -> AttentionMap:
        """Return the mean over heads, present persons and times, for each joint; without video all are equal.

        Shapes: ``[P, heads, M·T·V, T'·N]`` -> ``[P, V, T', N]`` or, of a map ``BCTHW``, ``[P, V, T', H, W]``.
        """
        joints = pose.map.shape[4]
        values = weights.mean(1).unflatten(1, (-1, joints)).flatten(2).transpose(1, 2)  # [P, V·T'·N, M·T]
        mean = mean_over_valid(values, pose.valid.flatten(1))
        mean = torch.where(has_video[:, None], mean, 1 / weights.shape[3])
        mean = mean.unflatten(1, (joints, times, -1))  # [P, V, T', N]
        if self.grid is None:
            return AttentionMap(self.video, "BVTN", mean, pose.rows, has_video)
        return AttentionMap(self.video, "BVTHW", mean.unflatten(3, self.grid), pose.rows, has_video)


def _as_tokens(video: StreamFeatures) -> Tensor:
    """Return the map's places as tokens: ``[P, C, T, H, W]`` or ``[P, T, N, C]`` -> ``[P, T, N, C]``."""
    return video.map.flatten(3).permute(0, 2, 3, 1) if video.axes == "BCTHW" else video.map
