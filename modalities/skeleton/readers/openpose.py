"""Reader of OpenPose's JSON: a folder of one file a frame, or one such file."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from triad.modalities.checks import fail
from triad.modalities.safe_pickle import CURE
from triad.modalities.skeleton.layouts import get_layout
from triad.modalities.skeleton.readers.file_bytes import read_bytes
from triad.modalities.skeleton.readers.frame_persons import FramePersons
from triad.modalities.skeleton.readers.json_cursor import JsonCursor
from triad.modalities.skeleton.readers.pose_collector import PoseCollector
from triad.modalities.skeleton.readers.recording import LayoutChoice, ReadOptions, SkeletonRecording

LAYOUT_BY_COUNT = {18: "openpose18", 25: "openpose25", 17: "coco17"}
FILE_NAME = re.compile(r"(?P<video>.*?)[_.-]?(?P<frame>\d{1,15})_keypoints\.json")
MAX_FILES = 1_000_000
MAX_FILE = 64 << 20
"""Bytes of the file of one frame."""
COORDINATES = {"pose_keypoints_2d": 3, "pose_keypoints": 3, "pose_keypoints_3d": 4}
"""Numbers of a joint by key; versions before 1.0 had no suffix."""


def find_frames(folder: Path) -> list[tuple[int, Path]]:
    """Return number and path of the files of a folder, in the order of their numbers; none if it has no such file.

    Raises:
        InputError: If they are of several recordings, or two have one number.
    """
    frames: list[tuple[int, Path]] = []
    videos: set[str] = set()
    for path in folder.iterdir():
        match = FILE_NAME.fullmatch(path.name)
        if match is not None and path.is_file():
            videos.add(match["video"])
            frames.append((int(match["frame"]), path))
    if len(videos) > 1:
        got = f"{len(videos)}: {', '.join(sorted(videos)[:3])}"
        fail(f"'{folder}'", "hold the frames of one recording", got, "make a folder of each")
    frames.sort()
    if len({number for number, _ in frames}) < len(frames) or len(frames) > MAX_FILES:
        fail(f"'{folder}'", f"hold one file a frame, at most {MAX_FILES}", f"{len(frames)} files", CURE)
    return frames


def read_openpose(path: str | Path, options: ReadOptions | None = None) -> SkeletonRecording:
    """Read the poses of ``{"people": [{"pose_keypoints_2d": [x, y, score, …]}]}``, a file a frame.

    Cao et al. 2019, OpenPose. A folder's frames are numbered by its files' names, the first one is frame 0; where
    numbers are left out nobody is seen. Persons without ``person_id`` are joined into tracks by boxes and joints. Where
    only ``pose_keypoints_3d`` are given, or the user's layout is 3D, these are read.

    Args:
        path: path of the folder or file.
        options: layout and size that the user names; without a layout, the number of joints tells it.

    Raises:
        InputError: If a file is no such JSON, files have different numbers of joints, or nobody is shown.
    """
    path = Path(path)
    options = options or ReadOptions()
    frames = find_frames(path) if path.is_dir() else [(0, path)]
    if not frames:
        fail(f"'{path}'", "hold files NAME_000000000000_keypoints.json", "none", CURE)
    sizes = [file.stat().st_size for _, file in frames]
    if max(sizes) > MAX_FILE:
        fail(f"'{frames[sizes.index(max(sizes))][1]}'", f"have at most {MAX_FILE} bytes", max(sizes), CURE)
    total = range(sum(sizes))
    first = frames[0][0]
    persons: FramePersons | PoseCollector | None = None
    num_joints = 0
    dims = 0
    for number, file in frames:
        for position, (person, rows) in enumerate(_read_people(file, options)):
            if persons is None:
                num_joints = len(rows)
                layout = LayoutChoice(path, LAYOUT_BY_COUNT).choose(num_joints, rows.shape[1] - 1, options)
                dims = layout.dims
                persons = FramePersons(path, total, layout) if dims == 2 else PoseCollector(path, total, layout=layout)
            if (len(rows), rows.shape[1] - 1) != (num_joints, dims):
                got = f"{len(rows)} joints in {rows.shape[1] - 1} dimensions"
                fail(f"'{file}': person {position}", f"have {num_joints} joints in {dims} dimensions", got, CURE)
            if isinstance(persons, FramePersons):
                persons.add(number - first, rows, person)
            else:
                persons.add(position, number - first, rows)
    num_frames = frames[-1][0] - first + 1
    if persons is None:
        fail(f"'{path}'", "show somebody in some frame", f"nobody in {num_frames} frames", "leave it out")
    return SkeletonRecording(persons.poses(num_frames))


def _read_people(file: Path, options: ReadOptions) -> list[tuple[int | None, np.ndarray]]:
    """Read the id, if there is one, and coordinates and score of each person's joints, ``[V, 3]`` or ``[V, 4]``."""
    wants_3d = options.layout is not None and get_layout(options.layout).dims == 3
    cursor = JsonCursor(file, read_bytes(file))
    people: list[tuple[int | None, np.ndarray]] = []
    for key in cursor.keys("a frame"):
        if key != "people":
            cursor.skip()
            continue
        for position in cursor.items("the people"):
            rows_by_dims: dict[int, np.ndarray] = {}
            person = None
            for field in cursor.keys(f"person {position}"):
                if field in COORDINATES:
                    width = COORDINATES[field]
                    values = cursor.read_numbers(f"{field} of person {position}")
                    if len(values) % width:
                        cursor.fail(f"hold {field} of person {position}, {width} numbers a joint", len(values))
                    if len(values):
                        rows_by_dims[width - 1] = values.reshape(-1, width)
                elif field == "person_id":
                    ids = cursor.read_numbers(f"the id of person {position}")
                    if len(ids) == 1 and 0 <= ids[0] < 2**24:
                        person = int(ids[0])
                else:
                    cursor.skip()
            rows = rows_by_dims.get(3) if wants_3d else rows_by_dims.get(2, rows_by_dims.get(3))
            if rows is not None:
                people.append((person, rows))
    cursor.read_end()
    return people
