"""Annotation pickles of pyskl and mmaction2: a whole dataset of clips and its splits in one file, read and written."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, overload

import numpy as np

from modalities.atomic_files import atomic_write
from modalities.checks import check_choice, fail
from modalities.skeleton.layouts import get_layout
from modalities.skeleton.poses import Poses
from modalities.skeleton.readers.files import CURE, KINECT, load, shown, to_poses
from modalities.skeleton.readers.plain_pickle import read_plain_pickle

KINECTS = ("kinect20", "ntu25", "ntu25_agcn")


@dataclass(frozen=True)
class Annotation:
    """A clip as these toolkits describe it.

    Args:
        id: its ``frame_dir``.
        label: number of its class; None where it has none.
        poses: its poses.
        size: height and width of its frames in pixels, where they are known; 2D needs them.
    """

    id: str
    label: int | None
    poses: Poses
    size: tuple[int, int] | None = None


class Annotations(Sequence[Annotation]):
    """Clips of an annotation file; each is checked and made when it is asked for, so that a bad one spoils no other.

    Args:
        path: named in errors.
        clips: what the file says of each.
        splits: ids of the clips of each split; empty where the file has none.
        layout: name of the joint layout.
    """

    def __init__(self, path: str | Path, clips: list[Any], splits: dict[str, list[str]], *, layout: str) -> None:
        self.path, self.splits, self.layout = Path(path), splits, get_layout(layout)
        self._clips = clips

    def __len__(self) -> int:
        return len(self._clips)

    @overload
    def __getitem__(self, index: int) -> Annotation: ...
    @overload
    def __getitem__(self, index: slice) -> list[Annotation]: ...
    def __getitem__(self, index: int | slice) -> Annotation | list[Annotation]:
        """The clip of that number.

        Raises:
            InputError: naming file and clip, if its poses are not of the layout, damaged, or show nobody.
        """
        if isinstance(index, slice):
            return [self[place] for place in range(len(self))[index]]
        name, clip = self.name(index), self._clips[index]
        where = f"{self.path}: clip {name[:200]}"
        return Annotation(name, _label(where, clip.get("label")), self._poses(where, clip), _size(where, clip))

    def name(self, index: int) -> str:
        """The ``frame_dir`` of the clip of that number; its poses are not looked at.

        Raises:
            InputError: naming file and clip, if it has none.
        """
        clip = self._clips[index]
        if not isinstance(clip, dict):
            fail(f"'{self.path}': annotation {index}", "be a dictionary", type(clip).__name__, CURE)
        name = clip.get("frame_dir", clip.get("filename"))
        if not isinstance(name, str) or not name.isprintable() or not name:
            got = f"'{shown(name)}'" if isinstance(name, str) else type(name).__name__
            fail(f"'{self.path}': frame_dir of annotation {index}", "be a name", got, CURE)
        return str(name)

    def _poses(self, where: str, clip: dict[str, Any]) -> Poses:
        must = f"[M, T, {self.layout.num_joints}, {self.layout.dims}]"
        points = _numbers(where, "keypoint", clip.get("keypoint"), must, 4)
        scores = np.any(points != 0, axis=-1)
        if clip.get("keypoint_score") is not None:
            scores = _numbers(where, "keypoint_score", clip["keypoint_score"], str(list(points.shape[:3])), 3)
        frames = clip.get("total_frames")
        if scores.shape != points.shape[:3]:
            fail(f"'{where}': keypoint_score", f"have shape {list(points.shape[:3])}", list(scores.shape), CURE)
        if frames is not None and (not isinstance(frames, (int, np.integer)) or frames != points.shape[1]):
            got = frames if isinstance(frames, np.integer) or type(frames) is int else type(frames).__name__
            fail(f"'{where}': total_frames", f"be {points.shape[1]} as keypoint has", str(got)[:30], CURE)
        if self.layout.name in KINECTS:
            points = points * KINECT
        return to_poses(where, points, scores, layout=self.layout.name)


def read_annotations(path: str | Path, *, layout: str) -> Annotations:
    """The clips and splits of an annotation pickle, ``{"split", "annotations"}`` or a list of annotations.

    Duan et al. 2022, PYSKL: Towards Good Practices for Skeleton Action Recognition. Each annotation has ``frame_dir``,
    ``label``, ``keypoint`` ``[M, T, V, C]``, ``total_frames`` and, if 2D, ``keypoint_score`` ``[M, T, V]`` and
    ``img_shape``. Kinect's joints are in its frame there, and turned into ours. Without scores a joint is lost where
    all its values are 0. Nothing in the file is executed.

    Args:
        path: file.
        layout: name of the joint layout, which the file does not tell.

    Raises:
        InputError: if the file names anything but numpy arrays and builtin containers, is damaged, or of another kind.
    """
    document = read_plain_pickle(path, load(path))
    clips, splits = document, {}
    if isinstance(document, dict):
        clips, splits = document.get("annotations"), document.get("split", {})
    if not isinstance(clips, list):
        fail(f"'{path}'", "hold a list of annotations", type(clips).__name__, CURE)
    if not isinstance(splits, dict):
        fail(f"'{path}': split", "be a dictionary of lists", type(splits).__name__, CURE)
    for split, names in splits.items():
        if not isinstance(names, (list, tuple, set)) or not all(isinstance(name, str) for name in names):
            fail(f"'{path}': split '{shown(split)}'", "be a list of names", type(names).__name__, CURE)
    return Annotations(path, clips, {str(split): list(names) for split, names in splits.items()}, layout=layout)


def write_annotations(
    path: str | Path,
    clips: Iterable[Annotation],
    *,
    splits: Mapping[str, Sequence[str]],
    dtype: str = "float32",
) -> None:
    """Write what :func:`read_annotations` reads, and pyskl and mmaction2 train on.

    Kinect's joints are in its frame there. 3D has no scores: a lost joint lies at the origin. Pixels of 3D layouts
    are left out.

    Args:
        path: file, ending with ``.pkl``.
        clips: all of one layout.
        splits: ids of the clips of each split.
        dtype: ``float32``, or ``float16`` as the published files.

    Raises:
        InputError: if ids are not unique, a split names a clip that is not there, layouts differ, or a 2D clip has no
            size.
        StorageError: when the disk is full or the folder cannot be written.
    """
    check_choice("dtype of annotations", dtype, ("float16", "float32"))
    rows: dict[str, dict[str, Any]] = {}
    layout = None
    for clip in clips:
        if clip.id in rows:
            fail("ids of annotations", "differ", f"'{clip.id}' twice")
        if clip.poses.layout != (layout := layout or clip.poses.layout):
            fail(f"layout of clip '{clip.id}'", f"be '{layout}' as the clips before it", f"'{clip.poses.layout}'")
        rows[clip.id] = _row(clip, dtype)
    for split, names in splits.items():
        if unknown := [name for name in names if name not in rows]:
            fail(f"split '{split}'", "name clips that are there", f"'{unknown[0]}'")
    if not rows:
        fail(f"annotations '{path}'", "have clips", "none")
    document = {"split": {split: list(names) for split, names in splits.items()}, "annotations": list(rows.values())}
    with atomic_write(path) as temporary, temporary.open("wb") as file:
        pickle.dump(document, file, protocol=4)


def _row(clip: Annotation, dtype: str) -> dict[str, Any]:
    poses = clip.poses
    points = np.where(poses.scores[..., None] > 0, poses.keypoints, np.float32(0))  # in 3D nothing else says it is lost
    with np.errstate(over="ignore"):
        points = (points * KINECT if poses.layout in KINECTS else points).astype(dtype)
    if not np.isfinite(points).all():
        fail(f"keypoints of clip '{clip.id}'", f"fit {dtype}", "larger ones", "use float32")
    row: dict[str, Any] = {"frame_dir": clip.id, "label": clip.label, "keypoint": points, "total_frames": poses.num}
    if get_layout(poses.layout).dims == 2:
        if clip.size is None:
            fail(f"size of 2D clip '{clip.id}'", "be its frames' height and width", "none")
        row["keypoint_score"] = poses.scores.astype(dtype)
    if clip.size is not None:
        row["img_shape"] = row["original_shape"] = (int(clip.size[0]), int(clip.size[1]))
    return row


def _numbers(where: str, name: str, array: Any, must: str, axes: int) -> np.ndarray:
    """An array of numbers that is not empty: an empty one can claim any size."""
    if not isinstance(array, np.ndarray) or array.dtype.kind not in "fiub":
        fail(f"'{where}': {name}", f"be an array of numbers {must}", type(array).__name__, CURE)
    if array.ndim != axes or 0 in array.shape:
        fail(f"'{where}': {name}", f"have shape {must} and values", list(array.shape), "leave it out")
    return array


def _label(where: str, label: Any) -> int | None:
    if label is None:
        return None
    if not isinstance(label, (int, np.integer)) or not 0 <= label < 2**31:
        fail(f"'{where}': label", "be the number of a class", type(label).__name__, CURE)
    return int(label)


def _size(where: str, clip: dict[str, Any]) -> tuple[int, int] | None:
    size = clip.get("img_shape", clip.get("original_shape"))
    if size is None:
        return None
    values = size.tolist() if isinstance(size, np.ndarray) and size.shape == (2,) else size
    if (
        not isinstance(values, (tuple, list))
        or len(values) != 2
        or not all(isinstance(value, (int, np.integer)) and 0 < value < 2**31 for value in values)
    ):
        fail(f"'{where}': img_shape", "be height and width", type(size).__name__, CURE)
    return int(values[0]), int(values[1])
