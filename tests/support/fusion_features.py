"""Hand-made features of streams for tests of fusion modules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from triad.fusion.models import FeatureShape, StreamFeatures


def make_features(
    axes: str,
    sizes: Sequence[int],
    *,
    rows: Sequence[int],
    seed: int = 0,
    taps: Mapping[str, Sequence[int]] | None = None,
) -> StreamFeatures:
    """Return a random map of the samples ``rows`` of a batch, all valid, that asks for a gradient.

    Args:
        axes: axes of the map.
        sizes: sizes of the axes after ``B``.
        rows: samples of the batch that have the stream.
        seed: seed of the values.
        taps: sizes of inner maps after ``B``.
    """
    generator = torch.Generator().manual_seed(seed)
    feature_map = torch.randn(len(rows), *sizes, generator=generator).requires_grad_()
    valid_axes = [axis for axis in "BMT" if axis in axes]
    valid = torch.ones([feature_map.shape[axes.index(axis)] for axis in valid_axes], dtype=torch.bool)
    inner = {
        name: torch.randn(len(rows), *tap, generator=generator).requires_grad_() for name, tap in (taps or {}).items()
    }
    return StreamFeatures(torch.tensor(rows), feature_map, valid, axes, None, inner)


def shape_of_features(features: StreamFeatures) -> FeatureShape:
    taps = {name: tuple(tap.shape[1:]) for name, tap in features.taps.items()}
    return FeatureShape(features.axes, tuple(features.map.shape[1:]), taps=taps)


def randomise(module: nn.Module) -> None:
    """Give every parameter a value: those that start at zero keep their factors from learning at first."""
    torch.manual_seed(0)
    for parameter in module.parameters():
        nn.init.normal_(parameter, std=0.3)


def gradient_rows(feature_map: Tensor) -> list[bool]:
    """Return for each row of a map whether some gradient reached it."""
    assert feature_map.grad is not None
    return (feature_map.grad.flatten(1) != 0).any(1).tolist()
