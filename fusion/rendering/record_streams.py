"""Streams of a record as they are drawn: their order, readers, canvas and title."""

from __future__ import annotations

from triad.fusion.index import Index, Record, label_indices
from triad.fusion.rendering.style import BACKGROUND
from triad.modalities.checks import fail
from triad.modalities.clips import Reader, Span
from triad.modalities.letterbox import letterbox_geometry
from triad.modalities.modality import MODALITIES, Canvas, get_modality

DEFAULT_FRAME_SIZE = (120, 160)
"""Height and width of the pictures of a record in which no stream has any: skeletons in metres alone."""


def streams_in_order(index: Index, record: Record) -> list[str]:
    """Return the streams of a record in the order of their modalities, then of their names."""

    def rank(stream: str) -> tuple[int, str]:
        return MODALITIES.index(index.metainfo["streams"][stream]["modality"]), stream

    return sorted(record["sources"], key=rank)


def default_reader(index: Index, stream: str, frame_size: tuple[int, int]) -> Reader:
    """Return the default reader of a stored stream.

    Raises:
        InputError: If the stream's entry of the index lacks a key that the reader needs.
    """
    info = index.metainfo["streams"][stream]
    modality = get_modality(info["modality"])
    modality.check_info(stream, info)
    return modality.default_reader(info, frame_size)


def make_canvas(index: Index, record: Record, *, width: int | None = None, height: int | None = None) -> Canvas:
    """Return a canvas of the shape of the record's pictures.

    Args:
        index: index of a prepared dataset.
        record: record that is drawn.
        width: width of the canvas, pixels; its height follows from the record.
        height: height of the canvas, pixels, instead of its width.
    """
    source_height, source_width = source_frame_size(index, record)
    if width is not None:
        frame_size = (max(round(width * source_height / source_width), 1), width)
    elif height is not None:
        frame_size = (height, max(round(height * source_width / source_height), 1))
    else:
        fail("canvas", "have a width or a height", "neither")
    return Canvas(frame_size, letterbox_geometry((source_height, source_width), frame_size)[0], BACKGROUND)


def source_frame_size(index: Index, record: Record) -> tuple[int, int]:
    """Return height and width of the record's pictures, pixels: those of its first stream that has some."""
    sources = {index.metainfo["streams"][name]["modality"]: index.source(record, name) for name in record["sources"]}
    for name in MODALITIES:
        source = sources.get(name)
        size = get_modality(name).files.frame_size(source) if source is not None else None
        if size is not None:
            return size
    return DEFAULT_FRAME_SIZE


def describe_record(index: Index, record: Record, span: Span) -> tuple[str, str]:
    """Return a title, the action, and a subtitle, the facts of the record and the span that is drawn."""
    names = [index.classes[label] for label in label_indices(record)]
    unknown = "unlabelled" if record["label"] is None else "none of the classes"
    action = ", ".join(names).replace("_", " ") or unknown
    facts = [record["id"], index.dataset, *(f"{key} {record[key]}" for key in ("subject", "camera") if key in record)]
    return action[:1].upper() + action[1:], "  ·  ".join([*facts, f"{span.start:.2f} – {span.end:.2f} s"])
