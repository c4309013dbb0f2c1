"""Weights over the places and times of a video from the vector of a pose."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from triad.fusion.attention.driving_stream import vectors_of
from triad.fusion.models import AttentionMap, StreamFeatures


class PoseAttention(nn.Module):
    """Weights over places and times from the vector of a pose, which start without preference.

    α = sigmoid(W₂ tanh(W₁ h)) over the places and β = softmax(W₄ tanh(W₃ h)) over the times; W₂ and W₄ start at zero,
    so that α = ½ and β = 1/T.

    Args:
        channels: length of the pose vector.
        grid: times, rows and columns.
        hidden: hidden channels of the branches of places and of times.

    Shapes: ``[P, C]`` -> ``[P, H, W]`` in 0–1, ``[P, T]`` with a sum of 1.
    """

    def __init__(self, channels: int, grid: tuple[int, int, int], *, hidden: tuple[int, int] = (256, 128)) -> None:
        super().__init__()
        self.grid = grid
        times, height, width = grid
        self.spatial = pose_branch(channels, hidden[0], height * width)
        self.temporal = pose_branch(channels, hidden[1], times)
        for branch in (self.spatial, self.temporal):
            nn.init.zeros_(branch[2].weight)  # type: ignore[arg-type]
            nn.init.zeros_(branch[2].bias)  # type: ignore[arg-type]

    def forward(self, pose_vector: Tensor) -> tuple[Tensor, Tensor]:
        _, height, width = self.grid
        return self.spatial(pose_vector).sigmoid().view(-1, height, width), self.temporal(pose_vector).softmax(-1)


def pose_branch(channels: int, hidden: int, out_channels: int) -> nn.Sequential:
    """Return the layers ``W₂ tanh(W₁ h)`` of one branch: ``[P, channels]`` -> ``[P, out_channels]``."""
    return nn.Sequential(nn.Linear(channels, hidden), nn.Tanh(), nn.Linear(hidden, out_channels))


def video_weights(
    attention: Callable[[Tensor], tuple[Tensor, Tensor]], pose: StreamFeatures | None, video: StreamFeatures
) -> tuple[Tensor, Tensor, Tensor]:
    """Return α and β for each sample of a video, and whether it has a pose; without one α = ½ and β = 1/T.

    Args:
        attention: function from the vectors of poses to α and β.
        pose: features of the stream that drives the attention; None if no sample has it.
        video: features of the video, axes ``BCTHW``.

    Shapes: ``[P, H, W]``, ``[P, T]``, bool ``[P]``.
    """
    size, _, times, height, width = video.map.shape
    alpha = video.map.new_full((size, height, width), 0.5)
    beta = video.map.new_full((size, times), 1 / times)
    vectors, has_pose = vectors_of(pose, video)
    if vectors is not None:
        pose_alpha, pose_beta = attention(vectors)
        alpha = torch.where(has_pose[:, None, None], pose_alpha, alpha.to(pose_alpha.dtype))
        beta = torch.where(has_pose[:, None], pose_beta, beta.to(pose_beta.dtype))
    return alpha, beta, has_pose


def weight_maps(stream: str, alpha: Tensor, beta: Tensor, rows: Tensor, has_pose: Tensor) -> dict[str, AttentionMap]:
    """Return α and β of the samples ``rows`` of a video stream as attention maps."""
    return {
        "α": AttentionMap(stream, "BHW", alpha, rows, has_pose),
        "β": AttentionMap(stream, "BT", beta, rows, has_pose),
    }
