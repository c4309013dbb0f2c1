"""The index of a prepared dataset (``index.json``): records, their streams, and the streams that extraction adds."""

from fusion.index.index import Index, Record, extent_of, load_index, write_index
from fusion.index.packed_records import PackedRecords
from fusion.index.stream_sources import check_source, extraction_of, source_of

__all__ = [
    "Index",
    "PackedRecords",
    "Record",
    "check_source",
    "extent_of",
    "extraction_of",
    "load_index",
    "source_of",
    "write_index",
]
