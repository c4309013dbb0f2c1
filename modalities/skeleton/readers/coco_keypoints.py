"""Reader of keypoints a person: results of AlphaPose and mmpose, COCO's results, and COCO's annotation files."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from triad.modalities.checks import fail
from triad.modalities.safe_pickle import CURE
from triad.modalities.skeleton.layouts import get_layout
from triad.modalities.skeleton.readers.file_bytes import check_memory, read_bytes
from triad.modalities.skeleton.readers.frame_persons import FramePersons
from triad.modalities.skeleton.readers.json_cursor import JsonCursor
from triad.modalities.skeleton.readers.recording import LayoutChoice, ReadOptions, SkeletonRecording

LAYOUT_BY_COUNT = {17: "coco17", 23: "wholebody23", 26: "halpe26", 18: "openpose18", 25: "openpose25"}
BODY_JOINTS = {133: 23, 136: 26}
"""Joints of the body of COCO-WholeBody and Halpe-136, which come before face and hands."""
MAX_FRAME = 2**31
MAX_JOINTS = 1000
JOINTS = ("keypoints", "joints", "pose_keypoints_2d")
"""Keys of a person's joints."""
PERSONS = ("instances", "bodies", "people")
"""Keys of the persons of a frame."""


@dataclass
class Person:
    """Entry of a list.

    Attributes:
        image: id or name of its frame, as text.
        rows: pixels and score of each joint, ``[V, 3]``.
        track: number that tells persons apart.
        scores: scores of joints that have two numbers, ``[V]``.
    """

    image: str = ""
    rows: np.ndarray | None = None
    track: int | None = None
    scores: np.ndarray | None = None


def read_coco_keypoints(path: str | Path, options: ReadOptions | None = None) -> SkeletonRecording:
    """Read the poses of ``[{"image_id", "keypoints": [x, y, score, …], "idx"}, …]`` or of COCO's annotations.

    Fang et al. 2022, AlphaPose; Lin et al. 2014, Microsoft COCO. The number of a frame is the last one in the name of
    its image, counted from 0 (from 1 if the lowest is 1); where the file has a list of images, it is the image's place
    in the order of their names. Frames that are left out show nobody. ``idx`` or ``track_id`` tells persons apart;
    without it they are joined into tracks. Of 133 and 136 keypoints the body and the feet are read. In annotation files
    a keypoint's third number is its visibility: 2 is a score of 1, 1 (hidden) of 0.5.

    Also read are AlphaPose's objects ``{image: {"bodies" or "people": persons}}`` (its forms cmu and open) and mmpose's
    frames ``[{"frame_id", "instances": persons}, …]``, which may lie at ``instance_info``.

    Args:
        path: path of the file.
        options: layout and size that the user names; without a layout, the number of joints tells it.

    Raises:
        InputError: If the file is no such JSON, people have different numbers of joints, or nobody is shown.
    """
    options = options or ReadOptions()
    data = read_bytes(path)
    cursor = JsonCursor(path, data)
    images: dict[str, str] = {}
    sizes: set[tuple[int, int]] = set()
    collector: _Collector = _Collector(path, data, options)
    if cursor.kind() == "map":
        for key in cursor.keys("annotations"):
            if key == "images":
                for position in cursor.items("the images"):
                    name, file_name, size = _read_image(cursor, f"image {position}")
                    images[name] = file_name
                    sizes.add(size)
            elif key == "annotations":
                for position in cursor.items("the annotations"):
                    collector.add(_read_person(cursor, f"annotation {position}"))
            elif key == "instance_info":
                _read_entries(cursor, collector)
            elif cursor.kind() == "map":
                _read_entry(cursor, collector, f"image '{key[:60]}'", key)
            else:
                cursor.skip()
    else:
        _read_entries(cursor, collector)
    cursor.read_end()
    poses = collector.recording(images)
    size = sizes.pop() if len(sizes) == 1 else (0, 0)
    return SkeletonRecording(poses.poses, size if min(size) > 0 else None)


class _Collector:
    """Rows of all persons in compact arrays, and the images they are in."""

    def __init__(self, path: str | Path, data: bytes, options: ReadOptions) -> None:
        self.path = path
        self.data = data
        self.options = options
        self.numbers: dict[str, int] = {}
        self.images: list[int] = []
        self.tracks: list[int | None] = []
        self.rows: list[np.ndarray] = []

    def see(self, image: str) -> None:
        """Note a frame, which may show nobody."""
        self.numbers.setdefault(image, len(self.numbers))

    def add(self, person: Person) -> None:
        if person.rows is None or not len(person.rows):
            return
        if self.rows and len(person.rows) != len(self.rows[0]):
            must = f"have {len(self.rows[0])} joints as the persons before it"
            fail(f"'{self.path}': person {len(self.rows)}", must, len(person.rows), CURE)
        self.images.append(self.numbers.setdefault(person.image, len(self.numbers)))
        self.tracks.append(person.track)
        self.rows.append(person.rows)

    def recording(self, images: dict[str, str]) -> SkeletonRecording:
        if not self.rows:
            fail(f"'{self.path}'", "list persons with keypoints", "none", CURE)
        count = len(self.rows[0])
        body = BODY_JOINTS.get(count, count)
        layout = LayoutChoice(self.path, LAYOUT_BY_COUNT).choose(body, 2, self.options)
        frames, num_frames = self._frames(images)
        persons = FramePersons(self.path, self.data, layout)
        for image, track, rows in zip(self.images, self.tracks, self.rows, strict=True):
            rows = rows[:body].astype(np.float32)
            if images:  # annotations: 0 not labelled, 1 hidden, 2 visible
                rows[:, 2] /= 2
            persons.add(frames[image], rows, track)
        return SkeletonRecording(persons.poses(num_frames))

    def _frames(self, images: dict[str, str]) -> tuple[list[int], int]:
        """Return the frame of each image, and the number of frames."""
        names = list(self.numbers)
        if images:
            order = sorted(images, key=lambda image: (_number_of(images[image]), images[image]))
            frame_of = {image: frame for frame, image in enumerate(order)}
            unknown = next((name for name in names if name not in frame_of), None)
            if unknown is not None:
                fail(f"'{self.path}': image_id", "be in the list of images", f"'{unknown[:60]}'", CURE)
            return [frame_of[name] for name in names], len(order)
        numbers = [_number_of(name) for name in names]
        if min(numbers) < 0 or len(set(numbers)) < len(numbers) or max(numbers) >= MAX_FRAME:
            return list(range(len(names))), len(names)
        first = 1 if min(numbers) == 1 else 0
        num_frames = max(numbers) - first + 1
        needed = 12 * num_frames * get_layout("coco17").num_joints
        check_memory(self.path, needed, self.data, subject=f"{num_frames} frames")
        return [number - first for number in numbers], num_frames


