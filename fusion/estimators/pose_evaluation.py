"""An extracted stream of poses beside the annotated joints of the same videos."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from fusion.index import Index, Record
from modalities.checks import check_choice, fail
from modalities.clips import Source
from modalities.skeleton import PoseReader, Poses, get_layout
from modalities.skeleton.metrics.pose import PoseEvaluation, evaluate_pose

ANNOTATED = "name that of the annotated joints with --truth; J-HMDB has one"
CURE = "python tools/extract.py OUT --pose NAME … makes one, --status says which videos failed"


def evaluate_poses(
    index: Index,
    stream: str,
    *,
    truth: str = "skeleton",
    track: Callable[[list[Record]], Iterable[Record]] = iter,
) -> Iterator[PoseEvaluation]:
    """Every record that has both, on the frames of its video.

    Args:
        index: of the dataset.
        stream: of estimated poses.
        truth: of annotated joints.
        track: shows how far it is.

    Raises:
        InputError: if a stream is not one of 2D joints, or no record has both.
    """
    streams = index.metainfo["streams"]
    poses = [each for each, info in streams.items() if get_dims(info) == 2]
    if not poses:
        fail(f"'{index.root}'", "hold streams of 2D joints", ", ".join(streams), CURE)
    check_choice(f"stream of 2D joints in '{index.root}'", stream, poses)
    others = [name for name in poses if name != stream]
    if truth not in others:
        there = f"beside '{stream}' {', '.join(others) or 'none'}"
        fail(f"'{index.root}'", f"hold '{truth}', a stream of true 2D joints", there, ANNOTATED)
    records = [record for record in index.records if {stream, truth} <= record["sources"].keys()]
    if not records:
        fail(f"records of '{index.root}'", f"have '{stream}' and '{truth}'", "none with both", CURE)
    for record in track(records):
        sources = [index.source(record, name) for name in (stream, truth)]
        estimate, true = (_poses(index, name, source) for name, source in zip((stream, truth), sources, strict=True))
        size = sources[0].size_hw if sources[0] is not None else None
        if size is None:
            fail(f"source '{stream}' of '{record['id']}'", 'give "size": [H, W] of its frames', "none", CURE)
        label = None if record["label"] is None else index.classes[record["label"]]
        yield evaluate_pose(estimate, true, size_hw=size, name=record["id"], label=label)


def get_dims(info: dict[str, object]) -> int | None:
    """Of a stream's joints, or None where it has none."""
    return get_layout(str(info["layout"])).dims if info.get("layout") else None


def _poses(index: Index, stream: str, source: Source | None) -> Poses:
    """All poses of a source, in pixels of its own frames."""
    layout = index.metainfo["streams"][stream]["layout"]
    if source is None or source.size_hw is None:
        fail(f"source '{stream}'", 'give "size": [H, W] of its frames', "none", CURE)
    times = source.entry_times
    clip = PoseReader(layout=layout, frame_size=source.size_hw).read(source, times, np.ones(len(times), bool))
    return Poses(clip.keypoints, clip.scores, layout)
