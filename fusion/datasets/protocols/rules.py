"""The rules that protocols are made of."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from fusion.index.index import CURE, Record
from modalities.checks import fail
from modalities.seeding import derive_seed

Protocol = Callable[[Record], str | None]
SPLITS = ("train", "val", "test")
LEAVE_ONE_OUT = "leave_one_out"


def field_of(record: Record, field: str) -> str | int:
    """What a record says, where a protocol needs it.

    Raises:
        InputError: naming record and field, if it says nothing, or neither a word nor a number.
    """
    value = record.get(field)
    if not isinstance(value, (str, int)):
        fail(f"record '{record.get('id')}'", f"have a '{field}', by which its protocols split", f"{value!r:.60}", CURE)
    return value


def listed_split(record: Record, split: str) -> str | None:
    """The side on which an official list has a record, or None where it is not on it.

    Raises:
        InputError: naming the record, if it has no lists.
    """
    sides = record.get("official")
    if not isinstance(sides, dict):
        must = "have 'official' lists, by which its protocols split"
        fail(f"record '{record.get('id')}'", must, f"{sides!r:.60}", CURE)
    return sides.get(split)


def by_field(
    field: str, *, val: Collection[str], test: Collection[str], train: Collection[str] | None = None
) -> Protocol:
    """Split by the value of one field of the record; what is in neither collection trains, or is in ``train`` only."""

    def protocol(record: Record) -> str | None:
        value = field_of(record, field)
        if train is not None and value not in {*train, *val, *test}:
            return None
        return "test" if value in test else "val" if value in val else "train"

    return protocol


def official(split: str, *, carve: float) -> Protocol:
    """A published list of train and test clips; a share of the train sources, fixed by hash, validates.

    All clips of one source video stay on one side, because they show the same person in the same room.
    """

    def protocol(record: Record) -> str | None:
        part = listed_split(record, split)
        if part == "train" and derive_seed("validation", field_of(record, "source_video")) % 1000 < 1000 * carve:
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
