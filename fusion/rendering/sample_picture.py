"""Picture of one sample: all its streams on one clock."""

from __future__ import annotations

import numpy as np
from PIL.Image import Image

from triad.fusion.data import TemporalSampler, read_clip
from triad.fusion.index import Index, extent_of
from triad.fusion.rendering.attention_rows import AttentionRows
from triad.fusion.rendering.clip_rows import clip_row
from triad.fusion.rendering.contact_sheet import Row, compose_sheet
from triad.fusion.rendering.explanation import Explanation
from triad.fusion.rendering.record_streams import default_reader, describe_record, make_canvas, streams_in_order
from triad.fusion.rendering.saliency_rows import saliency_rows
from triad.modalities.checks import fail
from triad.modalities.modality import get_modality


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
        explanation: explanation of a model's prediction, see :func:`triad.fusion.rendering.open_explainer`; its
            span is drawn.

    Raises:
        InputError: If there is no such record (naming the nearest ids), it has no stream, or a file is damaged.
    """
    record = index.record(record_id)
    if not record["sources"]:
        fail(f"record '{record_id}'", "have a stream", "none")
    span = explanation.span if explanation is not None else TemporalSampler().clip_span(extent_of(record), 0)
    times, valid = TemporalSampler().times(span, num_columns)
    canvas = make_canvas(index, record, width=cell_width)
    frames: np.ndarray | None = None
    rows: list[Row] = []
    for stream in streams_in_order(index, record):
        clip = read_clip(index, record, stream, default_reader(index, stream, canvas.frame_size), times, valid)
        row = clip_row(stream, clip, canvas=canvas, frames=frames)
        if frames is None and get_modality(clip.modality).is_backdrop:
            frames = np.stack(row.cells)
        rows.append(row)
    if explanation is not None:
        size = canvas.frame_size
        attention = explanation.attention
        rows += AttentionRows(attention, index, record, times, valid, frame_size=size, frames=frames).build()
        for saliency in explanation.saliencies:
            rows += saliency_rows(saliency, index, record, times, valid, frame_size=size, frames=frames)
    return compose_sheet(*describe_record(index, record, span), times.tolist(), rows)
