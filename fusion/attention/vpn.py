"""Video-pose network: attention driven by pose, and a space that video and pose share.

Das, Sharma, Dai, Bremond, Thonnat 2020, VPN: Learning Video-Pose Embedding for Activities of Daily Living (ECCV).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import Tensor, nn

from triad.fusion.attention.driving_stream import mean_of_present
from triad.fusion.attention.pose_attention import PoseAttention, video_weights, weight_maps
from triad.fusion.models import Features, FeatureShape, FusionModule, FusionOutput, shape_of
from triad.modalities.checks import check_shape
from triad.modalities.registry import MODELS


@MODELS.register_module()
class Vpn(FusionModule):
    """Attention of VPN: ``F ← A ⊙ F + F`` with ``A = α ⊗ β`` over places and times of a video's map F.

    α and β come from the pose, see :class:`~triad.fusion.attention.pose_attention.PoseAttention`. Two auxiliary losses
    are averaged over the samples that have both streams: the squared Manhattan distance between embeddings of the
    video's map and of α, which brings both into one space, and ``(1 − Σ α)²``. (The published term on β is zero, as β
    is a softmax.) The pose may come from any encoder; the paper's is
    :class:`~triad.modalities.skeleton.encoders.VpnPose`. A sample without a pose has α = ½ and β = 1/T, the attention
    of an uninformative pose.

    Args:
        shapes: shapes of the features of all streams.
        video: name of the stream whose map is attended; axes ``BCTHW``.
        pose: name of the stream that drives the attention; any axes.
        hidden: hidden channels of the branches of places and of times.
        embedding: length of the two embeddings.
        embedding_weight: weight of the distance of the embeddings, published as 0.1 beside 99.9 of the cross-entropy.
        regularisation: weight of ``(1 − Σ α)²``.

    Shapes: video map ``[P, C, T, H, W]`` -> the same.

    Raises:
        InputError: If a stream is missing, or the video's map has other axes.
    """

    def __init__(
        self,
        *,
        shapes: Mapping[str, FeatureShape],
        video: str,
        pose: str,
        hidden: tuple[int, int] = (256, 128),
        embedding: int = 256,
        embedding_weight: float = 0.001,
        regularisation: float = 1e-5,
    ) -> None:
        super().__init__()
        name = type(self).__name__
        video_shape = shape_of(name, "video", video, shapes, ["BCTHW"])
        pose_shape = shape_of(name, "pose", pose, shapes)
        self.video = video
        self.pose = pose
        self.embedding_weight = embedding_weight
        self.regularisation = regularisation
        times, height, width = (video_shape.size(axis) for axis in "THW")
        self.grid = (times, height, width)
        self.attention = PoseAttention(pose_shape.vector_channels, self.grid, hidden=hidden)
        self.video_embedding = nn.Linear(video_shape.channels * times * height * width, embedding)
        self.pose_embedding = nn.Linear(height * width, embedding)
        self.out_shapes = {video: video_shape.with_channels(video_shape.channels)}

    def embedding_distance(self, video_map: Tensor, alpha: Tensor) -> Tensor:
        """Return the Manhattan distance of the embeddings: ``[P, C, T, H, W]``, ``[P, H, W]`` -> ``[P]``."""
        video_embedding = self.video_embedding(video_map.flatten(1)).sigmoid()
        pose_embedding = self.pose_embedding(alpha.flatten(1)).sigmoid()
        return (video_embedding - pose_embedding).abs().sum(1)

    def forward(self, features: Features, batch: Mapping[str, Any]) -> FusionOutput:
        video = features.get(self.video)
        if video is None:
            return FusionOutput(features)
        times, height, width = self.grid
        check_shape(f"map of stream '{self.video}'", video.map, ["P", "C", times, height, width])
        alpha, beta, has_pose = video_weights(self.attention, features.get(self.pose), video)
        losses = {}
        if self.pose in features and self.training:
            distance = self.embedding_distance(video.map, alpha).square()
            penalty = (1 - alpha.sum((1, 2))).square()
            losses = {
                "vpn_embedding": self.embedding_weight * mean_of_present(distance, has_pose),
                "vpn_attention": self.regularisation * mean_of_present(penalty, has_pose),
            }
        weights = beta[:, :, None, None] * alpha[:, None]  # [P, T, H, W]
        attended = video.map * (1 + weights[:, None])
        maps = weight_maps(self.video, alpha, beta, video.rows, has_pose)
        return FusionOutput({**features, self.video: video.with_map(attended)}, losses, maps)
