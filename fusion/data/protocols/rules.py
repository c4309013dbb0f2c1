"""The rules that protocols are made of."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from fusion.data.index import Record
from modalities.seeding import seed_of

Protocol = Callable[[Record], str | None]
SPLITS = ("train", "val", "test")
LEAVE_ONE_OUT = "leave_one_out"


def by_field(
    field: str, *, val: Collection[str], test: Collection[str], train: Collection[str] | None = None
) -> Protocol:
    """Split by the value of one field of the record; what is in neither collection trains, or is in ``train`` only."""

    def protocol(record: Record) -> str | None:
        value = record[field]
        if train is not None and value not in {*train, *val, *test}:
            return None
        return "test" if value in test else "val" if value in val else "train"

    return protocol


def official(split: str, *, carve: float) -> Protocol:
    """A published list of train and test clips; a share of the train sources, fixed by hash, validates.

    All clips of one source video stay on one side, because they show the same person in the same room.
    """

    def protocol(record: Record) -> str | None:
        part = record["official"].get(split)
        if part == "train" and seed_of("validation", record["source_video"]) % 1000 < 1000 * carve:
            return "val"
        return part

    return protocol


def leave_one_out(field: str, values: Sequence[str]) -> dict[str, Protocol]:
    """One protocol a value, ``leave_one_out:<value>``, which that value tests and the next one validates.

    A published figure is the mean over all of them.
    """
    following = [*values[1:], *values[:1]]
    return {
        f"{LEAVE_ONE_OUT}:{value}": by_field(field, val={after}, test={value})
        for value, after in zip(values, following, strict=True)
    }
