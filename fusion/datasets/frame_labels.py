"""Frame-wise labels of long recordings as text files, and the preparation of datasets that have them.

A file has either one class a frame, or rows ``first-last class`` with frames from 1.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from triad.fusion.datasets.segments import Segment, cut_to_video, segment_records
from triad.fusion.datasets.writer import Dropped, Progress, Recording, find_files, write_dataset
from triad.modalities.checks import InputError, fail, read_text

MAX_FRAMES = 10_000_000
"""Frames of a recording: four days at 30 frames per second."""


def read_frame_labels(path: Path, classes: Sequence[str]) -> list[Segment]:
    """Return the segments of one class each, in their order.

    Raises:
        InputError: naming the line, if it is of no form, or the class is unknown.
    """
    lines = read_text("labels", path, "download them again").splitlines()
    while lines and not lines[-1].strip():
        lines.pop()
    if len(lines) > MAX_FRAMES:
        fail(f"'{path}'", f"have at most {MAX_FRAMES} frames", len(lines))
    labels = {name: label for label, name in enumerate(classes)}
    rows = [re.fullmatch(r"\s*(\d{1,8})-(\d{1,8})\s+(\S+)\s*", line) for line in lines]
    if rows and all(rows):
        return [
            Segment(_label_of(path, number, row[3], labels), int(row[1]) - 1, int(row[2]))
            for number, row in enumerate(rows, 1)
            if row is not None
        ]
    segments: list[Segment] = []
    first = 0
    for name, group in groupby(line.strip() for line in lines):
        num_frames = sum(1 for _ in group)
        segments.append(Segment(_label_of(path, first + 1, name, labels), first, first + num_frames))
        first += num_frames
    return segments


def _label_of(path: Path, line: int, name: str, labels: Mapping[str, int]) -> int:
    if name not in labels:
        fail(f"line {line} of '{path}'", f"end with one of the {len(labels)} classes", f"'{name[:60]}'")
    return labels[name]


def prepare_frame_labels(
    source: Path,
    out: Path,
    *,
    dataset: str,
    classes: Sequence[str],
    paper: str,
    fps: float,
    label_endings: tuple[str, ...],
    name_of: Callable[[Path], str | None],
    fields_of: Callable[[str], Mapping[str, Any]],
    cure: str,
    progress: Progress[str] = iter,
) -> dict[str, Any]:
    """Write the index, one record a segment; the videos stay where they are.

    Args:
        source: folder of labels and videos.
        out: output folder.
        dataset: name of the dataset.
        classes: names of the classes in the order of their labels.
        paper: authors, year and title.
        fps: frames per second of the labels.
        label_endings: endings of label files; all other files with a name are videos.
        name_of: function from the path of a file to the name of its recording; None for other files.
        fields_of: function from the name of a recording to the fields of its records.
        cure: advice for a folder without recordings.
        progress: wrapper of the list of recordings that shows the progress.

    Raises:
        InputError: If no recording has labels and a video.
    """
    label_paths: dict[str, Path] = {}
    video_paths: dict[str, Path] = {}
    dropped: list[Dropped] = []
    for path in find_files(source, *label_endings, ".avi", ".mp4", exclude=out):
        name = name_of(path)
        if name is None:
            continue
        paths = label_paths if path.name.endswith(label_endings) else video_paths
        if paths.setdefault(name, path) != path:
            dropped.append({"id": name, "reason": f"'{path}' is there twice, also '{paths[name]}'"})
    if not label_paths:
        fail("source", "hold labels and videos of the dataset", f"no labels in '{source}'", cure)
    dropped += [{"id": name, "reason": "not annotated"} for name in video_paths if name not in label_paths]
    dropped += [
        {"id": name, "reason": "annotated, but there is no video"} for name in label_paths if name not in video_paths
    ]
    recordings: dict[str, Recording] = {}
    durations: dict[str, float] = {}
    for name in sorted(label_paths.keys() & video_paths.keys()):
        try:
            segments = read_frame_labels(label_paths[name], classes)
            fields = fields_of(name)
        except InputError as error:
            dropped.append({"id": name, "reason": str(error)})
            continue
        records, invalid = segment_records(name, segments, fields=fields, num_classes=len(classes), fps=fps)
        dropped += invalid
        durations[name] = max((segment.end for segment in segments), default=0) / fps
        recordings[name] = Recording(name, records, video=video_paths[name], finalize=cut_to_video)
    return write_dataset(
        out,
        (recordings[name] for name in progress(list(recordings))),
        metainfo={"dataset": dataset, "classes": list(classes), "source": paper, "durations": durations},
        dropped=dropped,
    )
