"""Recognizers whose two video streams run in turn, with random batches for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from tiny_recognizer import STREAM

from triad.fusion.models import Recognizer
from triad.modalities.rgb import RgbReader


def build_paired(
    encoders: Mapping[str, Mapping[str, Any]], sizes: Mapping[str, tuple[int, int]], **arguments: Any
) -> Recognizer:
    """Return a recognizer of 5 classes with weights of seed 0.

    Args:
        encoders: config of the encoder of each stream, of 3 input channels.
        sizes: number of times and side of the frames of each stream.
        **arguments: arguments of the recognizer.
    """
    torch.manual_seed(0)
    streams = {
        name: {
            **STREAM,
            "reader": {"type": RgbReader, "frame_size": (side, side)},
            "num_frames": times,
            "encoder": encoders[name],
        }
        for name, (times, side) in sizes.items()
    }
    return Recognizer(num_classes=5, streams=streams, dropout=0.0, **arguments)


def make_paired_batch(sizes: Mapping[str, tuple[int, int]], present: Mapping[str, list[bool]]) -> dict[str, Any]:
    """Return a random batch; ``present`` has a mask of the samples for each stream."""
    generator = torch.Generator().manual_seed(0)
    size = len(next(iter(present.values())))
    batch: dict[str, Any] = {"label": torch.arange(size) % 5, "number": torch.zeros(size), "view": {}}
    for name, (times, side) in sizes.items():
        batch[name] = {
            "data": torch.randn(size, 3, times, side, side, generator=generator),
            "valid": torch.ones(size, times, dtype=torch.bool),
            "present": torch.tensor(present[name]),
        }
    return batch
