"""Videos of a split with all their annotated actions, gathered from the records of an index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from triad.fusion.datasets import Protocol
from triad.fusion.index import Index, Record, group_by_video, label_spans, video_duration
from triad.fusion.predictions.localization import ActionInstance, check_instances, merge_instances
from triad.modalities.checks import fail, shorten

Reason = dict[str, str]
"""``{"id", "reason"}`` of a video that is left out, or one of whose actions is changed or left out."""


@dataclass(frozen=True)
class AnnotatedVideo:
    """Video and its annotated actions.

    Args:
        id: name of the video.
        duration: length in seconds.
        instances: annotated actions; no two of one class overlap.
        record: a record of the video, whose ``sources`` are those of the video.
    """

    id: str
    duration: float
    instances: tuple[ActionInstance, ...]
    record: Record


def gather_videos(index: Index, protocol: Protocol, split: str) -> tuple[list[AnnotatedVideo], list[Reason]]:
    """Return the videos of a split, and a reason for each action or video that is changed or left out.

    Overlapping actions of one class become one: a class is there or not, and no scores of frames could tell them
    apart. A video whose records are of several splits, or have no label, is left out.

    Args:
        index: index of a prepared dataset.
        protocol: rule of the splits.
        split: name of the split.

    Raises:
        InputError: If the split has no video that can be judged.
    """
    videos: list[AnnotatedVideo] = []
    reasons: list[Reason] = []
    for name, records in group_by_video(index.records).items():
        splits = {protocol(record) for record in records}
        if split not in splits:
            continue
        if len(splits) > 1:
            split_names = ", ".join(sorted(map(str, splits)))
            reasons.append({"id": name, "reason": f"dropped: its actions are of several splits ({split_names})"})
            continue
        if not records[0]["sources"]:
            reasons.append({"id": name, "reason": "dropped: video must have a file of some stream, got none"})
            continue
        duration = video_duration(name, records[0], index)
        instances = [ActionInstance(*span) for record in records for span in label_spans(record)]
        if all(record["label"] is None for record in records):
            reasons.append({"id": name, "reason": "dropped: video must be annotated, got no label"})
            continue
        usable, changes = check_instances(instances, duration=duration, num_classes=len(index.classes))
        merged = merge_instances(usable)
        if len(merged) < len(usable):
            more = len(usable) - len(merged)
            changes.append(f"kept: {more} of its actions overlap another of their class and are one with it")
        reasons += [{"id": name, "reason": change} for change in changes]
        videos.append(AnnotatedVideo(name, duration, tuple(merged), records[0]))
    if not videos:
        got = f"none; {reasons[0]['id']}: {reasons[0]['reason']}" if reasons else "none"
        fail(f"split '{split}' of '{index.root}'", "have a video with labels", got, "check the index and the protocol")
    return videos, reasons


def narrow_classes(
    videos: Sequence[AnnotatedVideo], classes: Sequence[str], judged: Sequence[str]
) -> tuple[list[AnnotatedVideo], str]:
    """Return the videos with the actions of some classes, numbered as these are, and a note on what is left out.

    Args:
        videos: videos of a split.
        classes: classes of the videos' labels.
        judged: classes to keep, all of which are among them.
    """
    number_of = {name: number for number, name in enumerate(judged)}
    new_labels = [number_of.get(name) for name in classes]
    narrowed: list[AnnotatedVideo] = []
    num_left_out = 0
    for video in videos:
        instances = [
            item._replace(label=label) for item in video.instances if (label := new_labels[item.label]) is not None
        ]
        num_left_out += len(video.instances) - len(instances)
        narrowed.append(replace(video, instances=tuple(sorted(instances))))
    if len(judged) == len(classes):
        return narrowed, ""
    left_out = [name for name in classes if name not in number_of]
    note = f"judged on {len(judged)} of {len(classes)} classes; without {num_left_out} actions of {shorten(left_out)}"
    return narrowed, note
