"""Rules that protocols are made of: functions from a record to its split."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from triad.fusion.index import CURE, Record
from triad.modalities.checks import fail
from triad.modalities.seeding import derive_seed

Protocol = Callable[[Record], str | None]
"""Function from a record to ``train``, ``val``, ``test``, or None if the protocol leaves the record out."""
SPLITS = ("train", "val", "test")
LEAVE_ONE_OUT = "leave_one_out"


def field_of(record: Record, field: str) -> str | int:
    """Return a field of a record that its protocol splits by.

    Raises:
        InputError: naming record and field, if the record lacks it or the value is neither a string nor an integer.
    """
    value = record.get(field)
    if not isinstance(value, (str, int)):
        fail(f"record '{record.get('id')}'", f"have a '{field}', by which its protocols split", f"{value!r:.60}", CURE)
    return value


def listed_split(record: Record, protocol: str) -> str | None:
    """Return the split that the official list of a protocol gives a record, or None if the list lacks it.

    Raises:
        InputError: naming the record, if it has no official lists.
    """
    splits = record.get("official")
    if not isinstance(splits, dict):
        must = "have 'official' lists, by which its protocols split"
        fail(f"record '{record.get('id')}'", must, f"{splits!r:.60}", CURE)
    return splits.get(protocol)


def by_field(
    field: str, *, val: Collection[str], test: Collection[str], train: Collection[str] | None = None
) -> Protocol:
    """Return a protocol that splits by one field of the record.

    Args:
        field: name of the field.
        val: values that validate.
        test: values that test.
        train: values that train, so that records with others are left out; all others train by default.
    """

    def protocol(record: Record) -> str | None:
        value = field_of(record, field)
        if train is not None and value not in {*train, *val, *test}:
            return None
        return "test" if value in test else "val" if value in val else "train"

    return protocol


def by_official_list(name: str, *, val: Callable[[Record], bool] = lambda record: False) -> Protocol:
    """Return a protocol that follows a published list of train and test, with a validation split out of train.

    Args:
        name: name of the list in the field ``official`` of the records.
        val: function from a training record to whether it validates.
    """

    def protocol(record: Record) -> str | None:
        split = listed_split(record, name)
        return "val" if split == "train" and val(record) else split

    return protocol


def share_of_groups(field: str, share: float) -> Callable[[Record], bool]:
    """Return a function that picks a share (0 to 1) of the values of a field by a hash of the value.

    All records of one value, a source video or a subject, stay together.
    """

    def is_picked(record: Record) -> bool:
        return derive_seed("validation", field_of(record, field)) % 1000 < 1000 * share

    return is_picked


def share_of_source_videos(share: float) -> Callable[[Record], bool]:
    """Return a function that picks a share (0 to 1) of the source videos by a hash of their names.

    All clips of a source video stay together, because they show the same people in the same room.
    """
    return share_of_groups("source_video", share)


def leave_one_out(field: str, values: Sequence[str]) -> dict[str, Protocol]:
    """Return one protocol a value, ``leave_one_out:<value>``: that value tests, the next one validates.

    A published figure is the mean over all of them.
    """
    following = [*values[1:], *values[:1]]
    return {
        f"{LEAVE_ONE_OUT}:{value}": by_field(field, val={next_value}, test={value})
        for value, next_value in zip(values, following, strict=True)
    }
