"""Reader of MediaPipe's landmarks in JSON, as its results are dumped: frame by frame, person by person."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from triad.modalities.checks import fail
from triad.modalities.safe_pickle import CURE
from triad.modalities.skeleton.layouts import get_layout
from triad.modalities.skeleton.poses import Poses
from triad.modalities.skeleton.readers.file_bytes import read_bytes
from triad.modalities.skeleton.readers.json_cursor import JsonCursor
from triad.modalities.skeleton.readers.landmark_frames import LandmarkFrame, read_field, read_frame
from triad.modalities.skeleton.readers.pose_collector import PoseCollector
from triad.modalities.skeleton.readers.recording import LayoutChoice, ReadOptions, SkeletonRecording, rate_of

FRAMES = ("frames", "data", "results")
RATES = ("fps", "frame_rate", "frameRate")
SIZES = ("height", "width")
LAYOUT_BY_COUNT = {33: "blazepose33", 17: "coco17"}
MAX_FRACTION = 2.0
"""Median of the coordinates up to which they are fractions of the frame; landmarks may lie outside of it."""


def read_landmarks_json(path: str | Path, options: ReadOptions | None = None) -> SkeletonRecording:
    """Read the poses of a list of frames, each ``[{"x", "y", "z", "visibility"}, …]`` or an object that holds that.

    Bazarevsky et al. 2020, BlazePose; the frames may lie at ``frames``, ``data`` or ``results``, or be objects one a
    line (JSON lines). The landmarks of a frame lie at ``pose_world_landmarks`` (metres) or ``pose_landmarks``
    (fractions of the image; pixels of tfjs's ``keypoints``), spelt as Python, JavaScript or protobuf do, of one person
    or a list of persons. World landmarks are read where there are some, unless the user's layout is 2D; of the others
    x and y, fractions scaled to the size of the frames where the user or the file gives it. The k-th person of each
    frame is person k. The rate is ``fps``, or that of the frames' ``timestamp_ms``.

    Args:
        path: path of the file.
        options: layout and size that the user names.

    Raises:
        InputError: If the file is no such JSON, people have different numbers of joints, or nobody is shown.
    """
    options = options or ReadOptions()
    data = read_bytes(path)
    cursor = JsonCursor(path, data, many=True)
    collector = _Collector(path, data, options)
    if cursor.kind() == "array":
        collector.add_frames(cursor)
    else:
        collector.add_object(cursor)
        while not cursor.at_end():
            collector.add_object(cursor)
    if not cursor.at_end():
        cursor.fail("hold one list of frames", "a second one")
    return collector.recording()


class _Collector:
    """Persons of all frames, in the dimensions of the first frame that shows somebody."""

    def __init__(self, path: str | Path, data: bytes, options: ReadOptions) -> None:
        self.path = path
        self.data = data
        self.options = options
        self.num_frames = 0
        self.first: int | None = None
        self.dims = 0
        self.poses: PoseCollector | None = None
        self.times: list[float] = []
        self.fields: dict[str, float] = {}

    def add_object(self, cursor: JsonCursor) -> None:
        """Add the frames of an object, or the one frame that it is."""
        frame = LandmarkFrame()
        is_frame = False
        subject = f"frame {self.num_frames}"
        for key in cursor.keys("a recording"):
            if key in FRAMES and cursor.kind() == "array":
                self.add_frames(cursor)
            elif key.isdecimal() and len(key) < 10:
                self.add_numbered(cursor, int(key), read_frame(cursor, f"frame {key}"))
            elif key in (*RATES, *SIZES) and cursor.kind() == "number":
                self.fields["fps" if key in RATES else key] = cursor.read_number(key)
            elif read_field(cursor, frame, key, subject):
                is_frame = True
            else:
                cursor.skip()
        if is_frame:
            self._add_in_turn(cursor, frame)

    def add_frames(self, cursor: JsonCursor) -> None:
        if self.num_frames:
            cursor.fail("hold one list of frames", "a second one")
        for number in cursor.items("the frames"):
            self._add_in_turn(cursor, read_frame(cursor, f"frame {number}"))

    def _add_in_turn(self, cursor: JsonCursor, frame: LandmarkFrame) -> None:
        following = (self.first or 0) + self.num_frames
        self.add_numbered(cursor, following if frame.number is None else frame.number, frame)

    def add_numbered(self, cursor: JsonCursor, number: int, frame: LandmarkFrame) -> None:
        """Add a frame by the number that the file gives it; those that are left out show nobody."""
        if self.first is None:
            self.first = number
        index = number - self.first
        if index < self.num_frames:
            cursor.fail("hold frames in turn", f"number {number} after {self.first + self.num_frames - 1}")
        if frame.time is not None and index == self.num_frames and len(self.times) < 1000:
            self.times.append(frame.time)
        self._add(index, frame)

    def _add(self, number: int, frame: LandmarkFrame) -> None:
        self.num_frames = number + 1
        if not frame.world and not frame.image:
            return
        if self.poses is None:
            wants_2d = self.options.layout is not None and get_layout(self.options.layout).dims == 2
            self.dims = 2 if not frame.world or (frame.image and wants_2d) else 3
        persons = frame.world if self.dims == 3 else frame.image
        for person, rows in enumerate(persons):
            if self.poses is None:
                layout = LayoutChoice(self.path, LAYOUT_BY_COUNT).choose(len(rows), self.dims, self.options)
                self.poses = PoseCollector(self.path, self.data, layout=layout)
            if len(rows) != self.poses.layout.num_joints:
                must = f"have {self.poses.layout.num_joints} joints"
                fail(f"'{self.path}': person {person} of frame {number}", must, len(rows), CURE)
            self.poses.add(person, number, rows[:, [0, 1, 2, 3] if self.dims == 3 else [0, 1, 3]])

    def recording(self) -> SkeletonRecording:
        if self.poses is None:
            fail(f"'{self.path}'", "show somebody in some frame", f"nobody in {self.num_frames} frames", CURE)
        poses = self.poses.poses(self.num_frames)
        fps = self.fields.get("fps", 0.0)
        rate = round(fps, 4) if 0 < fps < 1e4 else rate_of(self.times)
        if self.dims == 3:
            return SkeletonRecording(poses, None, rate)
        size = self.options.size or self._stated_size()
        if size is not None and _are_fractions(poses):
            poses = Poses(poses.keypoints * np.array(size[::-1], np.float32), poses.scores, poses.layout)
        return SkeletonRecording(poses, size, rate)

    def _stated_size(self) -> tuple[int, int] | None:
        height, width = (self.fields.get(key, 0.0) for key in SIZES)
        return (int(height), int(width)) if 1 <= height < 2**16 and 1 <= width < 2**16 else None


def _are_fractions(poses: Poses) -> bool:
    return float(np.median(np.abs(poses.keypoints[poses.scores > 0]))) <= MAX_FRACTION
