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


def mean_over_places(feature_map: Tensor, axes: str) -> Tensor:
    """Return the mean over places or tokens of each time.

    Args:
        feature_map: map of an encoder.
        axes: axes of the map: ``"BCTHW"``, ``"BTNC"`` or ``"BCT"``, which has no places.

    Shapes: ``[B, C, T, H, W]``, ``[B, T, N, C]`` or ``[B, C, T]`` -> ``[B, C, T]``.
    """
    if axes == "BCTHW":
        return feature_map.mean((3, 4))
    if axes == "BTNC":
        return feature_map.mean(2).transpose(1, 2)
    return feature_map
