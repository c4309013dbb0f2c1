"""Record of the published figures of a network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple


class Published(NamedTuple):
    """Figures of a published network.

    Attributes:
        encoder: name of the encoder class.
        options: arguments of the encoder that differ from its defaults.
        shape: shape of one sample, ``[M, C, T, V]`` or ``[C, T, H, W]``.
        classes: number of classes of its linear classifier, which is counted too.
        parameters: number of parameters.
        gmacs: 10⁹ multiply-accumulates a sample; None where no count of this kind is known.
        source: paper, and code that was counted.
        difference: reason why this project's count differs; empty where it is equal (MACs within a thousandth).
    """

    encoder: str
    options: Mapping[str, Any]
    shape: Sequence[int]
    classes: int
    parameters: int
    gmacs: float | None
    source: str
    difference: str = ""


AUTHORS = "counted in the authors' code"
