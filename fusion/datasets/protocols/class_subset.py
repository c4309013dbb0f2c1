"""Protocols over some of their dataset's classes."""

from __future__ import annotations

from dataclasses import dataclass

from fusion.datasets.protocols.rules import Protocol
from fusion.index.index import Index, Record
from modalities.checks import fail


@dataclass(frozen=True)
class ClassSubset:
    """A protocol that knows only ``classes``: records of the others are in no split.

    An index has one list of classes whatever its protocols take; a model of this one tells ``classes`` apart and no
    more, see :func:`narrow`.

    Args:
        protocol: says which split a record is in.
        classes: their names, in the order of the labels under this protocol.
    """

    protocol: Protocol
    classes: tuple[str, ...]

    def __call__(self, record: Record) -> str | None:
        return self.protocol(record) if record["class"] in self.classes else None


def narrow(index: Index, protocol: Protocol) -> Index:
    """The index as a protocol sees it: of :class:`ClassSubset`, without the other classes and with its own labels.

    Raises:
        InputError: if the index lacks a class.
    """
    if not isinstance(protocol, ClassSubset):
        return index
    lacking = [name for name in protocol.classes if name not in index.classes]
    if lacking:
        fail(f"classes of '{index.root / 'index.json'}'", f"have {', '.join(lacking)}", f"{len(index.classes)} others")
    labels = {index.classes.index(name): label for label, name in enumerate(protocol.classes)}
    records = [{**row, "label": labels[row["label"]]} for row in index.records if row["label"] in labels]
    return Index(index.root, {**index.metainfo, "classes": list(protocol.classes)}, records)
