"""Cost of a subset of streams for one clip: its networks, and the extraction of what they read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from triad.fusion.evaluation.fusion_candidates import FusionCandidate

FIELDS = ("parameters", "gmacs", "ms")
ATTENTION = "attention"


def subset_costs(
    candidates: Sequence[FusionCandidate], cost: Mapping[str, Any], extraction: Mapping[str, Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Return parameters, GMACs and milliseconds for one clip of every subset, as JSON values.

    A field is None where one of its parts is not known. What several streams are extracted with (the same ``by``)
    counts once. The attention of a joint model counts for the subset of all streams. A candidate with a cost of its own
    has that.

    Args:
        candidates: one candidate of every subset.
        cost: cost of the network of every stream, and of the ``attention`` of a joint model.
        extraction: cost of the extraction of a stream, with its name in ``by``; a stream that is not in it is read as
            it was recorded, such as frames.
    """
    all_streams = max((candidate.streams for candidate in candidates), key=len)
    rows = []
    for candidate in candidates:
        subset = candidate.streams
        if candidate.cost is not None:
            clip_costs = list(candidate.cost.values())
        else:
            clip_costs = [cost.get(stream, {}) for stream in subset]
            if ATTENTION in cost and subset == all_streams:
                clip_costs.append(cost[ATTENTION])
        extractions = {extraction[stream]["by"]: extraction[stream] for stream in subset if stream in extraction}
        clip_costs += list(extractions.values())
        rows.append(
            {
                "streams": list(subset),
                **{field: _sum([clip_cost.get(field) for clip_cost in clip_costs]) for field in FIELDS},
                "extraction": list(extractions),
            }
        )
    return rows


def _sum(values: Sequence[float | None]) -> float | None:
    given = [value for value in values if value is not None]
    return sum(given) if len(given) == len(values) else None
