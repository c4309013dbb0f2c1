"""Separable spatio-temporal attention driven by pose.

Das, Dai, Koperski, Minciullo, Garattoni, Bremond, Francesca 2019, Toyota Smarthome: Real-World Activities of Daily
Living (ICCV).
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from fusion.models.streams import StreamFeatures
from modalities.checks import check_shape
from modalities.registry import MODELS


@MODELS.register_module()
class SeparableSTA(nn.Module):
    """Weighs the places and the times of a video's feature map by what the body does.

    The posture vector h gives α = sigmoid(W₂ tanh(W₁ h)) over the H·W places and, by a branch of its own,
    β = softmax(W₄ tanh(W₃ h)) over the T times. The video's map is weighed by each in a copy of its own (that is what
    *separable* means) and the two copies are joined along channels. The auxiliary loss is
    ``regularisation · (‖α‖₂ + Σ (1 − β)²)``, averaged over samples, as in the paper.

    β is scaled by T, so that uniform attention leaves its copy as it was. Without a posture α = ½ and β = 1/T, which
    is what a posture without information would give.

    Args:
        video: the stream whose map is weighed; axes ``BCTHW``.
        pose: the stream that drives; any axes.
        video_channels, pose_channels: channels of the two.
        grid: times, height and width of the video's map.
        hidden: width of both branches.
        regularisation: λ₁ = λ₂ of the paper.

    Shapes: video map ``[P, C, T, H, W]`` -> ``[P, 2C, T, H, W]``.

    Raises:
        InputError: if the map differs from ``grid``.
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
        self.video, self.pose = video, pose
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

    def weights(self, posture: Tensor) -> tuple[Tensor, Tensor]:
        """α and β of posture vectors. ``[P, C]`` -> ``[P, H, W]`` in 0–1, ``[P, T]`` that sum to 1."""
        _, height, width = self.grid
        return self.spatial(posture).view(-1, height, width), self.temporal(posture)

    def forward(self, features: Mapping[str, StreamFeatures]) -> tuple[dict[str, StreamFeatures], dict[str, Tensor]]:
        """StreamFeatures of all streams -> the same with a wider video map, and the auxiliary losses."""
        video = features.get(self.video)
        if video is None:
            return dict(features), {}
        times, height, width = self.grid
        check_shape(f"map of stream '{self.video}'", video.map, ["P", "C", times, height, width])
        alpha, beta, posed = self.align(features)
        shown = video.map
        attended = torch.cat(
            [shown * alpha[:, None, None], shown * (beta * times)[:, None, :, None, None]], dim=1
        )  # [P, 2C, T, H, W]
        penalty = alpha.flatten(1).norm(dim=1) + (1 - beta).square().sum(1)
        loss = self.regularisation * (penalty * posed).sum() / posed.sum().clamp(min=1)
        return {**features, self.video: video.with_map(attended)}, {"loss_attention": loss}

    def align(self, features: Mapping[str, StreamFeatures]) -> tuple[Tensor, Tensor, Tensor]:
        """α ``[P, H, W]``, β ``[P, T]`` and whether a posture drove them ``[P]``, one row a sample with video."""
        rows, shown = features[self.video].rows, features[self.video].map
        times, height, width = self.grid
        alpha = shown.new_full((len(rows), height, width), 0.5)
        beta = shown.new_full((len(rows), times), 1 / times)
        posed = torch.zeros(len(rows), dtype=torch.bool, device=rows.device)
        pose = features.get(self.pose)
        if pose is not None:
            same = rows[:, None] == pose.rows[None]  # [P, Q]
            posed = same.any(1)
            own_alpha, own_beta = self.weights(pose.vector()[same.to(torch.uint8).argmax(1)])
            alpha = torch.where(posed[:, None, None], own_alpha, alpha.to(own_alpha.dtype))
            beta = torch.where(posed[:, None], own_beta, beta.to(own_beta.dtype))
        return alpha, beta, posed
