"""A protocol over some classes renumbers labels and leaves other records out."""

from __future__ import annotations

from pathlib import Path

import pytest

from triad.fusion.datasets.protocols import ClassSubset, by_field, narrow
from triad.fusion.index import Index
from triad.modalities.checks import InputError

PROTOCOL = ClassSubset(by_field("camera", val=(), test={"c2"}), ("c", "a"))


def make_index(*classes: str) -> Index:
    records = [{"id": name, "label": label, "class": name, "sources": {}} for label, name in enumerate(classes)]
    return Index(Path("/data"), {"dataset": "toy", "classes": list(classes), "streams": {}}, records)


def test_other_classes_are_in_no_split():
    splits = [PROTOCOL({"class": name, "camera": camera}) for name in ("a", "b") for camera in ("c1", "c2")]
    assert splits == ["train", "test", None, None]


def test_narrowed_index_has_labels_of_protocol():
    index = make_index("a", "b", "c")
    narrowed = narrow(index, PROTOCOL)
    assert narrowed.classes == ["c", "a"]
    assert [(record["id"], record["label"]) for record in narrowed.records] == [("a", 1), ("c", 0)]
    assert [record["label"] for record in index.records] == [0, 1, 2]
    assert narrow(index, PROTOCOL.protocol) is index


def test_missing_class_is_refused():
    with pytest.raises(InputError, match=r"classes of '/data/index.json' must have c, got 2 others"):
        narrow(make_index("a", "b"), PROTOCOL)
