"""One sample, all its streams on one clock, as a picture."""

from __future__ import annotations

import numpy as np
from PIL.Image import Image

from fusion.data import TemporalSampler, read_clip
from fusion.index import Index, Record, extent_of
from fusion.rendering.attention_maps import attention_map_rows
from fusion.rendering.clip_rows import clip_row
from fusion.rendering.contact_sheet import PAPER, Row, compose
from fusion.rendering.explanation import Explanation
from fusion.rendering.saliency_rows import saliency_rows
from modalities.checks import fail
from modalities.clips import Reader, Span
from modalities.letterbox import letterbox_geometry
from modalities.modality import MODALITIES, get_modality
from modalities.painting import Canvas

BLANK_HW = (120, 160)
"""The size of the view where no stream has one: skeletons in metres alone."""


def render_sample(
    index: Index, name: str, *, count: int = 6, width: int = 240, look: Explanation | None = None
) -> Image:
    """Every stream of a record at the same times: rows are streams, columns are times.

    The streams are read by their readers at the times that the dataset would take at test, ``count`` of them.

    Args:
        index: of a prepared dataset.
        name: id of the record.
        count: number of times.
        width: of a cell, pixels.
        look: where a model looks and why, see :func:`fusion.rendering.explanation.explain_sample`; its span is shown.

    Raises:
        InputError: if there is no such record (naming the nearest ids), it has no stream, or a file is damaged.
    """
    record = index.record(name)
    if not record["sources"]:
        fail(f"record '{name}'", "have a stream", "none")
    extent = extent_of(record)
    span = look.span if look is not None else TemporalSampler().clip_span(extent, 0)
    times, valid = TemporalSampler().times(span, count)
    height_px, width_px = source_size(index, record)
    frame_size = (max(round(width * height_px / width_px), 1), width)
    canvas = Canvas(frame_size, letterbox_geometry((height_px, width_px), frame_size)[0], PAPER)
    frames: np.ndarray | None = None
    rows: list[Row] = []
    for stream in streams_in_order(index, record):
        clip = read_clip(index, record, stream, reader_of(index, stream, frame_size), times, valid)
        row = clip_row(stream, clip, canvas=canvas, frames=frames)
        if frames is None and get_modality(clip.modality).is_backdrop:
            frames = np.stack(row.cells)
        rows.append(row)
    if look is not None and look.gaze is not None:
        rows += attention_map_rows(look.gaze, index, record, times, valid, width=width)
    for saliency in look.saliencies if look is not None else ():
        rows += saliency_rows(saliency, index, record, times, valid, frame_size=frame_size, frames=frames)
    return compose(*title_of(index, record, span), times.tolist(), rows)


def streams_in_order(index: Index, record: Record) -> list[str]:
    """Return the streams of a record in the order of their modalities, then of their names."""

    def rank(stream: str) -> tuple[int, str]:
        return MODALITIES.index(index.metainfo["streams"][stream]["modality"]), stream

    return sorted(record["sources"], key=rank)


def reader_of(index: Index, stream: str, frame_size: tuple[int, int]) -> Reader:
    """Return a reader of a stored stream, as its modality has one.

    Raises:
        InputError: if the index does not say what the reader must know.
    """
    info = index.metainfo["streams"][stream]
    modality = get_modality(info["modality"])
    modality.check_info(stream, info)
    return modality.default_reader(info, frame_size)


def source_size(index: Index, record: Record) -> tuple[int, int]:
    """Return height and width of the record's pictures: those of its first stream that has some, in pixels."""
    sources = {index.metainfo["streams"][name]["modality"]: index.source(record, name) for name in record["sources"]}
    for name in MODALITIES:
        source = sources.get(name)
        size = get_modality(name).files.frame_size(source) if source is not None else None
        if size is not None:
            return size
    return BLANK_HW


def title_of(index: Index, record: Record, span: Span) -> tuple[str, str]:
    """The action in words, and what the sample is."""
    label = record["label"]
    action = "unlabelled" if label is None else index.classes[label].replace("_", " ")
    facts = [record["id"], index.dataset, *(f"{key} {record[key]}" for key in ("subject", "camera") if key in record)]
    return action[:1].upper() + action[1:], "  ·  ".join([*facts, f"{span.start:.2f} – {span.end:.2f} s"])
