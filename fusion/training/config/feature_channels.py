"""Lengths of feature vectors: a config takes those of the prepared dataset."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from triad.fusion.index import Index, source_of


def fit_channels(streams: Mapping[str, Mapping[str, Any]], index: Index) -> None:
    """Give readers of features and the encoders behind them the lengths of the stored vectors.

    An encoder whose transform concatenates other streams reads the sum of all of them.

    Args:
        streams: streams of a config, which are changed.
        index: index of the dataset.
    """
    infos = {name: index.metainfo["streams"].get(source_of(name, stream), {}) for name, stream in streams.items()}
    channels = {
        name: info["channels"]
        for name, info in infos.items()
        if info.get("modality") == "features" and "channels" in info
    }
    for name, length in channels.items():
        stream: Any = streams[name]
        stream["reader"]["channels"] = length
        others = stream["transform"].get("others", ())
        stream["encoder"]["in_channels"] = length + sum(channels.get(other, 0) for other in others)
