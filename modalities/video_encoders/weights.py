"""Former name of :mod:`modalities.weights`, for networks that are being written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from torch import nn

from modalities.weights import average_input_channels, load_weights

__all__ = ["average_input_channels", "load_published"]


def load_published(
    network: nn.Module,
    path: str | Path,
    *,
    input_kernel: str = "",
    classifier: tuple[str, ...] = (),
    prefix: str = "",
    rename: Callable[[str], str] | None = None,
) -> None:
    """Load a file with :func:`modalities.weights.load_weights`; ``input_kernel`` is found by itself."""
    load_weights(network, path, classifier=classifier, prefixes=[prefix] if prefix else (), rename=rename)
