"""Attention maps of one sample as arrays with their axes and times, for pictures and files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from torch import nn

from triad.fusion.models.fusion_module import AttentionMap
from triad.modalities.clips import Span


@dataclass(frozen=True)
class SampleMap:
    """Weights of a fusion module over places, times, joints, persons or parts of one sample.

    Args:
        name: name that the module gives to the map.
        stream: stream whose features are weighted; ``joint`` for a joint head's weights of the streams.
        axes: some of ``M`` persons, ``T`` times, ``H`` and ``W`` places, ``V`` joints and ``N`` parts.
        weights: the weights, float32 in these axes.
        span: seconds that the times divide into equal parts.
        driven: whether the stream that drives the attention was there.
        missing: streams of the model that the sample lacks.
        names: names of the parts; empty where they have none.
    """

    name: str
    stream: str
    axes: str
    weights: np.ndarray
    span: Span
    driven: bool = True
    missing: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    def has(self, axes: str) -> bool:
        """Return whether the map has all of these axes."""
        return set(axes) <= set(self.axes)

    def over(self, axes: str) -> np.ndarray:
        """Return the mean over all other axes, in the order of ``axes``; an axis that the map lacks has size 1."""
        others = tuple(position for position, axis in enumerate(self.axes) if axis not in axes)
        values = self.weights.mean(axis=others)
        kept = [axis for axis in self.axes if axis in axes]
        values = values.transpose([kept.index(axis) for axis in axes if axis in kept])
        return np.expand_dims(values, tuple(position for position, axis in enumerate(axes) if axis not in kept))

    def at(self, times: np.ndarray) -> np.ndarray:
        """Return the position on the ``T`` axis at each time, the nearest outside the span: seconds to int."""
        size = self.weights.shape[self.axes.index("T")] if "T" in self.axes else 1
        fractions = (np.asarray(times) - self.span.start) / self.span.length
        return np.clip((fractions * size).astype(int), 0, size - 1)

    @property
    def times(self) -> np.ndarray:
        """Middle of each part of the span that the ``T`` axis stands for, seconds; empty without that axis."""
        if "T" not in self.axes:
            return np.zeros(0)
        size = self.weights.shape[self.axes.index("T")]
        return self.span.start + (np.arange(size) + 0.5) / size * self.span.length

    @property
    def undriven_note(self) -> str:
        """What was missing where nothing drove the attention, as ``no skeleton: uniform``; else empty."""
        if self.driven:
            return ""
        cause = " or ".join(f"no {stream}" for stream in self.missing) or "not driven"
        return f"{cause}: uniform" if np.ptp(self.weights) <= 1e-6 * np.abs(self.weights).max(initial=0) else cause


def sample_maps(
    maps: Mapping[str, AttentionMap], batch: Mapping[str, Any], row: int, transforms: nn.ModuleDict
) -> tuple[SampleMap, ...]:
    """Return the maps of one sample of a batch; those of streams that it lacks are left out.

    Args:
        maps: maps of :meth:`Recognizer.classify`.
        batch: batch of the sample.
        row: number of the sample in the batch.
        transforms: transform of each stream; tokens that fill its ``size`` with square patches, row by row, are turned
            into places.
    """
    streams = [name for name, entry in batch.items() if isinstance(entry, Mapping) and "present" in entry]
    missing = tuple(name for name in streams if not bool(batch[name]["present"][row]))
    start, end = batch["span"][row].tolist()
    found = []
    for name, one in maps.items():
        positions = (one.rows == row).nonzero()[:, 0]
        if len(positions) == 0:
            continue
        position = int(positions[0])
        axes = one.axes.removeprefix("B")
        weights = one.weights[position].detach().float().cpu().numpy()
        size = getattr(transforms[one.stream], "size", None) if one.stream in transforms else None
        if size is not None and "N" in axes and not one.names:
            axes, weights = _tokens_to_places(axes, weights, size)
        driven = bool(one.driven[position])
        found.append(SampleMap(name, one.stream, axes, weights, Span(start, end), driven, missing, one.names))
    return tuple(found)


def _tokens_to_places(axes: str, weights: np.ndarray, input_size: tuple[int, int]) -> tuple[str, np.ndarray]:
    position = axes.index("N")
    tokens = weights.shape[position]
    grid = patch_grid(*input_size, tokens)
    if grid is None:
        return axes, weights
    shape = (*weights.shape[:position], *grid, *weights.shape[position + 1 :])
    return axes.replace("N", "HW"), weights.reshape(shape)


def patch_grid(height: int, width: int, tokens: int) -> tuple[int, int] | None:
    """Return rows and columns of the square patches that fill a picture in this number; None if none do."""
    side = max(round((height * width / tokens) ** 0.5), 1)
    rows, columns = height // side, width // side
    return (rows, columns) if rows * columns == tokens else None