def _number_of(name: str) -> int:
    """Return the last number in the stem of an image's name, −1 if there is none."""
    stem = re.sub(r"\.[A-Za-z]{1,5}$", "", name)
    numbers = re.findall(r"\d{1,15}", stem)
    return int(numbers[-1]) if numbers else -1


def _read_entries(cursor: JsonCursor, collector: _Collector) -> None:
    """Read a list of persons, or of frames with persons."""
    for position in cursor.items("the persons"):
        _read_entry(cursor, collector, f"person {position}", "")


def _read_entry(cursor: JsonCursor, collector: _Collector, subject: str, image: str) -> None:
    """Read a person, or a frame with persons."""
    person = Person(image)
    persons: list[Person] | None = None
    for key in cursor.keys(subject):
        if key in PERSONS and cursor.kind() == "array":
            persons = [_read_person(cursor, f"person {number} of {subject}") for number in cursor.items(subject)]
        elif key == "frame_id":
            person.image = cursor.read_text(f"the frame_id of {subject}")
        else:
            _read_field(cursor, person, key, subject)
    if persons is None:
        collector.add(_with_scores(cursor, person, subject))
        return
    collector.see(person.image)
    for entry in persons:
        entry.image = person.image
        collector.add(entry)


def _read_image(cursor: JsonCursor, subject: str) -> tuple[str, str, tuple[int, int]]:
    name = file_name = ""
    size = {"height": 0.0, "width": 0.0}
    for key in cursor.keys(subject):
        if key == "id":
            name = cursor.read_text(f"the id of {subject}")
        elif key == "file_name":
            file_name = cursor.read_text(f"the name of {subject}")
        elif key in size:
            size[key] = cursor.read_number(f"{key} of {subject}")
        else:
            cursor.skip()
    whole = [int(value) if 0 < value < 2**20 else 0 for value in size.values()]
    return name, file_name or name, (whole[0], whole[1])


def _read_person(cursor: JsonCursor, subject: str) -> Person:
    person = Person()
    for key in cursor.keys(subject):
        _read_field(cursor, person, key, subject)
    return _with_scores(cursor, person, subject)


def _read_field(cursor: JsonCursor, person: Person, key: str, subject: str) -> None:
    """Read one field of a person."""
    if key in JOINTS:
        person.rows = _read_joints(cursor, subject)
    elif key == "keypoint_scores" and cursor.kind() == "array":
        person.scores = cursor.read_numbers(f"the scores of {subject}")
    elif key == "image_id":
        person.image = cursor.read_text(f"the image_id of {subject}")
    elif key in ("idx", "track_id") and cursor.kind() == "number":
        track = cursor.read_number(f"{key} of {subject}")
        person.track = int(track) if 0 <= track < 2**24 else None
    else:
        cursor.skip()


def _read_joints(cursor: JsonCursor, subject: str) -> np.ndarray:
    """Read x, y and score of each joint, in one array or an array a joint; ``[V, 3]``, or ``[V, 2]`` without scores."""
    rows: list[np.ndarray] = []
    values: list[float] = []
    for joint in cursor.items(f"the keypoints of {subject}"):
        if joint >= 3 * MAX_JOINTS:
            cursor.fail(f"hold keypoints of {subject}, at most {MAX_JOINTS}", "more")
        if cursor.kind() == "array":
            rows.append(cursor.read_numbers(f"keypoint {joint} of {subject}"))
        else:
            values.append(cursor.read_number(f"keypoint {joint} of {subject}"))
    if not rows:
        if len(values) % 3:
            cursor.fail(f"hold keypoints of {subject}, 3 numbers a joint", len(values))
        return np.array(values, np.float32).reshape(-1, 3)
    if values or len({len(row) for row in rows}) > 1 or len(rows[0]) not in (2, 3):
        cursor.fail(f"hold keypoints of {subject}, 2 or 3 numbers each", "others")
    return np.stack(rows)


def _with_scores(cursor: JsonCursor, person: Person, subject: str) -> Person:
    """Return a person whose joints have scores, those of the file or 1."""
    if person.rows is None or person.rows.shape[1] == 3:
        return person
    scores = np.ones(len(person.rows), np.float32) if person.scores is None else person.scores
    if len(scores) != len(person.rows):
        cursor.fail(f"hold {len(person.rows)} scores of {subject}", len(scores))
    person.rows = np.concatenate([person.rows, scores[:, None]], 1)
    return person
