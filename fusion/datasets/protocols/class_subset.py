"""Protocols over some of the classes of their dataset."""

from __future__ import annotations

from dataclasses import dataclass

from triad.fusion.datasets.protocols.rules import Protocol
from triad.fusion.index import Index, Record, single_label
from triad.modalities.checks import fail, shorten


@dataclass(frozen=True)
class ClassSubset:
    """Protocol over some classes: records of the other classes are in no split.

    An index has one list of classes for all protocols; a model of this protocol has one output for each of
    ``classes``, see :func:`narrow`.

    Args:
        protocol: rule for the split of a record.
        classes: names of the classes, in the order of the labels under this protocol.
    """

    protocol: Protocol
    classes: tuple[str, ...]

    def __call__(self, record: Record) -> str | None:
        return self.protocol(record) if record["class"] in self.classes else None


def narrow(index: Index, protocol: Protocol) -> Index:
    """Return the index with the classes, labels and records of a protocol; unchanged unless it is a ``ClassSubset``.

    Raises:
        InputError: If the index lacks a class of the protocol.
    """
    if not isinstance(protocol, ClassSubset):
        return index
    missing = [name for name in protocol.classes if name not in index.classes]
    if missing:
        fail(f"classes of '{index.root / 'index.json'}'", f"have {shorten(missing)}", f"{len(index.classes)} others")
    labels = {index.classes.index(name): label for label, name in enumerate(protocol.classes)}
    cure = "take a protocol over all classes"
    records = [
        {**record, "label": labels[label]}
        for record in index.records
        if (label := single_label(record, cure)) in labels and label is not None
    ]
    return Index(index.root, {**index.metainfo, "classes": list(protocol.classes)}, records)
