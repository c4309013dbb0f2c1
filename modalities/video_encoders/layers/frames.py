"""Image networks on the frames of a video, whose times are folded into the batch."""

from __future__ import annotations

from torch import Tensor, nn


def fold_times(data: Tensor) -> Tensor:
    """Return the frames of all samples as one batch of images, ``[B, C, T, …]`` -> ``[B·T, C, …]``."""
    return data.transpose(1, 2).flatten(0, 1)


def unfold_times(frames: Tensor, num_samples: int) -> Tensor:
    """Return images as the frames of ``num_samples`` samples, ``[B·T, C, …]`` -> ``[B, C, T, …]``, without a copy."""
    return frames.unflatten(0, (num_samples, -1)).transpose(1, 2)


class PerFrame(nn.Module):
    """Image network on every frame, for networks of which other stages mix times.

    Args:
        network: module ``[N, C, H, W]`` -> ``[N, C', H', W']``.

    Shapes: ``[B, C, T, H, W]`` -> ``[B, C', T, H', W']``.
    """

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, data: Tensor) -> Tensor:
        return unfold_times(self.network(fold_times(data)), len(data))


def mean_over_valid(values: Tensor, valid: Tensor) -> Tensor:
    """Return the mean over valid times, or over all times of a sample where none is valid.

    Shapes: ``[B, C, T]``, bool ``[B, T]`` -> ``[B, C]``.
    """
    weight = (valid | ~valid.any(1, keepdim=True)).to(values.dtype)[:, None]  # [B, 1, T]
    return (values * weight).sum(2) / weight.sum(2)
