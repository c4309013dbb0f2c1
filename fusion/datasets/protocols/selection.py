"""Protocols of a dataset by name, the records of a split, and the sizes of all splits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from triad.fusion.datasets.protocols.rules import LEAVE_ONE_OUT, SPLITS, Protocol, by_official_list, field_of
from triad.fusion.datasets.registry import DATASETS, get_dataset
from triad.fusion.index import Record
from triad.modalities.checks import check_choice, fail, shorten


def get_protocol(dataset: str, name: str) -> Protocol:
    """Return a protocol of a dataset.

    Raises:
        InputError: naming the nearest dataset or protocol, or all folds if ``name`` is that of their family.
    """
    protocols = get_dataset(dataset).protocols
    if get_dataset(dataset).is_custom and name not in protocols:
        return by_official_list(name)  # which lists there are is known to the index alone
    folds = [protocol for protocol in protocols if protocol.startswith(f"{LEAVE_ONE_OUT}:")]
    if name == LEAVE_ONE_OUT and folds:
        fail(f"protocol '{name}' of {dataset}", "say who is left out", "all at once", f"one of {shorten(folds)}")
    return protocols[check_choice(f"protocol of {dataset}", name, protocols)]


def protocols_of(records: Iterable[Record], dataset: str) -> dict[str, Protocol]:
    """Return the protocols of a dataset by their names: of custom recordings those that their preparation made."""
    if dataset not in DATASETS:
        return {}
    if not get_dataset(dataset).is_custom:
        return dict(get_dataset(dataset).protocols)
    lists = [record["official"] for record in records if isinstance(record.get("official"), dict)]
    names = sorted({name for official in lists for name in official if isinstance(name, str)})
    return {name: by_official_list(name) for name in names}


def select(records: Iterable[Record], protocol: Protocol, split: str) -> list[Record]:
    """Return the records of one split; ``train+val`` joins two, for refitting once all choices are made.

    Raises:
        InputError: for an unknown split or one without records.
    """
    splits = {check_choice("split", name, SPLITS) for name in split.split("+")}
    if "test" in splits and len(splits) > 1:
        fail("split", "keep test apart", f"'{split}'", "join train+val only")
    selected = [record for record in records if protocol(record) in splits]
    if not selected:
        fail(f"split '{split}'", "have records", "none", "check the index and the protocol")
    return selected


def count_splits(records: Iterable[Record], dataset: str) -> dict[str, dict[str, int]]:
    """Return ``{protocol: {split: number of records}}``.

    Of custom recordings only the protocol that their preparation made; nothing of a dataset that is not in the
    registry.
    """
    if dataset not in DATASETS:
        return {}
    records = list(records)
    counts_by_protocol = {}
    for name, protocol in protocols_of(records, dataset).items():
        counts = Counter(protocol(record) for record in records)
        counts_by_protocol[name] = {split: counts[split] for split in SPLITS}
    return counts_by_protocol


def count_videos(records: Iterable[Record], dataset: str) -> dict[str, dict[str, int]]:
    """Return ``{protocol: {split: number of recordings}}``, a recording being all records of one ``source_video``."""
    recordings = {field_of(record, "source_video"): record for record in records}
    return count_splits(recordings.values(), dataset)
