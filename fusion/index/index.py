"""The index of a prepared dataset: what there is, in mmengine's annotation format, paths relative to the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from modalities.atomic_files import read_json, write_json
from modalities.checks import fail
from modalities.sampling import Span
from modalities.source import Source

Record = dict[str, Any]
"""A row: ``id``; ``label`` (class index or null); optional ``video``, ``num_frames``, ``fps``, ``start``, ``end``;
``sources: {stream: {path, num, fps or times, offset, size}}``; and what the protocols need (``subject``, ``camera``,
``setup``, ``repetition``, ``source_video``, ``official``)."""

MODALITIES = ("rgb", "flow", "skeleton")
ENTRY: dict[str, tuple[type, ...]] = {
    **{"path": (str,), "num": (int,), "clip": (int,), "fps": (int, float), "offset": (int, float)},
    **{"times": (list, tuple), "size": (list, tuple)},
}
"""Kinds of what the source of a stream may say."""
CURE = "prepare the dataset again (python tools/prepare.py)"


@dataclass(frozen=True)
class Index:
    """A prepared dataset.

    Args:
        root: folder of ``index.json``; every path is relative to it.
        metainfo: ``dataset``, ``classes``, ``streams: {name: {modality, layout, channels}}`` and free text.
        records: the rows, in the order of their ids.

    Raises:
        InputError: if classes, ids, labels, or sources do not fit together.
    """

    root: Path
    metainfo: dict[str, Any]
    records: list[Record]

    def __post_init__(self) -> None:
        name = f"'{self.root / 'index.json'}'"
        missing = [key for key in ("dataset", "classes", "streams") if key not in self.metainfo]
        if missing:
            fail(f"metainfo of {name}", f"have {', '.join(missing)}", f"{sorted(self.metainfo)}", CURE)
        _check_kind(f"dataset of {name}", self.metainfo["dataset"], str)
        _check_kind(f"streams of {name}", self.metainfo["streams"], dict)
        _check_kind(f"classes of {name}", self.metainfo["classes"], list)
        for stream, info in self.metainfo["streams"].items():
            _check_kind(f"stream '{stream}' of {name}", info, dict)
            if info.get("modality") not in MODALITIES:
                fail(f"modality of stream '{stream}' in {name}", f"be one of {MODALITIES}", info.get("modality"), CURE)
        seen: set[str] = set()
        for row, record in enumerate(self.records):
            self._check(record, f"record {row} of {name}")
            if record["id"] in seen:
                fail(f"id of record {row} of {name}", "be unique", f"'{record['id']}' again", CURE)
            seen.add(record["id"])

    def _check(self, record: Record, subject: str) -> None:
        _check_kind(subject, record, dict)
        for key in ("id", "label", "sources"):
            if key not in record:
                fail(subject, f"have '{key}'", f"only {sorted(record)}", CURE)
        label, classes = record["label"], self.classes
        if label is not None and not (isinstance(label, int) and 0 <= label < len(classes)):
            fail(f"label of {subject}", f"be a class index below {len(classes)} or null", repr(label), CURE)
        name = record["id"]
        if not isinstance(name, str) or not name or {"/", "\\"} & set(name):
            fail(f"id of {subject}", "be a name that files can have", repr(name), CURE)
        _check_kind(f"sources of {subject}", record["sources"], dict)
        for stream, entry in record["sources"].items():
            if stream not in self.metainfo["streams"]:
                fail(f"stream '{stream}' of {subject}", f"be one of {sorted(self.metainfo['streams'])}", stream, CURE)
            _check_kind(f"source '{stream}' of {subject}", entry, dict)
            if missing := [key for key in ("num", "path") if entry.get(key) is None]:
                fail(f"source '{stream}' of {subject}", "have 'path' and 'num'", f"no {missing}", CURE)
            for key, value in entry.items():
                if value is not None and not isinstance(value, ENTRY.get(key, object)):
                    _check_kind(f"{key} of source '{stream}' of {subject}", value, *ENTRY[key])

    @property
    def dataset(self) -> str:
        return self.metainfo["dataset"]

    @property
    def classes(self) -> list[str]:
        return self.metainfo["classes"]

    def record(self, name: str) -> Record:
        """The row of that id.

        Raises:
            InputError: with the nearest ids there are.
        """
        found = next((record for record in self.records if record["id"] == name), None)
        if found is None:
            near = get_close_matches(name, [record["id"] for record in self.records], n=3, cutoff=0.5)
            cure = f"the nearest are {', '.join(near)}" if near else None
            fail("id of a sample", f"be one of the {len(self.records)} in '{self.root}'", f"'{name}'", cure)
        return found

    def source(self, record: Record, stream: str) -> Source | None:
        """Where a stream of a record lies, or None where the record lacks it."""
        entry = record["sources"].get(stream)
        return Source.from_record(entry, self.root) if entry is not None else None


def extent_of(record: Record) -> Span:
    """The record's clock in seconds: its ``start`` and ``end``, or the whole of its longest source."""
    if "end" in record:
        return Span(record.get("start", 0.0), record["end"])
    if record.get("num_frames") and record.get("fps"):
        return Span(0.0, record["num_frames"] / record["fps"])
    ends = [
        entry.get("offset", 0.0) + (entry["num"] / entry["fps"] if entry.get("fps") else entry["times"][-1])
        for entry in record["sources"].values()
    ]
    if not ends:
        fail(f"record '{record['id']}'", "have a clock", "neither start/end, nor fps, nor a source", CURE)
    return Span(0.0, max(ends))


def load_index(path: str | Path) -> Index:
    """Read ``index.json``, or the one in the folder ``path``.

    Raises:
        InputError: if it is missing, damaged, or inconsistent.
    """
    path = Path(path)
    path = path / "index.json" if path.is_dir() or path.suffix != ".json" else path
    document = read_json(path, cure=CURE)
    if not isinstance(document, dict) or not {"metainfo", "data_list"} <= set(document):
        fail(f"'{path}'", "have 'metainfo' and 'data_list'", type(document).__name__, CURE)
    _check_kind(f"metainfo of '{path}'", document["metainfo"], dict)
    _check_kind(f"data_list of '{path}'", document["data_list"], list)
    return Index(path.parent.resolve(), document["metainfo"], document["data_list"])


def write_index(path: str | Path, metainfo: Mapping[str, Any], records: Sequence[Record]) -> Index:
    """Check and write an index, rows in the order of their ids, equal content in equal bytes."""
    path = Path(path)
    rows = sorted(records, key=lambda record: record["id"])
    index = Index(path.parent.resolve(), dict(metainfo), rows)
    write_json(path, {"metainfo": index.metainfo, "data_list": index.records})
    return index


def _check_kind(subject: str, value: Any, *kinds: type) -> None:
    if not isinstance(value, kinds):
        fail(subject, f"be {' or '.join(kind.__name__ for kind in kinds)}", f"{value!r:.60}", CURE)
