"""Datasets, one file each: preparation, protocols and published counts; ``registry`` lists them.

``protocols`` has the rules of the splits, ``custom`` the parts that ``folder`` and ``table`` share, ``minihome`` the
embedded simulated dataset. Only this folder parses the file names of datasets.
"""

from fusion.datasets.protocols import SPLITS, Protocol, count_splits, get_protocol, narrow, select
from fusion.datasets.registry import DATASETS, Dataset, get_dataset, get_protocols

__all__ = [
    "DATASETS",
    "SPLITS",
    "Dataset",
    "Protocol",
    "count_splits",
    "get_dataset",
    "get_protocol",
    "get_protocols",
    "narrow",
    "select",
]
