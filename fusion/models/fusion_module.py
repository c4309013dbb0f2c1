"""Interface of attention and mid-level fusion: from the features of all streams to changed ones."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor, nn

from triad.fusion.models.feature_shapes import FeatureShape
from triad.fusion.models.streams import StreamFeatures
from triad.modalities.checks import check_choice, fail

Features = Mapping[str, StreamFeatures]
"""Features of every stream that some sample of the batch has."""


@dataclass(frozen=True)
class AttentionMap:
    """Weights of a module over places, times, joints, persons or parts, for pictures.

    Args:
        stream: stream whose features are weighted.
        axes: axes of the weights, ``B`` and some of ``M`` persons, ``T`` times, ``H`` and ``W`` places, ``V`` joints
            and ``N`` parts.
        weights: the weights, in these axes.
        rows: samples of the batch that they belong to, int ``[B]``.
        driven: whether the stream that drives the attention was there, bool ``[B]``.
        names: names of the ``N`` parts; empty without that axis.
    """

    stream: str
    axes: str
    weights: Tensor
    rows: Tensor
    driven: Tensor
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class FusionOutput:
    """Output of a module.

    Args:
        features: features of all streams, changed or not.
        losses: auxiliary loss terms by name, scalars.
        maps: weights by name, in the order in which pictures show them.
    """

    features: Features
    losses: Mapping[str, Tensor] = field(default_factory=dict)
    maps: Mapping[str, AttentionMap] = field(default_factory=dict)


class FusionModule(nn.Module, ABC):
    """Base of attention and mid-level fusion.

    A config names the streams that a module reads; the recognizer passes ``shapes``, from which it sizes itself, and
    ``num_classes`` where the constructor has that argument (a teacher or an auxiliary task has a classifier too). A
    sample that lacks a stream must come through: its other features are those of an uninformative partner.

    Attributes:
        out_shapes: shapes of the features that the module changes, by stream.
        places_of: skeleton streams whose joints the module reads as places of the picture: ``batch[stream]`` then has
            ``places``, fractions ``(x, y)`` of the network's input ``[B, M, T, V, 2]``, and ``visible``, bool ``[B, M,
            T, V]``.
        needs_single_label: whether the module can learn from samples of one class alone.
    """

    out_shapes: Mapping[str, FeatureShape] = {}
    places_of: tuple[str, ...] = ()
    needs_single_label = False

    @abstractmethod
    def forward(self, features: Features, batch: Mapping[str, Any]) -> FusionOutput:
        """Return the features of all streams, auxiliary losses and attention maps.

        Args:
            features: features of the streams that some sample has.
            batch: prepared batch, with labels, and the places of joints where the module asks for them.
        """
        ...


def shape_of(
    module: str, field_name: str, stream: str, shapes: Mapping[str, FeatureShape], axes: Sequence[str] = ()
) -> FeatureShape:
    """Return the shape of a stream that a module reads.

    Args:
        module: name of the module's class, for messages.
        field_name: argument that names the stream, for messages.
        stream: name of the stream.
        shapes: shapes of the features of all streams.
        axes: axes of maps that the module can read; none for any.

    Raises:
        InputError: If there is no such stream, or its map has other axes.
    """
    shape = shapes[check_choice(f"{module}.{field_name}", stream, shapes)]
    if axes and shape.axes not in axes:
        cure = f"choose an encoder with axes {' or '.join(axes)}"
        fail(f"map of stream '{stream}' of {module}.{field_name}", f"have axes {' or '.join(axes)}", shape.axes, cure)
    return shape
