"""Picture of one sample: all its streams on one clock."""

from __future__ import annotations

import numpy as np
from PIL.Image import Image

from fusion.data import TemporalSampler, read_clip
from fusion.index import Index, Record, extent_of
from fusion.rendering.attention_maps import attention_map_rows
from fusion.rendering.clip_rows import clip_row
from fusion.rendering.contact_sheet import Row, compose_sheet
from fusion.rendering.explanation import Explanation
from fusion.rendering.saliency_rows import saliency_rows
from fusion.rendering.style import BACKGROUND
from modalities.checks import fail
from modalities.clips import Reader, Span
from modalities.letterbox import letterbox_geometry
from modalities.modality import MODALITIES, Canvas, get_modality

DEFAULT_FRAME_SIZE = (120, 160)
"""Height and width of the pictures of a record in which no stream has any: skeletons in metres alone."""


def render_sample(
    index: Index,
    record_id: str,
    *,
    num_columns: int = 6,
    cell_width: int = 240,
    explanation: Explanation | None = None,
) -> Image:
    """Draw every stream of a record at the same times: rows are streams, columns are times.

    The streams are read by the readers of their modalities, at the times that a test dataset would sample.

    Args:
        index: index of a prepared dataset.
        record_id: id of the record.
        num_columns: number of times.
        cell_width: width of a cell, pixels.
        explanation: explanation of a model's prediction, see :func:`fusion.rendering.explanation.open_explainer`; its
            span is drawn.

    Raises:
        InputError: if there is no such record (naming the nearest ids), it has no stream, or a file is damaged.
    """
    record = index.record(record_id)
    if not record["sources"]:
        fail(f"record '{record_id}'", "have a stream", "none")
    span = explanation.span if explanation is not None else TemporalSampler().clip_span(extent_of(record), 0)
    times, valid = TemporalSampler().times(span, num_columns)
    source_height, source_width = source_frame_size(index, record)
    frame_size = (max(round(cell_width * source_height / source_width), 1), cell_width)
    canvas = Canvas(frame_size, letterbox_geometry((source_height, source_width), frame_size)[0], BACKGROUND)
    frames: np.ndarray | None = None
    rows: list[Row] = []
    for stream in streams_in_order(index, record):
        clip = read_clip(index, record, stream, default_reader(index, stream, frame_size), times, valid)
        row = clip_row(stream, clip, canvas=canvas, frames=frames)
        if frames is None and get_modality(clip.modality).is_backdrop:
            frames = np.stack(row.cells)
        rows.append(row)
    if explanation is not None:
        if explanation.attention_map is not None:
            rows += attention_map_rows(explanation.attention_map, index, record, times, valid, width=cell_width)
        for saliency in explanation.saliencies:
            rows += saliency_rows(saliency, index, record, times, valid, frame_size=frame_size, frames=frames)
    return compose_sheet(*describe_record(index, record, span), times.tolist(), rows)


def streams_in_order(index: Index, record: Record) -> list[str]:
    """Return the streams of a record in the order of their modalities, then of their names."""

    def rank(stream: str) -> tuple[int, str]:
        return MODALITIES.index(index.metainfo["streams"][stream]["modality"]), stream

    return sorted(record["sources"], key=rank)


def default_reader(index: Index, stream: str, frame_size: tuple[int, int]) -> Reader:
    """Return the default reader of a stored stream.

    Raises:
        InputError: if the stream's entry of the index lacks a key that the reader needs.
    """
    info = index.metainfo["streams"][stream]
    modality = get_modality(info["modality"])
    modality.check_info(stream, info)
    return modality.default_reader(info, frame_size)


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
    label = record["label"]
    action = "unlabelled" if label is None else index.classes[label].replace("_", " ")
    facts = [record["id"], index.dataset, *(f"{key} {record[key]}" for key in ("subject", "camera") if key in record)]
    return action[:1].upper() + action[1:], "  ·  ".join([*facts, f"{span.start:.2f} – {span.end:.2f} s"])
