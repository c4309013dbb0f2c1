"""Reader of one clip in a MATLAB 5 file: the only numeric array whose sizes are those of joints over time."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from triad.modalities.checks import fail
from triad.modalities.safe_pickle import CURE
from triad.modalities.skeleton.layouts import LAYOUTS, get_layout
from triad.modalities.skeleton.readers.file_bytes import read_bytes
from triad.modalities.skeleton.readers.matlab import read_matrices
from triad.modalities.skeleton.readers.pose_arrays import build_poses
from triad.modalities.skeleton.readers.recording import LayoutChoice, ReadOptions, SkeletonRecording


def read_matlab_clip(path: str | Path, options: ReadOptions | None = None) -> SkeletonRecording:
    """Read one person from the one array ``[V, C, T]``, ``[T, V, C]``, ``[C, V, T]`` or ``[T, V · C]`` of a file.

    ``V`` is the number of joints of the user's layout, or of some built-in one; C is 2 or 3. A joint of zeros only is
    missing.

    Args:
        path: path of the file.
        options: layout that the user names.

    Raises:
        InputError: naming the byte, if the file is damaged; or if no array, or several, have such sizes.
    """
    options = options or ReadOptions()
    counts = {layout.num_joints for layout in LAYOUTS.values()}
    if options.layout is not None:
        counts = {get_layout(options.layout).num_joints}
    clips: dict[str, np.ndarray] = {}
    shapes: list[str] = []
    for name, array in read_matrices(path, read_bytes(path)):
        shapes.append(f"{name[:40]} {list(array.shape)}")
        points = _arrange(array, counts)
        if points is not None:
            clips[name] = points
    if len(clips) != 1:
        got = ", ".join(clips) or ", ".join(shapes[:5]) or "no array"
        cure = "save joints over time as one array [joints, 3, frames], and name their layout"
        fail(f"'{path}'", "hold one array of joints over time", got, cure)
    points = next(iter(clips.values()))
    layout = LayoutChoice(path).choose(points.shape[1], points.shape[2], options)
    if not np.isfinite(points).any():
        fail(f"'{path}'", "hold numbers", "none", CURE)
    return SkeletonRecording(build_poses(path, points[None], np.any(points != 0, axis=-1)[None], layout=layout.name))


def _arrange(array: np.ndarray, counts: set[int]) -> np.ndarray | None:
    """Return an array as ``[T, V, C]``; None if its sizes are not those of joints."""
    if array.ndim == 2:
        for dims in (3, 2):
            if array.shape[1] % dims == 0 and array.shape[1] // dims in counts and array.shape[0] > 0:
                return array.reshape(len(array), -1, dims)
        return None
    if array.ndim != 3 or 0 in array.shape:
        return None
    for order in ((2, 0, 1), (0, 1, 2), (2, 1, 0)):  # [V, C, T], [T, V, C], [C, V, T]
        points = array.transpose(order)
        if points.shape[2] in (2, 3) and points.shape[1] in counts:
            return points
    return None
