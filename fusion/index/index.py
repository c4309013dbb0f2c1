"""Index of a prepared dataset in mmengine's annotation format; paths are relative to the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from triad.modalities.atomic_files import read_json, write_json
from triad.modalities.checks import NEAR, fail, shorten
from triad.modalities.clips import Source, Span
from triad.modalities.file_names import check_name
from triad.modalities.modality import MODALITIES
from triad.modalities.schema import Fields, ListOf, Number, Text, check_document

Record = dict[str, Any]
"""Row of the index: ``id``; ``label`` (class index; a list of class indices, or of segments ``{start, end, label}`` in
seconds, for several classes or none; or null where nobody knows); optional ``video``, ``num_frames``, ``fps``,
``start``, ``end``; ``sources: {stream: {path, num, fps or times, offset, size}}``; and the fields by which protocols
split (``subject``, ``camera``, ``setup``, ``repetition``, ``source_video``, ``official``)."""

MAX_ENTRIES = 10**8
"""Entries of a source: a month of video at 30 pictures a second."""
SECONDS = Number(-1e9, 1e9)
SOURCE = Fields(
    required={"num": Number(1, MAX_ENTRIES, whole=True), "path": Text()},
    optional={
        "clip": Number(0, MAX_ENTRIES, whole=True),
        "fps": Number(0, 1e5, above=True),
        "times": ListOf(SECONDS),
        "offset": SECONDS,
        "size": ListOf(Number(1, 1 << 16), length=2),
        "repaired": ListOf(ListOf(SECONDS, length=2)),
    },
)
RECORD = Fields(
    required={"sources": Fields(others=SOURCE)},
    optional={
        "video": Text(),
        "num_frames": Number(0, MAX_ENTRIES, whole=True),
        "fps": Number(0, 1e5, above=True),
        "start": SECONDS,
        "end": SECONDS,
        "source_video": Text(),
        "official": Fields(others=Text()),
    },
)
SEGMENT = Fields(required={"start": SECONDS, "end": SECONDS, "label": Number(0, 1e9, whole=True)})
METAINFO = Fields(
    required={
        "dataset": Text(),
        "classes": ListOf(Text()),
        "streams": Fields(
            others=Fields(optional={"modality": Text(), "layout": Text(), "channels": Number(1, 1e4, whole=True)})
        ),
    },
)
"""What an index may hold; fields that are not named here are free."""
CURE = "prepare the dataset again (triad prepare)"


@dataclass(frozen=True)
class Index:
    """Index of a prepared dataset.

    Args:
        root: folder of ``index.json``, to which every path is relative.
        metainfo: ``dataset``, ``classes``, ``streams: {name: {modality, layout, channels}}`` and free text.
        records: rows in the order of their ids.

    Raises:
        InputError: If classes, ids, labels, or sources do not fit together.
    """

    root: Path
    metainfo: dict[str, Any]
    records: list[Record]

    def __post_init__(self) -> None:
        name = f"'{self.root / 'index.json'}'"
        missing = [key for key in ("dataset", "classes", "streams") if key not in self.metainfo]
        if missing:
            fail(f"metainfo of {name}", f"have {', '.join(missing)}", shorten(sorted(self.metainfo)), CURE)
        check_document(f"metainfo of {name}", self.metainfo, METAINFO, CURE)
        for stream, info in self.metainfo["streams"].items():
            check_name(f"name of a stream in {name}", stream)
            if info.get("modality") not in MODALITIES:
                fail(f"modality of stream '{stream}' in {name}", f"be one of {MODALITIES}", info.get("modality"), CURE)
            if "definition" in info:  # of a joint layout that is not built in
                from triad.modalities.skeleton import (
                    register_definition,  # imports torch, for which --help need not wait
                )

                register_definition(info["definition"], subject=f"joint layout of stream '{stream}' in {name}")
        ids: set[str] = set()
        for row, record in enumerate(self.records):
            self._check_record(record, f"record {row} of {name}")
            if record["id"] in ids:
                fail(f"id of record {row} of {name}", "be unique", f"'{record['id']}' again", CURE)
            ids.add(record["id"])

    def _check_record(self, record: Record, subject: str) -> None:
        _check_type(subject, record, dict)
        for key in ("id", "label", "sources"):
            if key not in record:
                fail(subject, f"have '{key}'", f"only {shorten(sorted(record))}", CURE)
        label = record["label"]
        for item in label if isinstance(label, list) else [label]:
            if isinstance(item, dict):
                check_document(f"label of {subject}", item, SEGMENT, CURE)
            index = item["label"] if isinstance(item, dict) else item
            is_class = type(index) is int and 0 <= index < len(self.classes)
            if not is_class and not (label is None and item is None):
                must = f"be a class index below {len(self.classes)}, a list of them or of segments, or null"
                fail(f"label of {subject}", must, repr(item)[:60], CURE)
        record_id = record["id"]
        check_name(f"id of {subject}", record_id)
        check_document(subject, record, RECORD, CURE)
        for stream in record["sources"]:
            if stream not in self.metainfo["streams"]:
                fail(
                    f"stream '{stream}' of {subject}",
                    f"be one of {shorten(sorted(self.metainfo['streams']))}",
                    stream,
                    CURE,
                )

    @property
    def dataset(self) -> str:
        """Name of the dataset."""
        return self.metainfo["dataset"]

    @property
    def classes(self) -> list[str]:
        """Names of the classes in the order of their labels."""
        return self.metainfo["classes"]

    def record(self, record_id: str) -> Record:
        """Return the record of that id.

        Raises:
            InputError: naming the nearest ids, if there is no such record.
        """
        record = next((record for record in self.records if record["id"] == record_id), None)
        if record is None:
            nearest_ids = get_close_matches(record_id, [record["id"] for record in self.records], n=3, cutoff=NEAR)
            cure = f"the nearest are {', '.join(nearest_ids)}" if nearest_ids else None
            must = f"be one of the {len(self.records)} in '{self.root}'"
            fail("id of a sample", must, f"'{record_id}'", cure)
        return record

    def source(self, record: Record, stream: str) -> Source | None:
        """Return the source of a stream of a record, or None if the record lacks the stream."""
        entry = record["sources"].get(stream)
        return Source.from_record(entry, self.root) if entry is not None else None


def extent_of(record: Record) -> Span:
    """Return the span of a record in seconds: its ``start`` and ``end``, or the whole of its longest source."""
    if record.get("end") is not None:
        return Span(record.get("start") or 0.0, record["end"])
    if record.get("num_frames") and record.get("fps"):
        return Span(0.0, record["num_frames"] / record["fps"])
    ends = [
        (entry.get("offset") or 0.0) + (entry["num"] / entry["fps"] if entry.get("fps") else entry["times"][-1])
        for entry in record["sources"].values()
        if entry.get("fps") or entry.get("times")
    ]
    if not ends:
        fail(f"record '{record['id']}'", "have a clock", "neither start/end, nor fps, nor a source", CURE)
    return Span(0.0, max(ends))


def clock_of(record: Record) -> Source | None:
    """Return the clock of a record's frames: of its video, else of the source with most entries, else its own.

    None where the record says neither a frame rate nor a source.
    """
    sources = record["sources"]
    if sources:
        entry = sources.get("rgb") or max(sources.values(), key=lambda source: source["num"])
        return Source.from_record(entry, Path())
    if record.get("num_frames") and record.get("fps"):
        return Source(Path(record["id"]), record["num_frames"], fps=record["fps"])
    return None


def load_index(path: str | Path) -> Index:
    """Read an index.

    Args:
        path: path of ``index.json`` or of its folder.

    Raises:
        InputError: If it is missing, damaged, or inconsistent.
    """
    path = Path(path)
    path = path / "index.json" if path.is_dir() or path.suffix != ".json" else path
    document = read_json(path, cure=CURE)
    if not isinstance(document, dict) or not {"metainfo", "data_list"} <= set(document):
        fail(f"'{path}'", "have 'metainfo' and 'data_list'", type(document).__name__, CURE)
    _check_type(f"metainfo of '{path}'", document["metainfo"], dict)
    _check_type(f"data_list of '{path}'", document["data_list"], list)
    return Index(path.parent.resolve(), document["metainfo"], document["data_list"])


def write_index(path: str | Path, metainfo: Mapping[str, Any], records: Sequence[Record]) -> Index:
    """Check and write an index, rows in the order of their ids; equal content gives equal bytes.

    It is on the disk when the function returns: after a power cut there is an older index or this one, no empty file.
    """
    path = Path(path)
    rows = sorted(records, key=lambda record: record["id"])
    index = Index(path.parent.resolve(), dict(metainfo), rows)
    write_json(path, {"metainfo": index.metainfo, "data_list": index.records}, durable=True)
    return index


def _check_type(subject: str, value: Any, *types: type) -> None:
    if not isinstance(value, types):
        fail(subject, f"be {' or '.join(kind.__name__ for kind in types)}", f"{value!r:.60}", CURE)
