"""Samples of a batch that have a stream, found out on the host before the batch is moved.

Sizes of tensors on an accelerator depend on these numbers. To ask the device for them would wait for everything that it
has still to do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from triad.modalities.meta_device import true_indices
from triad.modalities.skeleton.present_persons import present_persons

PRESENCE = "presence"
"""Key of an entry of a prepared batch that holds its :class:`Presence`."""


@dataclass(frozen=True)
class Presence:
    """Samples of a batch that have a stream, and the persons in them.

    Args:
        mask: mask ``present`` of the entry that this belongs to, bool ``[B]``; an entry with another mask has changed
            since, and this says nothing of it.
        valid: mask ``valid`` of the entry, likewise; None if persons are not known.
        rows: the samples that have the stream, int ``[P]``, on the device of the batch.
        samples: the same samples as numbers.
        persons: indices ``p · M + m`` of the persons to encode among the ``M`` of each of these samples, int ``[N]``,
            see :func:`~triad.modalities.skeleton.present_persons.map_present_persons`; None without persons.
    """

    mask: Tensor
    valid: Tensor | None
    rows: Tensor
    samples: tuple[int, ...]
    persons: Tensor | None = None


def find_presence(entry: Mapping[str, Any]) -> Presence:
    """Return the presence of an entry whose masks are on the host."""
    mask = entry["present"]
    rows = true_indices(mask)
    valid = entry.get("valid")
    if valid is None or valid.ndim != 3:  # [B, T] of pictures
        return Presence(mask, None, rows, tuple(rows.tolist()))
    persons = true_indices(present_persons(valid[rows]).flatten())
    return Presence(mask, valid, rows, tuple(rows.tolist()), persons)


def move_presence(presence: Presence, entry: Mapping[str, Any], device: torch.device) -> Presence:
    """Return the presence of an entry that was moved to the device."""
    persons = presence.persons
    return Presence(
        mask=entry["present"],
        valid=None if presence.valid is None else entry["valid"],
        rows=presence.rows.to(device, non_blocking=True),
        samples=presence.samples,
        persons=None if persons is None else persons.to(device, non_blocking=True),
    )


def presence_of(entry: Mapping[str, Any]) -> Presence:
    """Return the presence of an entry: what was found out on the host, or, for another mask, what the mask says.

    Persons are known only while the entry has the mask that they were found in.
    """
    known = entry.get(PRESENCE)
    if known is None or known.mask is not entry["present"]:
        rows = true_indices(entry["present"])
        samples = () if rows.is_meta else tuple(rows.tolist())
        return Presence(entry["present"], None, rows, samples)
    if known.valid is not entry.get("valid"):
        return Presence(known.mask, None, known.rows, known.samples)
    return known
