"""J-HMDB: Jhuang et al. 2013, Towards Understanding Action Recognition.

On disk: ``splits/<class>_test_split{1,2,3}.txt`` with rows ``<clip>.avi {1|2}`` (1 train, 2 test); and either of, or
both, ``videos/<class>/<clip>.avi`` and ``joints.npz`` with ``<clip>`` → float32 ``[T, 15, 2]`` in pixels. A clip's name
is ``<source video>_<class>_<body part>_<camera>_<people>_<side>_<quality>_<number>`` (HMDB-51's convention).

Where a clip has no video, its joints are 30 a second, to which Kuehne et al. 2011 brought all of HMDB-51, whose clips
these are, in frames of 320×240. The authors' counts are of 21 classes; whoever has fewer, as the 14 with 609 clips that
circulate with joints, has a subset of which no counts are published, so that none are compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from fusion.datasets.hmdb51 import ENDING, read_splits, source_of
from fusion.datasets.writer import Dropped, Recording, Skeletons, build, find_files
from fusion.index.index import Record
from modalities.atomic_files import read_arrays
from modalities.checks import check_shape, fail
from modalities.skeleton.layouts import get_layout
from modalities.skeleton.poses import Poses
from modalities.video import VideoInfo

LAYOUT = "jhmdb15"
FPS = 30.0
SIZE = (240, 320)
CURE = "give the folder that holds splits/, and videos/ or joints.npz"


def prepare_jhmdb(source: Path, out: Path, *, progress: Callable[[list[str]], Iterable[str]] = iter) -> dict[str, Any]:
    """Write the packed skeletons and the index; the videos stay where they are.

    Returns:
        the number of ``records``, and ``dropped``: ``[{"id", "reason"}]`` of clips, or of parts of them.

    Raises:
        InputError: if the folder is not J-HMDB's.
    """
    labels = sorted(path.name.removesuffix(ENDING) for path in (source / "splits").glob(f"*{ENDING}"))
    if not labels:
        fail("J-HMDB folder", f"hold splits/<class>{ENDING}", f"none in '{source}'", CURE)
    listed = {
        clip: (label, official)
        for label, clips in read_splits(source / "splits", labels, cure=CURE).items()
        for clip, official in clips.items()
        if official
    }
    filmed = find_files(source / "videos", ".avi", without=out) if (source / "videos").is_dir() else []
    videos = {path.stem: path for path in filmed}
    joints = read_arrays(source / "joints.npz", cure=CURE) if (source / "joints.npz").exists() else {}
    if not videos and not joints:
        fail("J-HMDB folder", "hold videos/<class>/<clip>.avi or joints.npz", f"neither in '{source}'", CURE)
    there = {*videos, *joints}
    dropped = [{"id": name, "reason": "in no official list"} for name in there - set(listed)]
    dropped += [{"id": name, "reason": "in an official list, but there is no file"} for name in set(listed) - there]
    clips = sorted(there & set(listed), key=lambda name: (listed[name][0], name))
    classes = sorted({listed[name][0] for name in clips})
    films = {name: source_of(name, listed[name][0]) for name in clips}
    must = "must be named <source>_<class>_…_<number> as in HMDB-51"
    dropped += [{"id": name, "reason": f"the clip {must}, got '{name}'"} for name in clips if films[name] is None]
    late: list[Dropped] = []

    def recordings() -> Iterator[Recording]:
        for name in progress([name for name in clips if films[name] is not None]):
            label, official = listed[name]
            row = {"id": name, "label": classes.index(label), "source_video": films[name], "official": official}
            skeleton = partial(_poses, name, joints[name]) if name in joints else None
            yield Recording(name, (row,), videos.get(name), skeleton, partial(_fit, late=late))

    report = build(
        out,
        recordings(),
        metainfo={
            "dataset": "jhmdb",
            "classes": classes,
            "source": "Jhuang et al. 2013, Towards Understanding Action Recognition",
        },
        skeletons=Skeletons(layout=LAYOUT, fps=None, size=SIZE),
        dropped=dropped,
    )
    report["dropped"] = sorted([*report["dropped"], *late], key=lambda row: (row["id"], row["reason"]))
    return report


def _poses(name: str, joints: np.ndarray) -> Poses:
    if joints.dtype.kind not in "fiu":
        fail(f"joints of '{name}'", "be numbers", joints.dtype)
    pixels = joints.astype(np.float32)  # [T, V, 2]
    check_shape(f"joints of '{name}'", pixels, ["T", get_layout(LAYOUT).num_joints, 2])
    return Poses(pixels[None], np.ones((1, *pixels.shape[:2]), np.float32), LAYOUT)


def _fit(record: Record, info: VideoInfo | None, *, late: list[Dropped]) -> Record:
    """The skeleton on the clock of its video and in its pixels; without it where they are not of one length."""
    sources = record["sources"]
    if "skeleton" not in sources:
        return record
    if info is None:
        return {**record, "sources": {"skeleton": {**sources["skeleton"], "fps": FPS}}}
    rest = {name: entry for name, entry in sources.items() if name != "skeleton"}
    num = sources["skeleton"]["num"]
    if num != info.num_frames:
        reason = f"skeleton: joints must be of {info.num_frames} frames as the video, got {num}"
        late.append({"id": record["id"], "reason": reason})
        return {**record, "sources": rest}
    clock = {key: sources["rgb"][key] for key in ("fps", "times") if key in sources["rgb"]}
    skeleton = {**sources["skeleton"], **clock, "size": [info.height, info.width]}
    return {**record, "sources": {**rest, "skeleton": skeleton}}
