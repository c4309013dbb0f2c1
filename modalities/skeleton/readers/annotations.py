"""Annotation pickles of pyskl and mmaction2, read: the clips and splits of a whole dataset in one file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, overload

import numpy as np

from triad.modalities.checks import fail, printable
from triad.modalities.safe_pickle import CURE, read_pickle
from triad.modalities.skeleton.layouts import get_layout, register_definition
from triad.modalities.skeleton.poses import Poses
from triad.modalities.skeleton.readers.collection import SkeletonCollection
from triad.modalities.skeleton.readers.file_bytes import read_bytes
from triad.modalities.skeleton.readers.joint_lists import ClipLists, check_array, describe, is_integer
from triad.modalities.skeleton.readers.pose_arrays import axes_of, build_poses
from triad.modalities.skeleton.readers.recording import LayoutChoice, ReadOptions, SkeletonRecording

FLAT_LAYOUTS = {17: "coco17", 18: "openpose18", 25: "openpose25", 26: "halpe26", 23: "wholebody23"}
SOLID_LAYOUTS = {25: "ntu25", 20: "kinect20", 17: "h36m17", 33: "blazepose33", 32: "azure_kinect32"}
"""Layouts that are usual in 2D and in 3D, by the number of joints."""
MAX_TRIED = 100
"""Clips with joints in which the layout is looked for; a file can repeat one that is wrong without end."""


@dataclass(frozen=True)
class Annotation:
    """A clip of an annotation file.

    Args:
        id: its ``frame_dir``.
        label: number of its class; None where it has none.
        poses: poses of all its frames.
        size: height and width of its frames in pixels, None where unknown; 2D clips need it to be written.
        fps: poses per second, None where unknown.
    """

    id: str
    label: int | None
    poses: Poses
    size: tuple[int, int] | None = None
    fps: float | None = None


class Annotations(Sequence[Annotation]):
    """The clips of an annotation file; each is checked when it is accessed, so that a bad one spoils no other.

    Args:
        path: name of the file in errors.
        clips: entries of the file, one a clip.
        splits: ids of the clips of each split; empty where the file has none.
        layout: name of the joint layout.
        max_bytes: largest size of an array that is made of lists.
        classes: names of the classes in the order of their numbers; empty where the file has none.
    """

    def __init__(
        self,
        path: str | Path,
        clips: list[Any],
        splits: dict[str, list[str]],
        *,
        layout: str,
        max_bytes: int,
        classes: Sequence[str] = (),
    ) -> None:
        self.path = Path(path)
        self.splits = splits
        self.classes = tuple(classes)
        self.layout = get_layout(layout)
        self._clips = clips
        self._max_bytes = max_bytes

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
            clip_id,
            read_label(subject, clip.get("label")),
            self._read_poses(subject, clip),
            _read_size(subject, clip),
            _read_rate(clip.get("fps")),
        )

    def label(self, index: int) -> int | None:
        """Return the number of the class of a clip, without a look at its poses.

        Raises:
            InputError: If it is no such number.
        """
        return read_label(f"{self.path}: clip {self.clip_id(index)[:200]}", self._clips[index].get("label"))

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
        if clip.get("frame_inds") is not None:
            fail(f"'{subject}': keypoint", f"have shape {shape}", "the packed form with frame_inds", "unpack it first")
        lists = ClipLists(subject, clip.get("total_frames"), self._max_bytes)
        points = check_array(subject, "keypoint", lists.to_array("keypoint", clip.get("keypoint"), 4), shape, 4)
        scores = np.any(points != 0, axis=-1)
        if clip.get("keypoint_score") is not None:
            stated_scores = lists.to_array("keypoint_score", clip["keypoint_score"], 3)
            scores = check_array(subject, "keypoint_score", stated_scores, str(list(points.shape[:3])), 3)
        elif self.layout.dims == 2 and points.shape[3] == 3:
            scores = points[..., 2]
            points = points[..., :2]
        if scores.shape != points.shape[:3]:
            must = f"have shape {list(points.shape[:3])}"
            fail(f"'{subject}': keypoint_score", must, list(scores.shape), CURE)
        num_frames = clip.get("total_frames")
        if num_frames is not None and (not is_integer(num_frames) or num_frames != points.shape[1]):
            got = num_frames if is_integer(num_frames) else type(num_frames).__name__
            fail(f"'{subject}': total_frames", f"be {points.shape[1]} as keypoint has", got, CURE)
        if self.layout.dims == 3:
            points = points * axes_of(self.layout)
        return build_poses(subject, points, scores, layout=self.layout.name)


def read_annotations(path: str | Path, *, layout: str | None = None) -> Annotations:
    """Read the clips and splits of an annotation pickle, ``{"split", "annotations"}`` or a list of annotations.

    Duan et al. 2022, PYSKL: Towards Good Practices for Skeleton Action Recognition. Each annotation has ``frame_dir``,
    ``label``, ``keypoint`` ``[M, T, V, C]``, ``total_frames`` and, if 2D, ``keypoint_score`` ``[M, T, V]`` and
    ``img_shape``; of one person the first axis may be left out, lists may stand for arrays (also of frames, each with
    its own persons), and 2D joints without scores may have theirs as third coordinate. Joints of NTU RGB+D and of
    Kinect are in their axes there, and turned into ours. Without scores a joint is missing where all its values are 0.
    Nothing in the file is executed.

    Args:
        path: path of the file.
        layout: name of the joint layout; None for the one that the file names, or that is usual for its joints.

    Raises:
        InputError: If the file names more than numpy arrays and builtin containers, is damaged, or of another kind.
    """
    data = read_bytes(path)
    max_bytes = 3 * len(data) + (1 << 20)
    document = read_pickle(path, data)
    clips = document
    splits: Any = {}
    classes: Any = ()
    if isinstance(document, dict):
        clips = document.get("annotations")
        splits = document.get("split", {})
        classes = document.get("classes", ())
    if not isinstance(clips, list):
        fail(f"'{path}'", "hold a list of annotations", type(clips).__name__, CURE)
    if not isinstance(splits, dict):
        fail(f"'{path}': split", "be a dictionary of lists", type(splits).__name__, CURE)
    for split, names in splits.items():
        if not isinstance(names, (list, tuple, set)) or not all(isinstance(name, str) for name in names):
            fail(f"'{path}': split '{printable(split)}'", "be a list of names", type(names).__name__, CURE)
    if not isinstance(classes, (list, tuple)) or not all(
        isinstance(name, str) and name.isprintable() and name for name in classes
    ):
        fail(f"'{path}': classes", "be a list of names", type(classes).__name__, CURE)
    layout = layout or _find_layout(path, document, clips, max_bytes)
    splits = {str(split): list(names) for split, names in splits.items()}
    return Annotations(path, clips, splits, layout=layout, max_bytes=max_bytes, classes=classes)


def open_annotations(path: str | Path, options: ReadOptions | None = None) -> SkeletonCollection:
    """Open an annotation pickle as the clips of a dataset, see :func:`read_annotations`.

    Raises:
        InputError: If the file is damaged or of another kind, or a clip has no name.
    """
    annotations = read_annotations(path, layout=None if options is None else options.layout)
    count = len(annotations)

    def read(number: int) -> SkeletonRecording:
        clip = annotations[number]
        return SkeletonRecording(clip.poses, clip.size, clip.fps)

    return SkeletonCollection(
        Path(path),
        annotations.layout.name,
        [annotations.clip_id(number) for number in range(count)],
        [annotations.label(number) for number in range(count)],
        annotations.splits,
        read,
        classes=annotations.classes,
    )


def _find_layout(path: str | Path, document: Any, clips: list[Any], max_bytes: int) -> str:
    """Return the name of the layout that the file names, or that is usual for the joints of its first clip."""
    if isinstance(document, dict) and document.get("layout_definition") is not None:
        return register_definition(document["layout_definition"], subject=f"'{path}': layout_definition").name
    if isinstance(document, dict) and isinstance(document.get("layout"), str):
        return get_layout(document["layout"], subject=f"'{path}': layout").name
    with_joints = (clip for clip in clips if isinstance(clip, dict) and _has_values(clip.get("keypoint")))
    for clip in islice(with_joints, MAX_TRIED):
        points = ClipLists(str(path), clip.get("total_frames"), max_bytes).to_array("keypoint", clip.get("keypoint"), 4)
        if isinstance(points, np.ndarray) and points.ndim == 4 and 0 not in points.shape:
            dims = 2 if _ends_with_scores(clip, points) else points.shape[-1]
            usual = FLAT_LAYOUTS if dims == 2 else SOLID_LAYOUTS
            return LayoutChoice(path, usual).choose(points.shape[-2], dims, ReadOptions()).name
    kinds = [describe(clip.get("keypoint")) for clip in clips[:1] if isinstance(clip, dict)]
    got = f"none in {len(clips)} annotations{''.join(f', the first has {kind}' for kind in kinds)}"
    fail(f"'{path}'", "hold a clip with an array keypoint [M, T, V, C]", got, CURE)


def _has_values(value: Any) -> bool:
    return value.size > 0 if isinstance(value, np.ndarray) else bool(value)


def _ends_with_scores(clip: dict[str, Any], points: np.ndarray) -> bool:
    """Return whether three coordinates of joints in an image of known size are x, y and a score from 0 to 1."""
    if points.shape[-1] != 3 or clip.get("keypoint_score") is not None or points.dtype.kind not in "fiub":
        return False
    has_image = clip.get("img_shape", clip.get("original_shape")) is not None
    scores = points[..., 2]
    return has_image and bool(np.nanmin(scores, initial=0) >= 0 and np.nanmax(scores, initial=0) <= 1)


def read_label(subject: str, label: Any) -> int | None:
    if label is None:
        return None
    if not is_integer(label) or not 0 <= label < 2**31:
        fail(f"'{subject}': label", "be the number of a class", type(label).__name__, CURE)
    return int(label)


def _read_rate(value: Any) -> float | None:
    """Return poses per second; None where there are none."""
    return float(value) if isinstance(value, (int, float)) and 0.01 < value < 10_000 else None


def _read_size(subject: str, clip: dict[str, Any]) -> tuple[int, int] | None:
    size = clip.get("img_shape", clip.get("original_shape"))
    if size is None:
        return None
    values = size.tolist() if isinstance(size, np.ndarray) and size.shape == (2,) else size
    if (
        not isinstance(values, (tuple, list))
        or len(values) != 2
        or not all(is_integer(value) and 0 < value < 2**31 for value in values)
    ):
        fail(f"'{subject}': img_shape", "be height and width", type(size).__name__, CURE)
    return int(values[0]), int(values[1])
