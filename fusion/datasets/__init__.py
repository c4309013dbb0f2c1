"""Datasets, one file each: preparation, protocols and published counts; ``registry`` lists them.

``protocols`` has the rules of the splits, ``custom`` the parts that ``folder`` and ``table`` share, ``minihome`` the
embedded simulated dataset. Only this folder parses the file names of datasets.
"""

from triad.fusion.datasets.protocols import (
    SPLITS,
    ClassSubset,
    Protocol,
    by_field,
    by_official_list,
    count_splits,
    count_videos,
    field_of,
    get_protocol,
    leave_one_out,
    narrow,
    protocols_of,
    select,
    share_of_groups,
    share_of_source_videos,
    stratified_group_split,
)
from triad.fusion.datasets.registry import (
    DATASETS,
    SKELETON_DTYPE,
    Dataset,
    PrepareOption,
    get_dataset,
    get_protocols,
)

__all__ = [
    "DATASETS",
    "SKELETON_DTYPE",
    "SPLITS",
    "ClassSubset",
    "Dataset",
    "PrepareOption",
    "Protocol",
    "by_field",
    "by_official_list",
    "count_splits",
    "count_videos",
    "field_of",
    "get_dataset",
    "get_protocol",
    "get_protocols",
    "leave_one_out",
    "narrow",
    "protocols_of",
    "select",
    "share_of_groups",
    "share_of_source_videos",
    "stratified_group_split",
]
