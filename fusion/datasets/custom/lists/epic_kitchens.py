"""EPIC-Kitchens: Damen et al. 2022, Rescaling Egocentric Vision, its CSV lists of segments.

The class is the verb class, a number from 0 to 96, and the participant is the subject.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from triad.fusion.datasets.custom.lists.list_format import ListFormat, VideoFiles, find_video
from triad.modalities.checks import fail


def seconds_of(text: str) -> str:
    """Return a time ``hh:mm:ss.ss`` in seconds.

    Raises:
        InputError: If it is of another form.
    """
    match = re.fullmatch(r"(\d{1,3}):([0-5]?\d):([0-5]?\d(?:\.\d+)?)", text.strip())
    if match is None:
        fail("time", "be hh:mm:ss.ss", f"'{text}'")
    return f"{int(match[1]) * 3600 + int(match[2]) * 60 + float(match[3]):.3f}"


def convert_epic(values: Mapping[str, str], videos: VideoFiles) -> dict[str, str]:
    """Return the row of a table.

    Raises:
        InputError: If there is no such video, or a time is of another form.
    """
    row = {
        "path": find_video(videos, values.get("video_id", "").strip()),
        "label": values.get("verb_class", ""),
        "start": seconds_of(values.get("start_timestamp", "")),
        "end": seconds_of(values.get("stop_timestamp", "")),
    }
    row |= {"split": values["split"]} if values.get("split") else {}
    return row | ({"subject": values["participant_id"]} if values.get("participant_id") else {})


EPIC_KITCHENS = ListFormat(
    name="EPIC-Kitchens",
    form="narration_id,participant_id,video_id,…,start_timestamp,stop_timestamp,…,verb_class",
    columns=frozenset({"video_id", "start_timestamp", "stop_timestamp", "verb_class"}),
    convert=convert_epic,
)
