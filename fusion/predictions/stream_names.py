"""Names of streams in predictions: their modality and their order."""

from __future__ import annotations

from collections.abc import Iterable

from triad.modalities.modality import MODALITIES

FUSED = "fused"
"""Stream name of a decision over all streams; never an input of a late fusion."""


def modality_of(stream: str) -> str:
    """Return the modality of a stream, which is its name before the first underscore: ``flow_dis`` → ``flow``."""
    return stream.split("_", 1)[0]


def sort_streams(streams: Iterable[str]) -> tuple[str, ...]:
    """Sort streams by modality, in the order of ``MODALITIES`` and then all others, and by name within one modality."""

    def rank(stream: str) -> tuple[int, str]:
        modality = modality_of(stream)
        return (MODALITIES.index(modality) if modality in MODALITIES else len(MODALITIES)), stream

    return tuple(sorted(streams, key=rank))
