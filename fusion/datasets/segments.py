"""Records of long recordings: one for each annotated segment; all share the files of the recording."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from triad.fusion.datasets.writer import Dropped
from triad.fusion.index import Record
from triad.modalities.checks import InputError, fail
from triad.modalities.video import VideoInfo


class Segment(NamedTuple):
    """Annotated action.

    Attributes:
        label: class index.
        first: first frame, from 0.
        end: frame at whose display the action is over.
        fields: further fields of its record.
    """

    label: int
    first: int
    end: int
    fields: Mapping[str, Any] = {}


def segment_records(
    recording: str,
    segments: Sequence[Segment],
    *,
    fields: Mapping[str, Any],
    num_classes: int,
    fps: float,
    num_frames: int | None = None,
) -> tuple[tuple[Record, ...], list[Dropped]]:
    """Return a numbered record a segment, in their order, and the segments that are invalid.

    The labels of a moment are those of all records that span it. A segment that ends after the recording is cut. A
    recording without a segment is invalid too: nobody said that it shows no class.

    Args:
        recording: name of the recording, ``source_video`` of the records.
        segments: segments of the recording; they may overlap.
        fields: fields that all records share.
        num_classes: number of classes.
        fps: frames per second of the annotation.
        num_frames: number of frames of the recording, where the annotation says so.
    """
    records: list[Record] = []
    dropped: list[Dropped] = [] if segments else [{"id": recording, "reason": "annotated with no action"}]
    for number, segment in enumerate(segments):
        record_id = f"{recording}_{number:04d}"
        try:
            _check_segment(segment, num_classes, num_frames)
        except InputError as error:
            dropped.append({"id": record_id, "reason": str(error)})
            continue
        end = segment.end if num_frames is None else min(segment.end, num_frames)
        span = {"start": segment.first / fps, "end": end / fps}
        source = {"source_video": recording}
        records.append({"id": record_id, "label": segment.label, **source, **fields, **segment.fields, **span})
    return tuple(records), dropped


def cut_to_video(record: Record, info: VideoInfo | None) -> Record:
    """Return a record whose end is not after that of the video.

    Raises:
        InputError: If it starts after the video.
    """
    if info is None:
        return record
    end = info.num_frames / info.fps
    if record["start"] >= end:
        fail("segment", f"start before the end of the video at {end:.2f} s", f"{record['start']:.2f} s")
    return {**record, "end": min(record["end"], end)}


def _check_segment(segment: Segment, num_classes: int, num_frames: int | None) -> None:
    if not 0 <= segment.label < num_classes:
        fail("class of a segment", f"be from 0 to {num_classes - 1}", segment.label)
    if not 0 <= segment.first < segment.end:
        fail("segment", "end after it begins", f"frames {segment.first} to {segment.end}")
    if num_frames is not None and segment.first >= num_frames:
        fail("segment", f"begin within the {num_frames} frames of the recording", f"frame {segment.first}")
