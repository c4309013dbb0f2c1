"""Annotation pickles of pyskl and mmaction2: the clips and splits of a whole dataset in one file."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, overload

import numpy as np

from modalities.atomic_files import atomic_write
from modalities.checks import check_choice, fail, printable
from modalities.safe_pickle import CURE, read_pickle
from modalities.skeleton.layouts import get_layout
from modalities.skeleton.poses import Poses
from modalities.skeleton.readers.file_bytes import read_bytes
from modalities.skeleton.readers.pose_arrays import KINECT_AXES, build_poses

KINECT_LAYOUTS = ("kinect20", "ntu25", "ntu25_agcn")


@dataclass(frozen=True)
class Annotation:
    """A clip of an annotation file.

    Args:
        id: its ``frame_dir``.
        label: number of its class; None where it has none.
        poses: poses of all its frames.
        size: height and width of its frames in pixels, None where unknown; 2D clips need it to be written.
    """

    id: str
    label: int | None
    poses: Poses
    size: tuple[int, int] | None = None


class Annotations(Sequence[Annotation]):
    """The clips of an annotation file; each is checked when it is accessed, so that a bad one spoils no other.

    Args:
        path: name of the file in errors.
        clips: entries of the file, one a clip.
        splits: ids of the clips of each split; empty where the file has none.
        layout: name of the joint layout.
        classes: names of the classes in the order of the labels; empty where the file has none, as files of pyskl.
    """

    def __init__(
        self,
        path: str | Path,
        clips: list[Any],
        splits: dict[str, list[str]],
        *,
        layout: str,
        classes: Sequence[str] = (),
    ) -> None:
        self.path = Path(path)
        self.splits = splits
        self.classes = tuple(classes)
        self.layout = get_layout(layout)
        self._clips = clips

    def __len__(self) -> int:
        return len(self._clips)

    @overload
    def __getitem__(self, index: int) -> Annotation: ...
    @overload
    def __getitem__(self, index: slice) -> list[Annotation]: ...
    def __getitem__(self, index: int | slice) -> Annotation | list[Annotation]:
        """Return the clip of that number, or the clips of a slice.

        Raises:
            InputError: naming file and clip, if its poses are not of the layout, damaged, or show nobody.
        """
        if isinstance(index, slice):
            return [self[number] for number in range(len(self))[index]]
        clip_id = self.clip_id(index)
        clip = self._clips[index]
        subject = f"{self.path}: clip {clip_id[:200]}"
        return Annotation(
            clip_id, _read_label(subject, clip.get("label")), self._read_poses(subject, clip), _read_size(subject, clip)
        )

    def clip_id(self, index: int) -> str:
        """Return the ``frame_dir`` of the clip of that number, without a look at its poses.

        Raises:
            InputError: naming file and clip, if it has none.
        """
        clip = self._clips[index]
        if not isinstance(clip, dict):
            fail(f"'{self.path}': annotation {index}", "be a dictionary", type(clip).__name__, CURE)
        name = clip.get("frame_dir", clip.get("filename"))
        if not isinstance(name, str) or not name.isprintable() or not name:
            got = f"'{printable(name)}'" if isinstance(name, str) else type(name).__name__
            fail(f"'{self.path}': frame_dir of annotation {index}", "be a name", got, CURE)
        return str(name)

    def _read_poses(self, subject: str, clip: dict[str, Any]) -> Poses:
        shape = f"[M, T, {self.layout.num_joints}, {self.layout.dims}]"
        points = _read_array(subject, "keypoint", clip.get("keypoint"), shape, 4)
        scores = np.any(points != 0, axis=-1)
        if clip.get("keypoint_score") is not None:
            scores = _read_array(subject, "keypoint_score", clip["keypoint_score"], str(list(points.shape[:3])), 3)
        if scores.shape != points.shape[:3]:
            must = f"have shape {list(points.shape[:3])}"
            fail(f"'{subject}': keypoint_score", must, list(scores.shape), CURE)
        num_frames = clip.get("total_frames")
        if num_frames is not None and (not _is_integer(num_frames) or num_frames != points.shape[1]):
            got = type(num_frames).__name__
            if _is_integer(num_frames):
                got = str(num_frames) if abs(num_frames) < 2**63 else "a larger number"  # str() refuses 4300 digits
            fail(f"'{subject}': total_frames", f"be {points.shape[1]} as keypoint has", got, CURE)
        if self.layout.name in KINECT_LAYOUTS:
            points = points * KINECT_AXES
        return build_poses(subject, points, scores, layout=self.layout.name)


def read_annotations(path: str | Path, *, layout: str) -> Annotations:
    """Read the clips and splits of an annotation pickle, ``{"split", "annotations"}`` or a list of annotations.

    Duan et al. 2022, PYSKL: Towards Good Practices for Skeleton Action Recognition. Each annotation has ``frame_dir``,
    ``label``, ``keypoint`` ``[M, T, V, C]``, ``total_frames`` and, if 2D, ``keypoint_score`` ``[M, T, V]`` and
    ``img_shape``. Joints of Kinect are in its axes there, and turned into ours. Without scores a joint is missing where
    all its values are 0. Nothing in the file is executed.

    Args:
        path: path of the file.
        layout: name of the joint layout, which the file does not hold.

    Raises:
        InputError: If the file names more than numpy arrays and builtin containers, is damaged, or of another kind.
    """
    document = read_pickle(path, read_bytes(path))
    clips = document
    splits: Any = {}
    classes: Any = []
    if isinstance(document, dict):
        classes = document.get("classes", [])
        clips = document.get("annotations")
        splits = document.get("split", {})
    if not isinstance(clips, list):
        fail(f"'{path}'", "hold a list of annotations", type(clips).__name__, CURE)
    if not isinstance(splits, dict):
        fail(f"'{path}': split", "be a dictionary of lists", type(splits).__name__, CURE)
    if not isinstance(classes, (list, tuple)) or not all(isinstance(name, str) for name in classes):
        fail(f"'{path}': classes", "be a list of names", type(classes).__name__, CURE)
    for split, names in splits.items():
        if not isinstance(names, (list, tuple, set)) or not all(isinstance(name, str) for name in names):
            fail(f"'{path}': split '{printable(split)}'", "be a list of names", type(names).__name__, CURE)
    ids_by_split = {str(split): list(names) for split, names in splits.items()}
    return Annotations(path, clips, ids_by_split, layout=layout, classes=classes)


def write_annotations(
    path: str | Path,
    clips: Iterable[Annotation],
    *,
    splits: Mapping[str, Sequence[str]],
    classes: Sequence[str] = (),
    dtype: str = "float32",
) -> None:
    """Write a file that :func:`read_annotations` reads, and that pyskl and mmaction2 train on.

    Joints of Kinect are in its axes there. 3D clips have no scores: a missing joint lies at the origin. Pixels of 3D
    layouts are left out.

    Args:
        path: path of the file, ending with ``.pkl``.
        clips: clips, all of one layout.
        splits: ids of the clips of each split.
        classes: names of the classes in the order of the labels, which pyskl and mmaction2 pass over.
        dtype: ``float32``, or ``float16`` as in the published files.

    Raises:
        InputError: If ids are not unique, a split names an unknown clip, layouts differ, or a 2D clip has no size.
        StorageError: If the disk is full or the folder cannot be written.
    """
    check_choice("dtype of annotations", dtype, ("float16", "float32"))
    rows: dict[str, dict[str, Any]] = {}
    layout = None
    for clip in clips:
        if clip.id in rows:
            fail("ids of annotations", "differ", f"'{clip.id}' twice")
        if clip.poses.layout != (layout := layout or clip.poses.layout):
            fail(f"layout of clip '{clip.id}'", f"be '{layout}' as the clips before it", f"'{clip.poses.layout}'")
        rows[clip.id] = _to_row(clip, dtype)
    for split, names in splits.items():
        if unknown := [name for name in names if name not in rows]:
            fail(f"split '{split}'", "name clips of the file", f"'{unknown[0]}'")
    if not rows:
        fail(f"annotations '{path}'", "have clips", "none")
    document: dict[str, Any] = {"split": {split: list(names) for split, names in splits.items()}}
    document |= {"annotations": list(rows.values()), **({"classes": list(classes)} if classes else {})}
    with atomic_write(path) as temporary, temporary.open("wb") as file:
        pickle.dump(document, file, protocol=4)


def _to_row(clip: Annotation, dtype: str) -> dict[str, Any]:
    poses = clip.poses
    points = np.where(poses.scores[..., None] > 0, poses.keypoints, np.float32(0))  # in 3D the only mark of missing
    with np.errstate(over="ignore"):
        points = (points * KINECT_AXES if poses.layout in KINECT_LAYOUTS else points).astype(dtype)
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


def _is_integer(value: Any) -> bool:
    return isinstance(value, (int, np.integer))


def _read_array(subject: str, name: str, array: Any, shape: str, axes: int) -> np.ndarray:
    """Return an array of numbers that is not empty: an empty one can claim any size."""
    if not isinstance(array, np.ndarray) or array.dtype.kind not in "fiub":
        fail(f"'{subject}': {name}", f"be an array of numbers {shape}", type(array).__name__, CURE)
    if array.ndim != axes or 0 in array.shape:
        fail(f"'{subject}': {name}", f"have shape {shape} and values", list(array.shape), "leave it out")
    return array


def _read_label(subject: str, label: Any) -> int | None:
    if label is None:
        return None
    if not _is_integer(label) or not 0 <= label < 2**31:
        fail(f"'{subject}': label", "be the number of a class", type(label).__name__, CURE)
    return int(label)


def _read_size(subject: str, clip: dict[str, Any]) -> tuple[int, int] | None:
    size = clip.get("img_shape", clip.get("original_shape"))
    if size is None:
        return None
    values = size.tolist() if isinstance(size, np.ndarray) and size.shape == (2,) else size
    if (
        not isinstance(values, (tuple, list))
        or len(values) != 2
        or not all(_is_integer(value) and 0 < value < 2**31 for value in values)
    ):
        fail(f"'{subject}': img_shape", "be height and width", type(size).__name__, CURE)
    return int(values[0]), int(values[1])
