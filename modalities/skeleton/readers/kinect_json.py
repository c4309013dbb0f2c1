"""Reader of bodies in JSON as recorders of Azure Kinect and Kinect v2 write them."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan
from pathlib import Path

import numpy as np

from triad.modalities.checks import fail
from triad.modalities.safe_pickle import CURE
from triad.modalities.skeleton.layouts import Layout, get_layout
from triad.modalities.skeleton.readers.file_bytes import read_bytes
from triad.modalities.skeleton.readers.joint_names import plain_name
from triad.modalities.skeleton.readers.json_cursor import JsonCursor
from triad.modalities.skeleton.readers.pose_arrays import KINECT_AXES
from triad.modalities.skeleton.readers.pose_collector import PoseCollector
from triad.modalities.skeleton.readers.recording import LayoutChoice, ReadOptions, SkeletonRecording, rate_of

LAYOUT_BY_COUNT = {32: "azure_kinect32", 25: "ntu25", 20: "kinect20"}
BODIES = ("bodies", "Bodies", "skeletons", "people")
BODY_IDS = ("body_id", "bodyId", "trackingId", "TrackingId", "id")
JOINTS = ("joint_positions", "joints", "Joints")
POSITIONS = ("position", "Position", "cameraSpace", "CameraSpacePoint")
STATES = {"nottracked": 0.0, "inferred": 0.5, "tracked": 1.0, "0": 0.0, "1": 0.5, "2": 1.0}
COORDINATES = {
    **{name: axis for axis, letter in enumerate("xyz") for name in (letter, letter.upper())},
    **{f"camera{letter.upper()}": axis for axis, letter in enumerate("xyz")},
}
MAX_JOINTS = 200
MILLIMETRES = 100.0
"""Distance of a joint from the camera above which a file is in millimetres: no sensor sees 100 m, nor is at 10 cm."""


@dataclass
class Body:
    """A body of a frame.

    Attributes:
        id: number that tells bodies apart.
        rows: coordinates and score of each joint, ``[V, 4]``.
        names: names of the joints, where the file has some.
    """

    id: int
    rows: list[list[float]]
    names: list[str]


def read_kinect_json(path: str | Path, options: ReadOptions | None = None) -> SkeletonRecording:
    """Read the poses of ``{"frames": [{"bodies": [{"body_id", "joint_positions": [32][3]}], "timestamp_usec"}]}``.

    That is the form of the Azure Kinect body tracking samples: millimetres, x right, y down. Of Kinect v2 ``joints``
    hold 25 objects ``{"x", "y", "z"}`` in metres, in a list in the sensor's order or by name; x is to the sensor's
    left and y up, and both are turned. Frames without bodies show nobody. Times give the poses per second.

    Args:
        path: path of the file.
        options: layout and size that the user names; without a layout, the number of joints tells it.

    Raises:
        InputError: If the file is no such JSON, bodies have different numbers of joints, or nobody is shown.
    """
    options = options or ReadOptions()
    data = read_bytes(path)
    cursor = JsonCursor(path, data)
    collector: PoseCollector | None = None
    layout: Layout | None = None
    scale: np.ndarray | None = None
    times: list[float] = []
    num_frames = 0

    def add_frames() -> None:
        nonlocal collector, layout, scale, num_frames
        for number in cursor.items("the frames"):
            bodies, time = _read_frame(cursor, f"frame {number}")
            num_frames = number + 1
            if time is not None and len(times) < 1000:
                times.append(time)
            for body in bodies:
                values = np.array(body.rows, np.float64).reshape(-1, 4)
                if collector is None or layout is None or scale is None:
                    layout = LayoutChoice(path, LAYOUT_BY_COUNT).choose(len(values), 3, options)
                    collector = PoseCollector(path, data, layout=layout)
                    scale = _scale_of(layout, values)
                if len(values) != layout.num_joints:
                    must = f"have {layout.num_joints} joints"
                    fail(f"'{path}': body {body.id} of frame {number}", must, len(values), CURE)
                with np.errstate(over="ignore", invalid="ignore"):
                    values[:, :3] *= scale
                    collector.add(body.id, number, _sort(values, body.names, layout).astype(np.float32))

    if cursor.kind() == "array":
        add_frames()
    else:
        for key in cursor.keys("a recording"):
            if key in ("frames", "Frames", "data") and not num_frames and cursor.kind() == "array":
                add_frames()
            else:
                cursor.skip()
    cursor.read_end()
    if collector is None:
        fail(f"'{path}'", "show a body in some frame", f"none in {num_frames} frames", CURE)
    return SkeletonRecording(collector.poses(num_frames), None, rate_of(times))


def _scale_of(layout: Layout, values: np.ndarray) -> np.ndarray:
    """Return the factors of x, y, z that bring a body to metres in our axes."""
    azure = layout.joints == get_layout("azure_kinect32").joints
    axes = np.ones(3) if azure else KINECT_AXES.astype(np.float64)
    finite = values[np.isfinite(values[:, :3]).all(-1), :3]
    far = len(finite) and np.abs(finite).max() > MILLIMETRES
    return axes * (1e-3 if far else 1.0)


def _sort(values: np.ndarray, names: list[str], layout: Layout) -> np.ndarray:
    """Return the joints in the order of the layout, where the file names all of them."""
    plain = [plain_name(name) for name in names]
    if len(plain) != len(values) or set(plain) != set(layout.joints):
        return values
    return values[[plain.index(joint) for joint in layout.joints]]


def _read_frame(cursor: JsonCursor, subject: str) -> tuple[list[Body], float | None]:
    """Read the bodies of a frame and its time in seconds."""
    bodies: list[Body] = []
    time = None
    if cursor.kind() != "map":
        cursor.skip()
        return [], None
    for key in cursor.keys(subject):
        if key in BODIES and cursor.kind() == "array":
            for number in cursor.items(f"the bodies of {subject}"):
                body = _read_body(cursor, number, f"body {number} of {subject}")
                if body.rows:
                    bodies.append(body)
                if len(bodies) > MAX_JOINTS:
                    cursor.fail(f"hold at most {MAX_JOINTS} bodies in {subject}", "more")
        elif key in ("timestamp_usec", "timestamp_us") and cursor.kind() == "number":
            time = 1e-6 * cursor.read_number(f"the time of {subject}")
        else:
            cursor.skip()
    return bodies, time


def _read_body(cursor: JsonCursor, number: int, subject: str) -> Body:
    body = Body(number, [], [])
    for key in cursor.keys(subject):
        if key in BODY_IDS and cursor.kind() in ("number", "string"):
            body.id = _body_id(cursor.read_text(f"the id of {subject}"), number)
        elif key in JOINTS and cursor.kind() == "array":
            for index in cursor.items(f"the joints of {subject}"):
                body.rows.append(_read_joint(cursor, f"joint {index} of {subject}", body.names))
                if len(body.rows) > MAX_JOINTS:
                    cursor.fail(f"hold at most {MAX_JOINTS} joints of {subject}", "more")
        elif key in JOINTS and cursor.kind() == "map":
            for name in cursor.keys(f"the joints of {subject}"):
                names: list[str] = []
                body.rows.append(_read_joint(cursor, f"joint of {subject}", names))
                body.names.append(name[:60])
                if len(body.rows) > MAX_JOINTS:
                    cursor.fail(f"hold at most {MAX_JOINTS} joints of {subject}", "more")
        else:
            cursor.skip()
    return body


def _body_id(text: str, number: int) -> int:
    """Return the id of a body; ids may pass 2⁵³, and a text that is no number gives the place in the frame."""
    return int(text) % 2**62 if text.isascii() and text.isdigit() else number


def _read_joint(cursor: JsonCursor, subject: str, names: list[str], *, nested: bool = False) -> list[float]:
    """Read x, y, z and score of a joint, whose position may lie one level deeper, and append its name if it has one."""
    row = [nan, nan, nan, 1.0]
    kind = cursor.kind()
    if kind == "array":
        values = cursor.read_numbers(subject)
        row[: min(len(values), 3)] = values[:3].tolist()
        return row
    if kind != "map":
        cursor.skip()
        return row
    for key in cursor.keys(subject):
        if key in COORDINATES and cursor.kind() in ("number", "null"):
            row[COORDINATES[key]] = cursor.read_number(f"{key} of {subject}")
        elif key in POSITIONS and not nested and cursor.kind() in ("map", "array"):
            row[:3] = _read_joint(cursor, subject, names, nested=True)[:3]
        elif key in ("trackingState", "TrackingState", "state") and cursor.kind() in ("number", "string"):
            row[3] = STATES.get(cursor.read_text(subject).replace("_", "").lower(), 1.0)
        elif key in ("jointType", "JointType", "name", "Name") and cursor.kind() == "string":
            names.append(cursor.read_text(subject)[:60])
        else:
            cursor.skip()
    return row
