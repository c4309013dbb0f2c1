"""Evaluation of an extracted stream of poses against the annotated joints of the same videos."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from triad.fusion.index import Index, Record, single_label
from triad.modalities.checks import check_choice, fail
from triad.modalities.clips import Source
from triad.modalities.skeleton import PoseReader, Poses, get_layout
from triad.modalities.skeleton.metrics import PoseEvaluation, evaluate_pose

TRUTH_CURE = "name that of the annotated joints with --truth; J-HMDB has one"
CURE = "triad extract OUT --pose NAME … makes one, --status says which videos failed"


def evaluate_poses(
    index: Index,
    stream: str,
    *,
    truth: str = "skeleton",
    track: Callable[[list[Record]], Iterable[Record]] = iter,
) -> Iterator[PoseEvaluation]:
    """Yield the evaluation of every record that has both streams, on the frames of its video.

    Args:
        index: index of the dataset.
        stream: name of the stream of estimated poses.
        truth: name of the stream of annotated joints.
        track: wrapper of the records that shows the progress.

    Raises:
        InputError: If a stream is not one of 2D joints, or no record has both.
    """
    streams = index.metainfo["streams"]
    pose_streams = [name for name, info in streams.items() if _dims_of(info) == 2]
    if not pose_streams:
        fail(f"'{index.root}'", "hold streams of 2D joints", ", ".join(streams), CURE)
    check_choice(f"stream of 2D joints in '{index.root}'", stream, pose_streams)
    truth_streams = [name for name in pose_streams if name != stream]
    if truth not in truth_streams:
        got = f"beside '{stream}' {', '.join(truth_streams) or 'none'}"
        fail(f"'{index.root}'", f"hold '{truth}', a stream of true 2D joints", got, TRUTH_CURE)
    records = [record for record in index.records if {stream, truth} <= record["sources"].keys()]
    if not records:
        fail(f"records of '{index.root}'", f"have '{stream}' and '{truth}'", "none with both", CURE)
    for record in track(records):
        source = index.source(record, stream)
        estimated_poses = _read_poses(index, stream, source)
        true_poses = _read_poses(index, truth, index.source(record, truth))
        if source is None or source.size_hw is None:
            fail(f"source '{stream}' of '{record['id']}'", 'give "size": [H, W] of its frames', "none", CURE)
        number = single_label(record, "poses are measured by the one class of a clip")
        label = None if number is None else index.classes[number]
        yield evaluate_pose(estimated_poses, true_poses, size_hw=source.size_hw, name=record["id"], label=label)


def _dims_of(info: Mapping[str, Any]) -> int | None:
    """Return the number of dimensions of a stream's joints, or None where it has none."""
    return get_layout(str(info["layout"])).dims if info.get("layout") else None


def _read_poses(index: Index, stream: str, source: Source | None) -> Poses:
    """Return all poses of a source, in pixels of its own frames."""
    layout = index.metainfo["streams"][stream]["layout"]
    if source is None or source.size_hw is None:
        fail(f"source '{stream}'", 'give "size": [H, W] of its frames', "none", CURE)
    times = source.entry_times
    clip = PoseReader(layout=layout, frame_size=source.size_hw).read(source, times, np.ones(len(times), bool))
    return Poses(clip.keypoints, clip.scores, layout)
