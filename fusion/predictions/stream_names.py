"""Names of streams in predictions: their modality and their order."""

from __future__ import annotations

from collections.abc import Iterable

FUSED = "fused"
"""Stream name of a decision over all streams; never an input of a late fusion."""

_MODALITIES = ("rgb", "flow", "skeleton")


def modality_of(stream: str) -> str:
    """Return the modality of a stream, which is its name before the first underscore: ``flow_dis`` → ``flow``."""
    return stream.split("_", 1)[0]


def sort_streams(streams: Iterable[str]) -> tuple[str, ...]:
    """Sort streams by modality (RGB, flow, skeleton, then all others) and by name within one modality."""

    def rank(stream: str) -> tuple[int, str]:
        modality = modality_of(stream)
        return (_MODALITIES.index(modality) if modality in _MODALITIES else len(_MODALITIES)), stream

    return tuple(sorted(streams, key=rank))
