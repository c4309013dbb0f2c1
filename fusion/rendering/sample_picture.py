"""One sample, all its streams on one clock, as a picture."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from PIL.Image import Image

from fusion.data.dataset import Reader, read_clip
from fusion.data.temporal_sampler import TemporalSampler
from fusion.index.index import Index, Record, extent_of
from fusion.rendering.attention_maps import attention_map_rows
from fusion.rendering.clip_rows import flow_row, rgb_row, skeleton_row
from fusion.rendering.contact_sheet import Row, compose
from fusion.rendering.explanation import Explanation
from fusion.rendering.saliency_rows import saliency_rows
from modalities.checks import fail
from modalities.clips import FlowClip, RgbClip
from modalities.flow import FlowFile, FlowReader
from modalities.letterbox import letterbox_geometry
from modalities.rgb.reader import RgbReader
from modalities.sampling import Span
from modalities.skeleton.reader import PoseReader
from modalities.video import read_frames

ORDER = ("rgb", "flow", "skeleton")
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
    scale = letterbox_geometry((height_px, width_px), frame_size)[0]
    streams = {stream: index.metainfo["streams"][stream] for stream in record["sources"]}
    frames: np.ndarray | None = None
    rows: list[Row] = []
    for stream, info in sorted(streams.items(), key=lambda item: (ORDER.index(item[1]["modality"]), item[0])):
        clip = read_clip(index, record, stream, reader_of(info, frame_size), times, valid)
        if isinstance(clip, RgbClip):
            frames = clip.data if frames is None else frames
            rows.append(rgb_row(stream, clip))
        elif isinstance(clip, FlowClip):
            rows.append(flow_row(stream, clip, scale=scale))
        else:
            rows.append(skeleton_row(stream, clip, frame_size=frame_size, frames=frames))
    if look is not None and look.gaze is not None:
        rows += attention_map_rows(look.gaze, index, record, times, valid, width=width)
    for saliency in look.saliencies if look is not None else ():
        rows += saliency_rows(saliency, index, record, times, valid, frame_size=frame_size, frames=frames)
    return compose(*title_of(index, record, span), times.tolist(), rows)


def reader_of(info: Mapping[str, Any], frame_size: tuple[int, int]) -> Reader:
    """The reader of a stream by its modality, see ``streams`` of the index."""
    if info["modality"] == "rgb":
        return RgbReader(frame_size=frame_size)
    if info["modality"] == "flow":
        return FlowReader(frame_size=frame_size)
    return PoseReader(layout=info["layout"], frame_size=frame_size)


def source_size(index: Index, record: Record) -> tuple[int, int]:
    """Height and width of the view: of the frames, else of the flow, else of the frames that skeletons refer to."""
    sources = {index.metainfo["streams"][name]["modality"]: index.source(record, name) for name in record["sources"]}
    if (rgb := sources.get("rgb")) is not None:
        height, width = read_frames(rgb.path, [0]).shape[1:3]
        return height, width
    if (flow := sources.get("flow")) is not None:
        file = FlowFile(flow.path)
        return file.height, file.width
    skeleton = sources.get("skeleton")
    return (skeleton.size_hw if skeleton is not None else None) or BLANK_HW


def title_of(index: Index, record: Record, span: Span) -> tuple[str, str]:
    """The action in words, and what the sample is."""
    label = record["label"]
    action = "unlabelled" if label is None else index.classes[label].replace("_", " ")
    facts = [record["id"], index.dataset, *(f"{key} {record[key]}" for key in ("subject", "camera") if key in record)]
    return action[:1].upper() + action[1:], "  ·  ".join([*facts, f"{span.start:.2f} – {span.end:.2f} s"])
