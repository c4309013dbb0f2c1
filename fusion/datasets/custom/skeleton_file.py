"""Skeleton file of a user's recording, with what a table or an option says about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from triad.modalities.checks import InputError, check_choice, fail, printable
from triad.modalities.skeleton import Poses, convert_units, get_layout, load_layout, pad_poses
from triad.modalities.skeleton.readers import (
    FORMATS,
    ReadOptions,
    SkeletonRecording,
    find_format,
    read_skeleton,
    split_clip,
)
from triad.modalities.video import VideoInfo


@dataclass(frozen=True, kw_only=True)
class SkeletonFile:
    """File or folder of the skeletons of one recording.

    Args:
        path: path of the file or folder, ``FILE#CLIP`` for a clip of a file of many.
        layout: name of the joint layout; None where the file implies it.
        format: name of its format; None to recognise it.
        unit: unit of the joints, see :func:`triad.modalities.skeleton.convert_units`.
        axes: axes of the joints.
        size: height and width of the frames in pixels.
        guessed_sizes: list to which the name of a file is added whose frames' size had to be guessed.
    """

    path: Path
    layout: str | None = None
    format: str | None = None
    unit: str | None = None
    axes: str | None = None
    size: tuple[int, int] | None = None
    guessed_sizes: list[str] = field(default_factory=list, compare=False)

    def read(self, info: VideoInfo | None) -> SkeletonRecording:
        """Return the poses in our units, padded to the frames of the video where the format leaves out the last ones.

        Joints in pixels come with the size of their frames: that of the user, of the file, of the video, or else the
        smallest usual one that holds all joints.

        Raises:
            InputError: naming the file, if it cannot be read, or unit, axes or layout do not fit.
        """
        video_size = (info.height, info.width) if info is not None else None
        options = ReadOptions(self.layout, size=self.size or video_size)
        recorded = self.complete(read_skeleton(self.path, options, format_name=self.format), video_size)
        if info is not None and find_format(split_clip(self.path)[0], self.format).ends_early:
            recorded = replace(recorded, poses=pad_poses(recorded.poses, info.num_frames))
        return recorded

    def complete(self, recorded: SkeletonRecording, video_size: tuple[int, int] | None) -> SkeletonRecording:
        """Return a clip of the file in our units, with the size of its frames if its joints are in pixels.

        Raises:
            InputError: If unit or axes do not fit.
        """
        size = self.size or recorded.size or video_size
        subject = f"'{self.path.name}'"
        poses = convert_units(recorded.poses, unit=self.unit, axes=self.axes, size=size, subject=subject)
        flat = get_layout(poses.layout).dims == 2
        if flat and size is None:
            size = enclosing_size(poses)
            self.guessed_sizes.append(f"'{printable(self.path.name, 60)}' ({size[1]}×{size[0]})")
        return SkeletonRecording(poses, size if flat else None, recorded.fps)


def enclosing_size(poses: Poses) -> tuple[int, int]:
    """Return height and width of the smallest usual frame that holds all joints, or of the smallest that does."""
    largest = poses.keypoints[poses.scores > 0].max(0, initial=1)
    width, height = (int(np.clip(np.ceil(value + 1), 2, 1 << 15)) for value in largest)
    usual = ((240, 320), (480, 640), (720, 1280), (1080, 1920), (2160, 3840))
    return next((size for size in usual if size[0] >= height and size[1] >= width), (height, width))


def resolve_layout(name: str, folder: Path) -> str:
    """Return the name of a layout; one that ends with ``.json`` or ``.toml`` is a file, relative to ``folder``.

    Raises:
        InputError: If there is no such layout, or the file defines none.
    """
    is_file = name.endswith((".json", ".toml"))
    return load_layout(folder / name if is_file else name).name


def common_layout(files: Iterable[tuple[str, SkeletonFile]], subject: str) -> str | None:
    """Return the one joint layout of all files: the one that is named, or that the first readable file has.

    Args:
        files: place where each file is named, and the file.
        subject: name of the table or folder in errors.

    Raises:
        InputError: If two layouts are named, none can be found, or a format is unknown.
    """
    common: str | None = None
    unnamed: list[tuple[str, SkeletonFile]] = []
    for location, file in files:
        layout = file.layout
        if file.format is not None:
            check_choice(f"format in {location}", file.format, FORMATS)
            usual = FORMATS[file.format].layout
            if usual and layout is not None and layout != usual:
                must = f"be '{usual}' as files of format {file.format} have"
                fail(f"layout in {location} of {subject}", must, f"'{layout}'")
            layout = layout or usual or None
        if layout is None:
            unnamed.append((location, file))
        elif common not in (None, layout):
            must = f"be '{common}' as in the rows before"
            fail(f"layout in {location} of {subject}", must, f"'{layout}'", "make a dataset of each")
        else:
            common = layout
    if common is not None or not unnamed:
        return common
    first_error: InputError | None = None
    for _, file in unnamed:
        try:
            return file.read(None).poses.layout
        except InputError as error:
            first_error = first_error or error
    location = unnamed[0][0]
    raise InputError(f"layout in {location} of {subject} could not be found: {first_error}; add the column layout")


def note_on_sizes(guessed: Sequence[str]) -> list[str]:
    """Return the note about files of joints in pixels that name no size of their frames."""
    if not guessed:
        return []
    taken = f"{guessed[0]}{' …' if len(guessed) > 1 else ''}"
    cure = "if it is another one, give it (columns width and height, or an option)"
    return [f"{len(guessed)} files name no size of their frames: one that holds all joints is taken, {taken}; {cure}"]
