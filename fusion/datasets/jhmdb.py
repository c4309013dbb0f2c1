"""J-HMDB: Jhuang et al. 2013, Towards Understanding Action Recognition.

On disk: ``splits/<class>_test_split{1,2,3}.txt`` with rows ``<clip>.avi {1|2}`` (1 train, 2 test); and either of, or
both, ``videos/<class>/<clip>.avi`` and ``joints.npz`` with ``<clip>`` → float32 ``[T, 15, 2]`` in pixels. A clip's name
is ``<source video>_<class>_<body part>_<camera>_<people>_<side>_<quality>_<number>`` (HMDB-51's convention).

For a clip without a video, joints are 30 a second in frames of 320×240, the form of all clips of HMDB-51 (Kuehne et al.
2011), from which these are taken. The authors' counts are of 21 classes. No counts are published of subsets, such as
the 14 classes with 609 clips that circulate with joints, so that none are compared.

Protocols: the three official splits; a fifth of the training source videos validates.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from triad.fusion.datasets import Dataset, by_official_list, share_of_source_videos
from triad.fusion.datasets.hmdb51 import LIST_ENDING, LISTS, read_lists, source_video_of
from triad.fusion.datasets.writer import Dropped, Progress, Recording, SkeletonSpec, find_files, write_dataset
from triad.fusion.index import Record
from triad.modalities.atomic_files import read_arrays
from triad.modalities.checks import check_shape, fail
from triad.modalities.skeleton import Poses, get_layout
from triad.modalities.video import VideoInfo

LAYOUT = "jhmdb15"
FPS = 30.0
SIZE = (240, 320)
CURE = "give the folder that holds splits/, and videos/ or joints.npz"


def prepare_jhmdb(source: Path, out: Path, *, progress: Progress[str] = iter) -> dict[str, Any]:
    """Write the packed skeletons and the index; the videos stay where they are.

    Raises:
        InputError: If the folder is not J-HMDB's.
    """
    class_names = sorted(path.name.removesuffix(LIST_ENDING) for path in (source / "splits").glob(f"*{LIST_ENDING}"))
    if not class_names:
        fail("J-HMDB folder", f"hold splits/<class>{LIST_ENDING}", f"none in '{source}'", CURE)
    listed = {
        clip: (class_name, splits)
        for class_name, clips in read_lists(source / "splits", class_names, cure=CURE).items()
        for clip, splits in clips.items()
        if splits
    }
    video_paths = find_files(source / "videos", ".avi", exclude=out) if (source / "videos").is_dir() else []
    videos = {path.stem: path for path in video_paths}
    joints = read_arrays(source / "joints.npz", cure=CURE) if (source / "joints.npz").exists() else {}
    if not videos and not joints:
        fail("J-HMDB folder", "hold videos/<class>/<clip>.avi or joints.npz", f"neither in '{source}'", CURE)
    existing = {*videos, *joints}
    dropped = [{"id": clip, "reason": "in no official list"} for clip in existing - set(listed)]
    dropped += [{"id": clip, "reason": "in an official list, but there is no file"} for clip in set(listed) - existing]
    clips = sorted(existing & set(listed), key=lambda clip: (listed[clip][0], clip))
    classes = sorted({listed[clip][0] for clip in clips})
    source_videos = {clip: source_video_of(clip, listed[clip][0]) for clip in clips}
    must = "must be named <source>_<class>_…_<number> as in HMDB-51"
    dropped += [
        {"id": clip, "reason": f"the clip {must}, got '{clip}'"} for clip in clips if source_videos[clip] is None
    ]
    dropped_skeletons: list[Dropped] = []

    def recordings() -> Iterator[Recording]:
        for clip in progress([clip for clip in clips if source_videos[clip] is not None]):
            class_name, splits = listed[clip]
            record = {
                "id": clip,
                "label": classes.index(class_name),
                "source_video": source_videos[clip],
                "official": splits,
            }
            skeleton = partial(_read_poses, clip, joints[clip]) if clip in joints else None
            finalize = partial(_finalize, dropped=dropped_skeletons)
            yield Recording(clip, (record,), videos.get(clip), skeleton, finalize=finalize)

    report = write_dataset(
        out,
        recordings(),
        metainfo={
            "dataset": "jhmdb",
            "classes": classes,
            "source": "Jhuang et al. 2013, Towards Understanding Action Recognition",
        },
        skeletons=SkeletonSpec(layout=LAYOUT, fps=None, size=SIZE),
        dropped=dropped,
    )
    report["dropped"] = sorted(
        [*report["dropped"], *dropped_skeletons], key=lambda entry: (entry["id"], entry["reason"])
    )
    return report


def _read_poses(clip: str, joints: np.ndarray) -> Poses:
    if joints.dtype.kind not in "fiu":
        fail(f"joints of '{clip}'", "be numbers", joints.dtype)
    pixels = joints.astype(np.float32)  # [T, V, 2]
    check_shape(f"joints of '{clip}'", pixels, ["T", get_layout(LAYOUT).num_joints, 2])
    return Poses(pixels[None], np.ones((1, *pixels.shape[:2]), np.float32), LAYOUT)


def _finalize(record: Record, info: VideoInfo | None, *, dropped: list[Dropped]) -> Record:
    """Give the skeleton the times and the frame size of its video, or drop it if their lengths differ."""
    sources = record["sources"]
    if "skeleton" not in sources:
        return record
    if info is None:
        return {**record, "sources": {"skeleton": {**sources["skeleton"], "fps": FPS}}}
    other_sources = {name: source for name, source in sources.items() if name != "skeleton"}
    num = sources["skeleton"]["num"]
    if num != info.num_frames:
        reason = f"skeleton: joints must be of {info.num_frames} frames as the video, got {num}"
        dropped.append({"id": record["id"], "reason": reason})
        return {**record, "sources": other_sources}
    clock = {key: sources["rgb"][key] for key in ("fps", "times") if key in sources["rgb"]}
    skeleton = {**sources["skeleton"], **clock, "size": [info.height, info.width]}
    return {**record, "sources": {**other_sources, "skeleton": skeleton}}


JHMDB = Dataset(
    name="jhmdb",
    files="videos/{class}/*.avi, splits/{class}_test_split{1,2,3}.txt, joints.npz.",
    prepare=prepare_jhmdb,
    protocols={name: by_official_list(name, val=share_of_source_videos(0.2)) for name in LISTS},
)
