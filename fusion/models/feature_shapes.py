"""Shapes of the features of streams, known before a sample is read: fusion modules size themselves by them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.func import functional_call

from triad.modalities.encoder import Encoder, EncoderOutput, MapEncoder
from triad.modalities.modality import get_modality
from triad.modalities.registry import TRANSFORMS


@dataclass(frozen=True)
class FeatureShape:
    """Shape of the features of one sample of a stream.

    Args:
        axes: axes of the map, as of :class:`~triad.modalities.encoder.Encoder`.
        sizes: size of each axis after ``B``; of persons, 1.
        pooled_channels: length of the network's own vector; None where heads pool the map.
        taps: shape of each inner map, without ``B``.
    """

    axes: str
    sizes: tuple[int, ...]
    pooled_channels: int | None = None
    taps: Mapping[str, tuple[int, ...]] | None = None

    def size(self, axis: str) -> int:
        """Return the size of an axis by its letter; 1 of an axis that the map lacks."""
        return self.sizes[self.axes.index(axis) - 1] if axis in self.axes else 1

    @property
    def channels(self) -> int:
        return self.size("C")

    @property
    def vector_channels(self) -> int:
        """Length of :meth:`StreamFeatures.vector` without bins: the network's own vector or the mean of the map."""
        return self.channels if self.pooled_channels is None else self.pooled_channels

    def with_channels(self, channels: int) -> FeatureShape:
        """Return the shape of a changed map of other channels, which heads pool."""
        sizes = list(self.sizes)
        sizes[self.axes.index("C") - 1] = channels
        return replace(self, sizes=tuple(sizes), pooled_channels=None)


def feature_shape(encoder: Encoder, stream: Mapping[str, Any], transform: nn.Module) -> FeatureShape:
    """Return the shape of the features that an encoder makes of a clip as the stream's reader gives it.

    The encoder runs on the meta device, which has shapes and no values, so this costs next to nothing.

    Args:
        encoder: encoder of the stream, on any device.
        stream: config of the stream: ``reader`` and ``num_frames``.
        transform: transform of the stream, on the CPU.
    """
    return _shape_of_output(encoder, _run_on_meta(encoder, encoder, *_blank_input(stream, transform)))


def output_shape(encoder: Encoder, shape: FeatureShape) -> FeatureShape:
    """Return the shape of the features that an encoder inside a fusion module makes of a map ``BCTHW``."""
    data = torch.empty(1, *shape.sizes, device="meta")
    valid = torch.ones(1, shape.size("T"), dtype=torch.bool, device="meta")
    return _shape_of_output(encoder, _run_on_meta(encoder, encoder, data, valid))


def _shape_of_output(encoder: Encoder, output: EncoderOutput) -> FeatureShape:
    taps = {name: tuple(tap.shape[1:]) for name, tap in output.taps.items()}
    return FeatureShape(encoder.output_axes, tuple(output.map.shape[1:]), encoder.pooled_channels, taps)


def step_shapes(encoder: Encoder, stream: Mapping[str, Any], transform: nn.Module) -> list[tuple[int, ...]]:
    """Return the shape of the map after each step of an encoder, ``(C, T, H, W)``; none for one without steps.

    Args:
        encoder: encoder of the stream, on any device.
        stream: config of the stream: ``reader`` and ``num_frames``.
        transform: transform of the stream, on the CPU.
    """
    if not isinstance(encoder, MapEncoder):
        return []
    states = _run_on_meta(encoder, _States(encoder), *_blank_input(stream, transform), prefix="encoder.")
    return [tuple(state.shape[1:]) for state in states]


class _States(nn.Module):
    """The maps of an encoder after each of its steps."""

    def __init__(self, encoder: MapEncoder) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, data: Tensor, valid: Tensor) -> list[Tensor]:
        return list(accumulate(self.encoder.steps(), lambda state, step: step(state), initial=data))[1:]


def _blank_input(stream: Mapping[str, Any], transform: nn.Module) -> tuple[Tensor, Tensor]:
    """Return what the encoder of a stream reads of one empty clip."""
    reader = TRANSFORMS.build(stream["reader"])
    modality = get_modality(reader.modality)
    clip = modality.fill(reader.blank(np.linspace(0, 1, stream["num_frames"])), 1)
    data, valid = transform(modality.collate([clip]), None)
    return data, valid


@torch.no_grad()
def _run_on_meta(encoder: Encoder, module: nn.Module, data: Tensor, valid: Tensor, prefix: str = "") -> Any:
    """Return what a module makes of an input with the parameters of an encoder, which it holds under a prefix."""
    training = encoder.training
    encoder.eval()
    tensors = {**dict(encoder.named_parameters()), **dict(encoder.named_buffers())}
    meta = {prefix + name: torch.empty_like(tensor, device="meta") for name, tensor in tensors.items()}
    try:
        return functional_call(module, meta, (data.to("meta"), valid.to("meta")))
    finally:
        encoder.train(training)
