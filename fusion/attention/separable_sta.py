"""Separable spatio-temporal attention driven by pose.

Das, Dai, Koperski, Minciullo, Garattoni, Bremond, Francesca 2019, Toyota Smarthome: Real-World Activities of Daily
Living (ICCV).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from triad.fusion.attention.driving_stream import mean_of_present
from triad.fusion.attention.pose_attention import pose_branch, video_weights, weight_maps
from triad.fusion.models import Features, FeatureShape, FusionModule, FusionOutput, shape_of
from triad.modalities.checks import check_shape
from triad.modalities.registry import MODELS


@MODELS.register_module()
class SeparableSTA(FusionModule):
    """Attention over positions and times of a video's feature map, computed from the pose.

    The pose vector h gives α = sigmoid(W₂ tanh(W₁ h)) over the H·W positions and, by a branch of its own,
    β = softmax(W₄ tanh(W₃ h)) over the T times. Each multiplies a copy of the video's map of its own (hence
    *separable*), and the two copies are concatenated along channels. The auxiliary loss is
    ``regularisation · (‖α‖₂ + Σ (1 − β)²)``, averaged over samples, as in the paper.

    β is scaled by T, so that uniform attention leaves its copy unchanged. A sample without a pose has α = ½ and
    β = 1/T, the attention of an uninformative pose.

    Args:
        shapes: shapes of the features of all streams.
        video: name of the stream whose map is attended; axes ``BCTHW``.
        pose: name of the stream that drives the attention; any axes.
        hidden: hidden channels of both branches.
        regularisation: λ₁ = λ₂ of the paper.

    Shapes: video map ``[P, C, T, H, W]`` -> ``[P, 2C, T, H, W]``.

    Raises:
        InputError: If a stream is missing, or the video's map has other axes.
    """

    def __init__(
        self,
        *,
        shapes: Mapping[str, FeatureShape],
        video: str,
        pose: str,
        hidden: int = 256,
        regularisation: float = 1e-5,
    ) -> None:
        super().__init__()
        name = type(self).__name__
        video_shape = shape_of(name, "video", video, shapes, ["BCTHW"])
        pose_shape = shape_of(name, "pose", pose, shapes)
        self.video = video
        self.pose = pose
        self.out_shapes = {video: video_shape.with_channels(2 * video_shape.channels)}
        self.regularisation = regularisation
        self.grid = tuple(video_shape.size(axis) for axis in "THW")
        times, height, width = self.grid
        channels = pose_shape.vector_channels
        self.spatial = pose_branch(channels, hidden, height * width)
        self.temporal = pose_branch(channels, hidden, times)

    def weights(self, pose_vector: Tensor) -> tuple[Tensor, Tensor]:
        """Return α and β of pose vectors: ``[P, C]`` -> ``[P, H, W]`` in 0–1, ``[P, T]`` with a sum of 1."""
        _, height, width = self.grid
        return self.spatial(pose_vector).sigmoid().view(-1, height, width), self.temporal(pose_vector).softmax(-1)

    def forward(self, features: Features, batch: Mapping[str, Any]) -> FusionOutput:
        video = features.get(self.video)
        if video is None:
            return FusionOutput(features)
        times, height, width = self.grid
        check_shape(f"map of stream '{self.video}'", video.map, ["P", "C", times, height, width])
        alpha, beta, has_pose = video_weights(self.weights, features.get(self.pose), video)
        over_space = video.map * alpha[:, None, None]
        over_time = video.map * (beta * times)[:, None, :, None, None]
        attended = torch.cat([over_space, over_time], dim=1)  # [P, 2C, T, H, W]
        penalty = alpha.flatten(1).norm(dim=1) + (1 - beta).square().sum(1)
        loss = self.regularisation * mean_of_present(penalty, has_pose)
        maps = weight_maps(self.video, alpha, beta, video.rows, has_pose)
        return FusionOutput({**features, self.video: video.with_map(attended)}, {"attention": loss}, maps)
