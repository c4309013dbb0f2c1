"""Clips: data that carry their times, the stored entries they are read from, and how spans and times are chosen."""

from triad.modalities.clips.clip_types import FlowClip, PoseClip, RgbClip, ShapeRepr, check_times
from triad.modalities.clips.dense_spans import even_frame_span, random_frame_span
from triad.modalities.clips.out_of_bound import OUT_OF_BOUND
from triad.modalities.clips.reader import Clip, Reader
from triad.modalities.clips.sampling import (
    TIME_POLICIES,
    Span,
    center_span,
    entries_at,
    even_spans,
    random_span,
    sample_times,
    sliding_spans,
    stack_entries,
)
from triad.modalities.clips.source import Source

__all__ = [
    "OUT_OF_BOUND",
    "TIME_POLICIES",
    "Clip",
    "FlowClip",
    "PoseClip",
    "Reader",
    "RgbClip",
    "ShapeRepr",
    "Source",
    "Span",
    "center_span",
    "check_times",
    "entries_at",
    "even_frame_span",
    "even_spans",
    "random_frame_span",
    "random_span",
    "sample_times",
    "sliding_spans",
    "stack_entries",
]
