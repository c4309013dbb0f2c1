"""Lookup of the published network that an encoder implements."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from typing import Any

from triad.fusion.models.published.cnn3d import CNN3D
from triad.fusion.models.published.frame_level import FRAME_LEVEL
from triad.fusion.models.published.record import Published
from triad.fusion.models.published.skeleton import SKELETON
from triad.fusion.models.published.temporal import TEMPORAL
from triad.fusion.models.published.transformers import TRANSFORMERS

DATA_ARGUMENTS = ("layout", "person_norms", "persons")
"""Arguments of an encoder that follow from the data; with others it is still the published network."""
IGNORED_ARGUMENTS = ("in_channels", "dropout", "joint_parts", "weights", "frozen_frames")
"""Arguments that do not change the network's size or are visible in the input already."""

PUBLISHED = (
    *CNN3D,
    *FRAME_LEVEL,
    *SKELETON,
    *TEMPORAL,
    *TRANSFORMERS,
)
"""Published networks; a line a file."""


def find_published(
    encoder: type, arguments: Mapping[str, Any], *, shape: Sequence[int], classes: int
) -> tuple[Published, list[str]] | None:
    """Return the published network that an encoder implements, in the nearest settings, and the differences.

    Args:
        encoder: class of the encoder.
        arguments: arguments of the encoder; another width or depth than published makes it another network.
        shape: shape of one input sample.
        classes: number of classes of its classifier.

    Returns:
        The figures and the differences in words; None where nothing is published of this network.
    """
    defaults = {
        name: parameter.default
        for name, parameter in inspect.signature(encoder).parameters.items()
        if name not in IGNORED_ARGUMENTS
    }
    settings = defaults | {name: _plain(value) for name, value in arguments.items() if name in defaults}
    candidates: list[tuple[Published, list[str]]] = []
    for entry in PUBLISHED:
        published = defaults | dict(entry.options)
        if entry.encoder == encoder.__name__ and all(
            settings[name] == published[name] for name in defaults if name not in DATA_ARGUMENTS
        ):
            pairs = {name: (settings[name], published[name]) for name in DATA_ARGUMENTS if name in defaults}
            pairs["input"] = (_format_shape(shape), _format_shape(entry.shape))
            pairs["classes"] = (classes, entry.classes)
            differences = [
                f"{name} {value}, not {expected}" for name, (value, expected) in pairs.items() if value != expected
            ]
            candidates.append((entry, differences))
    return min(candidates, key=lambda candidate: _distance(candidate[0], candidate[1], shape), default=None)


def _distance(entry: Published, differences: Sequence[str], shape: Sequence[int]) -> tuple[int, int]:
    """Return how far published settings are: the number of differences, then that of differing sides of the input."""
    sides = sum(side != published for side, published in zip(shape, entry.shape, strict=False))
    return len(differences), sides


def _plain(value: Any) -> Any:
    """Return a value as entries have it: tuples for lists, the name for a class, also inside dictionaries."""
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, type):
        return value.__name__
    return tuple(value) if isinstance(value, list) else value


def _format_shape(shape: Sequence[int]) -> str:
    return "×".join(map(str, shape))
