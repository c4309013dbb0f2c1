"""Parts that the preparations of custom recordings share: ``folder`` (class folders) and ``table`` (CSV or JSON)."""

from fusion.datasets.custom.splits import assign_splits
from fusion.datasets.custom.table_rows import FILE_COLUMNS, TableRow, read_rows
from fusion.datasets.custom.writer import SPLIT_NAMES, check_frames, parse_split, safe_ids, write_custom_dataset

__all__ = [
    "FILE_COLUMNS",
    "SPLIT_NAMES",
    "TableRow",
    "assign_splits",
    "check_frames",
    "parse_split",
    "read_rows",
    "safe_ids",
    "write_custom_dataset",
]
