"""Recording that a reader returns, and options that it takes besides the file."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path
from statistics import median

from triad.modalities.checks import fail
from triad.modalities.safe_pickle import CURE
from triad.modalities.skeleton.layouts import LAYOUTS, Layout, get_layout
from triad.modalities.skeleton.poses import Poses


@dataclass(frozen=True)
class SkeletonRecording:
    """Poses of one clip and what their file says about them.

    Args:
        poses: poses of all its frames.
        size: height and width of the frames in pixels; None where the file does not say.
        fps: poses per second; None where the file does not say.
    """

    poses: Poses
    size: tuple[int, int] | None = None
    fps: float | None = None


@dataclass(frozen=True)
class ReadOptions:
    """What the user says about a file.

    Args:
        layout: name of the joint layout, None for the one that the file names or implies.
        expected_layout: name of the layout that joints have whose file only numbers them.
        size: height and width of the frames in pixels, to which fractions are scaled.
    """

    layout: str | None = None
    expected_layout: str | None = None
    size: tuple[int, int] | None = None


@dataclass(frozen=True)
class LayoutChoice:
    """Chooses the layout of joints that a file numbers.

    Args:
        path: name of the file in errors.
        by_count: names of the layouts that are usual for the format, by the number of joints.
    """

    path: str | Path
    by_count: dict[int, str] = field(default_factory=dict)

    def choose(self, num_joints: int, dims: int, options: ReadOptions) -> Layout:
        """Return the user's layout, or the usual one of that many joints, in so many dimensions.

        Raises:
            InputError: If the user's layout has other numbers, or none is usual.
        """
        if dims not in (2, 3):
            fail(f"joints of '{self.path}'", "have 2 or 3 coordinates", dims, CURE)
        if options.layout is not None:
            layout = get_layout(options.layout)
            if layout.num_joints != num_joints:
                cure = f"'{layout.name}' is a layout of {layout.num_joints}; name the one of the file"
                fail(f"joints of '{self.path}'", f"be {layout.num_joints}", num_joints, cure)
            if layout.dims != dims:
                cure = f"name the layout '{_with_dims(layout, dims).name}'"
                fail(f"joints of '{self.path}'", f"have {layout.dims} coordinates as '{layout.name}' has", dims, cure)
            return layout
        if options.expected_layout is not None:
            expected = get_layout(options.expected_layout)
            if (expected.num_joints, expected.dims) == (num_joints, dims):
                return expected
        name = self.by_count.get(num_joints)
        if name is not None:
            return _with_dims(get_layout(name), dims)
        names = [_with_dims(layout, dims).name for layout in LAYOUTS.values() if layout.num_joints == num_joints]
        candidates = f"{num_joints} joints, which {', '.join(names) or 'no built-in layout'} could be"
        fail(
            f"layout of '{self.path}'",
            "be known",
            candidates,
            "name it (a layout, or a .json or .toml file of your own)",
        )


def _with_dims(layout: Layout, dims: int) -> Layout:
    """Return the layout with so many dimensions."""
    if layout.dims == dims:
        return layout
    base = layout.name.removesuffix("_2d").removesuffix("_3d")
    return get_layout(f"{base}_{dims}d")


def rate_of(times: Sequence[float]) -> float | None:
    """Return poses per second by the usual step of their times in seconds; None where the times tell no rate.

    The usual step is the mean of those near the median: times may be rounded to milliseconds, and frames be left out.
    """
    steps = [after - before for before, after in itertools.pairwise(times)]
    middle = median(steps) if steps and all(isfinite(value) for value in steps) else 0.0
    if not 1e-4 < middle < 10:
        return None
    near = [step for step in steps if 0.5 * middle < step < 1.5 * middle]
    return round(len(near) / sum(near), 3) if near else None


def layout_in_metres(path: str | Path, options: ReadOptions, default: str) -> Layout:
    """Return the layout into which joints in space are brought by their names: the user's, or the default one.

    Raises:
        InputError: If the user's layout is of pixels.
    """
    layout = get_layout(options.layout or default)
    if layout.dims == 2:
        fail(
            f"layout of '{path}'", "be of joints in metres", f"'{layout.name}'", f"take '{_with_dims(layout, 3).name}'"
        )
    return layout


def check_layout_of(path: str | Path, poses: Poses, options: ReadOptions) -> Poses:
    """Return the poses if their layout is the user's, or the user named none.

    Raises:
        InputError: If it is another one.
    """
    if options.layout is not None and get_layout(options.layout).joints != get_layout(poses.layout).joints:
        fail(f"layout of '{path}'", f"be '{poses.layout}' as its format has", f"'{options.layout}'", CURE)
    return poses
