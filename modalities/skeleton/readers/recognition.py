"""Recognition of skeleton files by their beginnings, where more than a key of JSON or a magic number tells them."""

from __future__ import annotations

import re

from triad.modalities.skeleton.readers.keypoint_columns import find_roles, parse_column
from triad.modalities.skeleton.readers.openpose import FILE_NAME
from triad.modalities.skeleton.readers.skeleton_format import ZIP, FileHead
from triad.modalities.spreadsheets import find_encoding, find_separator

ALPHAPOSE_IMAGE = re.compile(rb'\s*\{\s*"[^"]*"\s*:\s*\{\s*"version"')
"""Beginning of AlphaPose's objects ``{image: {"version", …}}``."""


def is_alphapose_images(head: FileHead) -> bool:
    """Return whether a file is an object of AlphaPose's images."""
    return bool(head.json) and ALPHAPOSE_IMAGE.match(head.start) is not None


def is_number(word: bytes) -> bool:
    """Return whether a word is a number."""
    try:
        float(word)
    except ValueError:
        return False
    return True


def is_ntu(head: FileHead) -> bool:
    """Return whether counts of frames and bodies come first, then a body of ten fields, its joints of twelve."""
    counts = [len(head.line(number)) for number in range(100)]
    body = next((number for number, count in enumerate(counts) if count != 1), 0)
    return body >= 2 and counts[body : body + 3] == [10, 1, 12]


def is_annotations(head: FileHead) -> bool:
    """Return whether it is a pickle of annotations."""
    if head.json or head.start.startswith(ZIP):
        return False
    return head.suffix in (".pkl", ".pickle") or head.start[:1] == b"\x80" or b"keypoint" in head.start[:4096]


def is_openpose(head: FileHead) -> bool:
    """Return whether it is a folder of OpenPose's files, or one of them."""
    if head.path.is_dir():
        return any(FILE_NAME.fullmatch(path.name) for path in head.path.iterdir())
    return head.has_keys("people") and b"pose_keypoints" in head.start and not is_alphapose_images(head)


def is_csv(head: FileHead) -> bool:
    """Return whether the first line names columns of joints, or columns of rows that are joints."""
    encoding = find_encoding(head.start[:200])
    if head.json or (encoding is None and b"\0" in head.start[:1024]):
        return False
    text = head.start.decode(encoding or "utf-8-sig", "replace")
    separator, lines_before = find_separator(text)
    lines = [line for line in text.splitlines()[lines_before:] if line.strip()]
    header = [name.strip().strip('"') for name in lines[0].split(separator)] if lines else []
    columns = [parse_column(name) for name in header]
    return len({column.axis for column in columns if column.joint} & {"x", "y"}) == 2 or find_roles(header) is not None


def is_landmarks(head: FileHead) -> bool:
    """Return whether it is JSON with MediaPipe's landmarks."""
    return bool(head.json) and (
        any(f'"{key}"'.encode() in head.start for key in ("visibility", "landmark", "landmarks"))
        or b"andmarks" in head.start
        or (head.json == b"[" and head.has_keys("x", "y") and b'"image_id"' not in head.start)
    )


def is_kinect(head: FileHead) -> bool:
    """Return whether it is JSON with bodies of a Kinect."""
    bodies = any(f'"{key}"'.encode() in head.start for key in ("bodies", "Bodies"))
    return bool(head.json) and (head.has_keys("joint_positions") or (bodies and b"oints" in head.start))
