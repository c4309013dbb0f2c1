"""Index of a prepared dataset (``index.json``): records, their sources, and the streams that extraction adds.

``stream_index`` and ``extraction_summary``, which ``extract`` uses, are imported by name.
"""

from triad.fusion.index.index import CURE, Index, Record, clock_of, extent_of, load_index, write_index
from triad.fusion.index.label_spans import LabelSpan, label_indices, label_spans, labels_within, single_label, video_key
from triad.fusion.index.packed_records import PackedRecords
from triad.fusion.index.stream_sources import check_source, extraction_command, source_of
from triad.fusion.index.videos import group_by_video, video_duration

__all__ = [
    "CURE",
    "Index",
    "LabelSpan",
    "PackedRecords",
    "Record",
    "check_source",
    "clock_of",
    "extent_of",
    "extraction_command",
    "group_by_video",
    "label_indices",
    "label_spans",
    "labels_within",
    "load_index",
    "single_label",
    "source_of",
    "video_duration",
    "video_key",
    "write_index",
]
