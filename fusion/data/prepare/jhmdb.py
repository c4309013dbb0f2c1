"""J-HMDB: Jhuang et al. 2013, Towards Understanding Action Recognition (here: the 14 classes with joints at hand).

On disk: ``videos/<class>/<clip>.avi``, ``splits/<class>_test_split{1,2,3}.txt`` with rows ``<clip>.avi {1|2}``
(1 train, 2 test) and ``joints.npz`` with ``<clip>`` → float32 ``[T, 15, 2]`` in pixels. A clip's name is
``<source video>_<class>_<body part>_<camera>_<people>_<side>_<quality>_<number>`` (HMDB-51's convention).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np

from fusion.data.index import Record, write_index
from fusion.data.prepare.building import STORE
from fusion.data.prepare.hmdb51 import read_splits, source_of
from modalities.checks import InputError, check_shape, fail
from modalities.skeleton.layouts import get_layout
from modalities.skeleton.poses import Poses
from modalities.skeleton.store import write_store
from modalities.store import StorageError, read_arrays
from modalities.video import probe

LAYOUT = "jhmdb15"
CURE = "give the folder that holds videos/, splits/ and joints.npz"


def prepare_jhmdb(
    source: Path, out: Path, *, progress: Callable[[list[Path]], Iterable[Path]] = iter
) -> dict[str, Any]:
    """Write the packed skeletons and the index; the videos stay where they are.

    Returns:
        ``dropped``: ``[{"id", "reason"}]`` of clips that could not be used, and the number of ``records``.

    Raises:
        InputError: if the folder is not J-HMDB's.
    """
    videos = sorted((source / "videos").glob("*/*.avi"))
    if not videos:
        fail("J-HMDB folder", "hold videos/<class>/<clip>.avi", f"'{source}'", CURE)
    classes = sorted({path.parent.name for path in videos})
    lists = read_splits(source / "splits", classes, cure=CURE)
    splits = {clip: official for clips in lists.values() for clip, official in clips.items() if official}
    joints = read_arrays(source / "joints.npz", cure=CURE)
    records: list[Record] = []
    dropped: list[dict[str, str]] = []
    with ExitStack() as stack:
        store = stack.enter_context(write_store(out / STORE, layout=LAYOUT)) if joints else None
        for path in progress(videos):
            try:
                record, poses = _read(path, out, classes, splits, joints)
                if poses is not None and store is not None:
                    record["sources"]["skeleton"]["clip"] = store.add(path.stem, poses)
                records.append(record)
            except StorageError:  # the next clip could not be written either
                raise
            except InputError as error:
                dropped.append({"id": path.stem, "reason": str(error)})
        (out / "index.json").unlink(missing_ok=True)  # an earlier one would not fit the store that comes now
    filmed = {path.stem for path in videos}
    dropped += [{"id": name, "reason": "in an official list but has no video"} for name in sorted(set(splits) - filmed)]
    metainfo = {
        "dataset": "jhmdb",
        "classes": classes,
        "streams": {
            "rgb": {"modality": "rgb"},
            "skeleton": {"modality": "skeleton", "layout": LAYOUT, "channels": 2},
        },
        "source": "Jhuang et al. 2013, Towards Understanding Action Recognition",
    }
    write_index(out / "index.json", metainfo, records)
    return {"records": len(records), "dropped": dropped}


def _read(
    path: Path,
    out: Path,
    classes: list[str],
    splits: dict[str, dict[str, str]],
    joints: dict[str, np.ndarray],
) -> tuple[Record, Poses | None]:
    """The record of a clip, and its poses where there are joints."""
    name, label = path.stem, path.parent.name
    film = source_of(name, label)
    if film is None:
        fail(f"clip '{path}'", "be named <source>_<class>_…_<number>.avi as in HMDB-51", name)
    if name not in splits:
        fail(f"clip '{path}'", "be in an official list", "in none")
    info = probe(path)
    video = os.path.relpath(path.resolve(), out.resolve())
    sources: dict[str, Any] = {"rgb": {"path": video, "num": info.num_frames, "fps": info.fps}}
    poses = None
    if name in joints:
        if joints[name].dtype.kind not in "fiu":
            fail(f"joints of '{path}'", "be numbers", joints[name].dtype)
        pixels = joints[name].astype(np.float32)  # [T, V, 2]
        check_shape(f"joints of '{path}'", pixels, ["T", get_layout(LAYOUT).num_joints, 2], T=info.num_frames)
        if not np.isfinite(pixels).all():
            fail(f"joints of '{path}'", "be finite", "NaN or infinity")
        poses = Poses(pixels[None], np.ones((1, *pixels.shape[:2]), np.float32), LAYOUT)
        size = [info.height, info.width]
        sources["skeleton"] = {"path": STORE, "num": len(pixels), "fps": info.fps, "size": size}
    record = {
        "id": name,
        "label": classes.index(label),
        "video": video,
        "num_frames": info.num_frames,
        "fps": info.fps,
        "source_video": film,
        "official": splits[name],
        "sources": sources,
    }
    return record, poses
