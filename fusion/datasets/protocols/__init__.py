"""Protocols: functions from a record to ``train``, ``val``, ``test`` or None, and the rules that they are made of.

Validation is never the test split. Where a protocol defines none, it is taken out of train so that it mimics the shift
of the test: held-out subjects, a held-out camera, whole source videos.
"""

from triad.fusion.datasets.protocols.class_subset import ClassSubset, narrow
from triad.fusion.datasets.protocols.rules import (
    SPLITS,
    Protocol,
    by_field,
    by_official_list,
    field_of,
    leave_one_out,
    listed_split,
    share_of_groups,
    share_of_source_videos,
)
from triad.fusion.datasets.protocols.selection import count_splits, count_videos, get_protocol, protocols_of, select
from triad.fusion.datasets.protocols.stratified_group_split import stratified_group_split

__all__ = [
    "SPLITS",
    "ClassSubset",
    "Protocol",
    "by_field",
    "by_official_list",
    "count_splits",
    "count_videos",
    "field_of",
    "get_protocol",
    "leave_one_out",
    "listed_split",
    "narrow",
    "protocols_of",
    "select",
    "share_of_groups",
    "share_of_source_videos",
    "stratified_group_split",
]
