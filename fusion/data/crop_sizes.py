"""Sizes to which the pictures of a training sample are cropped as they are read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from triad.modalities.augmentation import SpatialAugmentation
from triad.modalities.clips import Reader
from triad.modalities.registry import TRANSFORMS

Size = tuple[int, int]


def crop_sizes(
    streams: Mapping[str, Mapping[str, Any]], readers: Mapping[str, Reader], twins: Mapping[str, str]
) -> dict[str, Size | None]:
    """Return height and width of each stream's crop; None where the reader is to give whole frames.

    A stream is cropped on reading where its reader can crop and its transform has an attribute ``takes_crops``. Streams
    that share their clips are cropped alike or not at all.

    Args:
        streams: streams as the dataset is given them.
        readers: reader of each stream.
        twins: the first stream with the clips of each.
    """
    sizes = {name: _crop_size(stream.get("transform"), readers[name]) for name, stream in streams.items()}
    shared: dict[str, set[Size | None]] = {}
    for name, twin in twins.items():
        shared.setdefault(twin, set()).add(sizes[name])
    return {name: sizes[name] if len(shared[twin]) == 1 else None for name, twin in twins.items()}


def _crop_size(transform: Any, reader: Reader) -> Size | None:
    if not isinstance(transform, Mapping) or not hasattr(reader, "cropped"):
        return None
    kind = transform["type"]
    if isinstance(kind, str):  # in a config that a runner has dumped
        kind = TRANSFORMS.get(kind)
    if not getattr(kind, "takes_crops", False):
        return None
    height, width = transform["size"]
    return height, width


def crop_reader(reader: Any, view: SpatialAugmentation, size: Size) -> Reader:
    """Return a reader of what a view shows of a stream, at a size."""
    cropped: Reader = reader.cropped(view, size)
    return cropped
