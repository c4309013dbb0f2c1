"""Parts that the preparations of custom recordings share: ``folder`` (class folders) and ``table`` (CSV or JSON)."""

from triad.fusion.datasets.custom.class_list import read_class_names, sort_classes
from triad.fusion.datasets.custom.folder_layout import LAYOUTS, SPLIT_NAMES, find_layout, place_clip
from triad.fusion.datasets.custom.skeleton_file import SkeletonFile, common_layout, note_on_sizes, resolve_layout
from triad.fusion.datasets.custom.splits import assign_splits
from triad.fusion.datasets.custom.table_rows import FILE_COLUMNS, TableRow, read_rows
from triad.fusion.datasets.custom.writer import check_frames, parse_split, safe_ids, write_custom_dataset

__all__ = [
    "FILE_COLUMNS",
    "LAYOUTS",
    "SPLIT_NAMES",
    "SkeletonFile",
    "TableRow",
    "assign_splits",
    "check_frames",
    "common_layout",
    "find_layout",
    "note_on_sizes",
    "parse_split",
    "place_clip",
    "read_class_names",
    "read_rows",
    "resolve_layout",
    "safe_ids",
    "sort_classes",
    "write_custom_dataset",
]
