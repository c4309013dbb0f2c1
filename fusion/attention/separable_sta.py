"""Separable spatio-temporal attention driven by pose.

Das, Dai, Koperski, Minciullo, Garattoni, Bremond, Francesca 2019, Toyota Smarthome: Real-World Activities of Daily
Living (ICCV).
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from fusion.models import StreamFeatures
from modalities.checks import check_shape
from modalities.registry import MODELS


@MODELS.register_module()
class SeparableSTA(nn.Module):
    """Attention over positions and times of a video's feature map, computed from the pose.

    The pose vector h gives α = sigmoid(W₂ tanh(W₁ h)) over the H·W positions and, by a branch of its own,
    β = softmax(W₄ tanh(W₃ h)) over the T times. Each multiplies a copy of the video's map of its own (hence
    *separable*), and the two copies are concatenated along channels. The auxiliary loss is
    ``regularisation · (‖α‖₂ + Σ (1 − β)²)``, averaged over samples, as in the paper.

    β is scaled by T, so that uniform attention leaves its copy unchanged. A sample without a pose has α = ½ and
    β = 1/T, the attention of an uninformative pose.

    Args:
        video: name of the stream whose map is attended; axes ``BCTHW``.
        pose: name of the stream that drives the attention; any axes.
        video_channels: channels of the video's map.
        pose_channels: channels of the pose vector.
        grid: times, height and width of the video's map.
        hidden: hidden channels of both branches.
        regularisation: λ₁ = λ₂ of the paper.

    Shapes: video map ``[P, C, T, H, W]`` -> ``[P, 2C, T, H, W]``.

    Raises:
        InputError: on use, for a map that differs from ``grid``.
    """

    def __init__(
        self,
        *,
        video: str,
        pose: str,
        video_channels: int,
        pose_channels: int,
        grid: tuple[int, int, int],
        hidden: int = 256,
        regularisation: float = 1e-5,
    ) -> None:
        super().__init__()
        self.video = video
        self.pose = pose
        self.out_channels = {video: 2 * video_channels}
        self.grid = tuple(grid)
        self.regularisation = regularisation
        times, height, width = self.grid
        self.spatial = nn.Sequential(
            nn.Linear(pose_channels, hidden), nn.Tanh(), nn.Linear(hidden, height * width), nn.Sigmoid()
        )
        self.temporal = nn.Sequential(
            nn.Linear(pose_channels, hidden), nn.Tanh(), nn.Linear(hidden, times), nn.Softmax(-1)
        )

    def weights(self, pose_vector: Tensor) -> tuple[Tensor, Tensor]:
        """Return α and β of pose vectors: ``[P, C]`` -> ``[P, H, W]`` in 0–1, ``[P, T]`` with a sum of 1."""
        _, height, width = self.grid
        return self.spatial(pose_vector).view(-1, height, width), self.temporal(pose_vector)

    def forward(self, features: Mapping[str, StreamFeatures]) -> tuple[dict[str, StreamFeatures], dict[str, Tensor]]:
        """Return the features of all streams with the attended video map, and the auxiliary losses."""
        video = features.get(self.video)
        if video is None:
            return dict(features), {}
        times, height, width = self.grid
        check_shape(f"map of stream '{self.video}'", video.map, ["P", "C", times, height, width])
        alpha, beta, has_pose = self.attend(features)
        over_space = video.map * alpha[:, None, None]
        over_time = video.map * (beta * times)[:, None, :, None, None]
        attended = torch.cat([over_space, over_time], dim=1)  # [P, 2C, T, H, W]
        penalty = alpha.flatten(1).norm(dim=1) + (1 - beta).square().sum(1)
        loss = self.regularisation * (penalty * has_pose).sum() / has_pose.sum().clamp(min=1)
        return {**features, self.video: video.with_map(attended)}, {"loss_attention": loss}

    def attend(self, features: Mapping[str, StreamFeatures]) -> tuple[Tensor, Tensor, Tensor]:
        """Return the attention of every sample with video.

        Shapes: α ``[P, H, W]``, β ``[P, T]``, and a mask of the samples with a pose, bool ``[P]``.
        """
        video = features[self.video]
        samples = len(video.rows)
        times, height, width = self.grid
        alpha = video.map.new_full((samples, height, width), 0.5)
        beta = video.map.new_full((samples, times), 1 / times)
        has_pose = torch.zeros(samples, dtype=torch.bool, device=video.rows.device)
        pose = features.get(self.pose)
        if pose is not None:
            same_sample = video.rows[:, None] == pose.rows[None]  # [P, Q]
            has_pose = same_sample.any(1)
            pose_alpha, pose_beta = self.weights(pose.vector()[same_sample.to(torch.uint8).argmax(1)])
            alpha = torch.where(has_pose[:, None, None], pose_alpha, alpha.to(pose_alpha.dtype))
            beta = torch.where(has_pose[:, None], pose_beta, beta.to(pose_beta.dtype))
        return alpha, beta, has_pose
