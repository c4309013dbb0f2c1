"""Groups of samples that belong together: those of one person, otherwise those of one source video."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

GROUPINGS = ("subject", "source_video")
"""Fields of a record that name its group, the coarser one first."""

MIN_CLUSTERS = 3
"""Smallest number of clusters that a bootstrap over clusters takes."""


def groups_of(records: Sequence[Mapping[str, Any]], ids: Sequence[str]) -> dict[str, np.ndarray]:
    """Return the groups of samples by each field of :data:`GROUPINGS` that all records have, strings ``[N]``.

    Null is a missing value: clips of unknown people are not clips of one person.

    Args:
        records: records of an index.
        ids: ids of N samples, each of a record.
    """
    records_by_id = {record["id"]: record for record in records}
    return {
        field: np.array([str(records_by_id[name][field]) for name in ids])
        for field in GROUPINGS
        if all(record.get(field) is not None for record in records)
    }


def held_out_units(groups: Mapping[str, np.ndarray], ids: Sequence[str]) -> np.ndarray:
    """Return what cross-validation holds out whole, ``[N]``: people, otherwise source videos, otherwise samples.

    Args:
        groups: arrays ``[N]`` by name, as in :class:`Predictions`.
        ids: ids of the N samples.
    """
    _, units = _coarsest(groups, 2)
    return np.array(ids, dtype=np.str_) if units is None else units


def select_clusters(groups: Mapping[str, np.ndarray]) -> tuple[str, np.ndarray | None]:
    """Return the unit that a bootstrap draws and its groups: subjects, otherwise source videos, otherwise samples.

    A grouping of fewer than :data:`MIN_CLUSTERS` groups is skipped, because it says little about how groups differ.
    Single samples have the unit ``sample`` and no groups.

    Args:
        groups: arrays ``[N]`` by name, as in :class:`Predictions`.
    """
    return _coarsest(groups, MIN_CLUSTERS)


def _coarsest(groups: Mapping[str, np.ndarray], min_groups: int) -> tuple[str, np.ndarray | None]:
    """Return the name and the groups of the coarsest grouping of at least ``min_groups`` groups."""
    for name in GROUPINGS:
        if name in groups and len(np.unique(groups[name])) >= min_groups:
            return name, groups[name]
    return "sample", None
