"""Lists of clips as other projects write them, one file a format: their rows are turned into those of a table."""

from collections.abc import Sequence

from triad.fusion.datasets.custom.lists.epic_kitchens import EPIC_KITCHENS, seconds_of
from triad.fusion.datasets.custom.lists.kinetics import KINETICS, flatten_kinetics
from triad.fusion.datasets.custom.lists.list_format import ListFormat, VideoFiles
from triad.fusion.datasets.custom.lists.something_something import SOMETHING_SOMETHING
from triad.fusion.datasets.custom.lists.video_list import VIDEO_LIST, is_video_list, read_video_list

LIST_FORMATS = (KINETICS, SOMETHING_SOMETHING, EPIC_KITCHENS)
"""Formats with named columns."""


def format_of(columns: Sequence[str]) -> ListFormat | None:
    """Return the format that has all these columns, or None."""
    return next((kind for kind in LIST_FORMATS if kind.columns <= set(columns)), None)


__all__ = [
    "LIST_FORMATS",
    "VIDEO_LIST",
    "ListFormat",
    "VideoFiles",
    "flatten_kinetics",
    "format_of",
    "is_video_list",
    "read_video_list",
    "seconds_of",
]
