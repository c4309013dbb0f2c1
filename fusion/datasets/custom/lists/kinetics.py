"""Kinetics: Kay et al. 2017, The Kinetics Human Action Video Dataset, its lists as CSV and JSON.

``label,youtube_id,time_start,time_end,split`` names ten seconds of a YouTube video. They lie on disk as
``<id>_<start>_<end>.mp4`` with six digits each, which is the cut clip, or as ``<id>.mp4``, which is the whole video.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from triad.fusion.datasets.custom.lists.list_format import ListFormat, VideoFiles, find_video
from triad.modalities.checks import fail


def convert_kinetics(values: Mapping[str, str], videos: VideoFiles) -> dict[str, str]:
    """Return the row of a table: a whole clip, or a segment of a video that was not cut.

    Raises:
        InputError: If there is no such video, or a time is no number.
    """
    video_id = values.get("youtube_id", "").strip()
    if not video_id:
        fail("youtube_id", "have a value", "none")
    row = {name: values[name] for name in ("label", "split") if values.get(name)}
    span = {"start": values.get("time_start", ""), "end": values.get("time_end", "")}
    try:
        seconds = [int(float(text)) for text in span.values()]
    except (ValueError, OverflowError):
        fail("time_start and time_end", "be seconds", f"'{span['start']}' and '{span['end']}'")
    cut_name = "_".join([video_id, *(f"{second:06d}" for second in seconds)])
    row["path"] = find_video(videos, cut_name, video_id)
    is_cut = row["path"].rpartition("/")[2].startswith(cut_name)
    return row if is_cut else {**row, **span}


def flatten_kinetics(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the rows of the CSV for a JSON list, ``{id: {"annotations": {"label", "segment"}, "subset"}}``."""
    rows = []
    for video_id, entry in document.items():
        annotations = entry.get("annotations") if isinstance(entry, dict) else None
        annotations = annotations if isinstance(annotations, dict) else {}
        segment = annotations.get("segment")
        start, end = segment if isinstance(segment, list) and len(segment) == 2 else ("", "")
        subset = entry.get("subset") if isinstance(entry, dict) else None
        fields = {"label": annotations.get("label"), "youtube_id": video_id, "split": subset}
        rows.append({**fields, "time_start": start, "time_end": end})
    return rows


KINETICS = ListFormat(
    name="Kinetics",
    form="label,youtube_id,time_start,time_end,split; or its JSON",
    columns=frozenset({"youtube_id", "time_start", "time_end"}),
    convert=convert_kinetics,
)
