"""Random features of streams for fusion modules without a recognizer around them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch

from triad.fusion.models import FeatureShape, StreamFeatures


def make_features(
    shapes: Mapping[str, FeatureShape], rows: Mapping[str, Sequence[int]], *, persons: int = 2, seed: int = 0
) -> dict[str, StreamFeatures]:
    """Return features of the streams in ``rows`` for these samples, all valid, whose maps take a gradient.

    Args:
        shapes: shapes of the features of all streams.
        rows: samples that have each stream.
        persons: number of persons of skeletons.
        seed: seed of the values, which do not depend on the other streams.
    """
    features = {}
    for stream, samples in rows.items():
        shape = shapes[stream]
        generator = torch.Generator().manual_seed(seed + sum(map(ord, stream)))
        sizes = [persons if axis == "M" else size for axis, size in zip(shape.axes[1:], shape.sizes, strict=True)]
        values = torch.randn(len(samples), *sizes, generator=generator)
        valid = torch.ones(len(samples), *([persons] if "M" in shape.axes else []), shape.size("T"), dtype=torch.bool)
        features[stream] = StreamFeatures(torch.tensor(samples), values.requires_grad_(), valid, shape.axes)
    return features


def batch_of(size: int) -> dict[str, Any]:
    """Return what fusion modules read of a batch of ``size`` samples."""
    return {"number": torch.zeros(size, dtype=torch.int64), "label": torch.arange(size)}
