"""Lists of mmaction2 without header: rows ``path label`` of videos, or ``folder num_frames label`` of pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from triad.fusion.datasets.custom.lists.list_format import ListFormat, VideoFiles
from triad.modalities.checks import fail

LABELS = re.compile(r"\s+(?P<labels>\d+(?:\s+\d+)*)$")
QUOTED = re.compile(r"""(?P<quote>["'])(?P<path>.+)(?P=quote)\s+(?P<labels>\d+(?:\s+\d+)*)$""")
VIDEO_NAME = re.compile(r"\.[A-Za-z]\w{1,3}$")
"""Ending of a file name."""


def is_video_list(text: str) -> bool:
    """Return whether the first row is one of such a list, and no header of a table."""
    first_row = next((row.strip() for row in text.splitlines() if row.strip()), "")
    return LABELS.search(first_row) is not None and re.search(r"[,;\t]\s*\d+$", first_row) is None


def read_video_list(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield location, and ``path`` and ``label`` of each row; several labels of a video are one text, ``3 5``.

    Paths may be quoted and hold spaces. Of two numbers after a folder the first is that of its pictures.
    """
    for number, line in enumerate(text.splitlines(), 1):
        row = line.strip()
        if not row or row.startswith("#"):
            continue
        match = QUOTED.fullmatch(row) or LABELS.search(row)
        if match is None:
            yield f"line {number}", {"path": row, "label": ""}
            continue
        path = match["path"] if match.re is QUOTED else row[: match.start()]
        labels = match["labels"].split()
        if len(labels) == 2 and VIDEO_NAME.search(path) is None:
            labels = labels[1:]
        yield f"line {number}", {"path": path, "label": " ".join(labels)}


def convert_video_list(values: Mapping[str, str], videos: VideoFiles) -> dict[str, str]:
    """Return the row of a table.

    Raises:
        InputError: If the clip has no label, or several.
    """
    labels = values["label"].split()
    if not labels:
        cure = "write 'path label', the label a number; lists of a test without labels are of no use"
        fail(f"row '{values['path'][:80]}'", "end with a label", "none", cure)
    if len(labels) == 3 and VIDEO_NAME.search(values["path"]) is None:
        cure = "rows with an offset are not read: name seconds in a table"
        fail(f"row '{values['path']}'", "be 'folder num_frames label'", f"three numbers, {', '.join(labels)}", cure)
    if len(labels) > 1:
        fail(f"'{values['path']}'", "have one label", f"{len(labels)}, {', '.join(labels)}", "a clip has one label")
    return dict(values)


VIDEO_LIST = ListFormat(
    name="mmaction2",
    form="rows 'path label', or 'folder num_frames label' of pictures",
    columns=frozenset({"path", "label"}),
    convert=convert_video_list,
)
