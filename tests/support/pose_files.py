"""Small files of poses as other programs write them: OpenPose, AlphaPose, COCO, MediaPipe, Kinect, BVH, C3D, arrays."""

from __future__ import annotations

import json
import pickle
import warnings
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from scipy.io import savemat


def openpose_person(x: float = 50.0, *, joints: int = 25, person: int = -1) -> dict[str, Any]:
    """Return a person whose joint j is at (x + j % 5, 40 + 4 j), score 0.8; joint 3 was not found."""
    values = [value for j in range(joints) for value in ((x + j % 5, 40.0 + 4 * j, 0.8) if j != 3 else (0, 0, 0))]
    return {"person_id": [person], "pose_keypoints_2d": values, "face_keypoints_2d": [], "pose_keypoints_3d": []}


def openpose(people: Sequence[dict[str, Any]] | None = None) -> bytes:
    """Return the file of one frame; by default of one person."""
    return json.dumps({"version": 1.3, "people": [openpose_person()] if people is None else list(people)}).encode()


def write_openpose(folder: Path, frames: dict[int, Sequence[dict[str, Any]]]) -> Path:
    """Write a folder with a file for each frame."""
    folder.mkdir(parents=True)
    for number, people in frames.items():
        (folder / f"clip_{number:012d}_keypoints.json").write_bytes(openpose(people))
    return folder


def alphapose(frames: Sequence[int] = (0, 1, 3), *, joints: int = 17, **fields: Any) -> bytes:
    """Return AlphaPose's list of one person, whose joint j is at (30 + j, 20 + 2 j) and moves a pixel a frame."""
    rows = [
        {
            "image_id": f"{frame}.jpg",
            "category_id": 1,
            "keypoints": [value for j in range(joints) for value in (30.0 + j + frame, 20.0 + 2 * j, 0.9)],
            "score": 2.9,
            **fields,
        }
        for frame in frames
    ]
    return json.dumps(rows).encode()


def alphapose_images(persons: str = "bodies") -> bytes:
    """Return AlphaPose's object of images, in its form cmu (``bodies``) or open (``people``), of 18 joints."""
    joints = {"bodies": "joints", "people": "pose_keypoints_2d"}[persons]
    rows = {frame: [value for j in range(18) for value in (30.0 + j + frame, 20.0 + 2 * j, 0.9)] for frame in (0, 1, 3)}
    images = {f"{frame}.jpg": {"version": "AlphaPose v0.3", persons: [{joints: row}]} for frame, row in rows.items()}
    return json.dumps(images).encode()


def mmpose(*, wrapped: bool = True) -> bytes:
    """Return mmpose's predictions of one person in frames 1 and 3 of four, numbered from 0."""
    frames = []
    for frame in range(4):
        joints = [[30.0 + j + frame, 20.0 + 2 * j] for j in range(17)]
        person = {"keypoints": joints, "keypoint_scores": [0.9] * 17, "bbox": [[1, 2, 3, 4]], "bbox_score": 0.8}
        frames.append({"frame_id": frame, "instances": [person] if frame % 2 else []})
    return json.dumps({"meta_info": {"dataset_name": "coco"}, "instance_info": frames} if wrapped else frames).encode()


def coco() -> bytes:
    """Return an annotation file of two images, the second of which shows a person with hidden and missing joints."""
    flags = [0, 1, *[2] * 15]
    keypoints = [value for j, flag in enumerate(flags) for value in (10 + j, 20 + j, flag)]
    return json.dumps(
        {
            "images": [
                {"id": 9, "file_name": "b_2.jpg", "width": 64, "height": 48},
                {"id": 7, "file_name": "a_1.jpg", "width": 64, "height": 48},
            ],
            "annotations": [{"id": 1, "image_id": 9, "keypoints": keypoints, "track_id": 4}],
            "categories": [{"id": 1, "name": "person"}],
        }
    ).encode()


def mediapipe(*, world: bool = True, lines: bool = False) -> bytes:
    """Return frames of 33 landmarks, the second of which shows nobody; in a list, or one a line."""
    image = [{"x": 0.01 * j, "y": 0.02 * j, "z": 0.1, "visibility": 0.7} for j in range(33)]
    metres = [{"x": 0.1 * j, "y": -0.1 * j, "z": 1.5, "visibility": 0.6} for j in range(33)]
    frame = {"timestamp": 1, "pose_landmarks": [image], **({"pose_world_landmarks": [metres]} if world else {})}
    frames = [frame, {"timestamp": 2, "pose_landmarks": []}, frame]
    return ("\n".join(map(json.dumps, frames)) if lines else json.dumps(frames)).encode()


def keypoint_csv(separator: str = ",") -> bytes:
    """Return a table of 17 named joints in pixels with scores, whose second frame lacks a joint."""
    from triad.modalities.skeleton import get_layout

    joints = get_layout("coco17").joints
    header = ["frame", "time", *(f"{joint}_{axis}" for joint in joints for axis in ("x", "y", "score"))]
    rows = []
    for frame in range(3):
        values = [(10 + j + frame, 20 + 2 * j, 0.5) for j in range(17)]
        cells = [str(value) for row in values for value in row]
        cells[:3] = ["", "", ""] if frame == 1 else cells[:3]
        rows.append([str(frame), str(frame * 0.04), *cells])
    return "\r\n".join(separator.join(row) for row in [header, *rows]).encode()


def keypoint_rows() -> bytes:
    """Return a table with a row a joint: 33 landmarks of two persons in three frames."""
    rows = [f"{t},{p},{j},{0.1 * j},{0.2 * j},{t},0.5" for t in range(3) for p in (1, 2) for j in range(33)]
    return "\n".join(["frame,person,landmark,x,y,z,visibility", *rows]).encode()


def azure_kinect() -> bytes:
    """Return millimetres of 32 joints, joint j at (10 j, 20 j, 2000), in the second of two frames."""
    positions = [[10.0 * j, 20.0 * j, 2000.0] for j in range(32)]
    frames = [
        {"bodies": [], "frame_id": 0, "num_bodies": 0, "timestamp_usec": 0},
        {"bodies": [{"body_id": 3, "joint_positions": positions}], "frame_id": 1, "timestamp_usec": 33333},
    ]
    return json.dumps({"bone_list": [["a", "b"]], "frames": frames, "joint_names": ["PELVIS"]}).encode()


def kinect_v2() -> bytes:
    """Return metres of 25 joints by name in the axes of the sensor."""
    names = ("SpineBase", "SpineMid", "Neck", "Head")
    limbs = [f"{joint}{side}" for side in ("Left", "Right") for joint in ("Shoulder", "Elbow", "Wrist", "Hand")]
    legs = [f"{joint}{side}" for side in ("Left", "Right") for joint in ("Hip", "Knee", "Ankle", "Foot")]
    tips = ("SpineShoulder", "HandTipLeft", "ThumbLeft", "HandTipRight", "ThumbRight")
    joints = {
        name: {"x": 0.1 * j, "y": 0.2 * j, "z": 2.5, "trackingState": "Tracked" if j else "Inferred"}
        for j, name in enumerate((*names, *limbs, *legs, *tips))
    }
    return json.dumps([{"bodies": [{"trackingId": "72057594037931101", "joints": joints}]}]).encode()


def bvh() -> bytes:
    """Return two frames of hips and a left leg; in the second the hip is turned by 90° about z."""
    lines = [
        *("HIERARCHY", "ROOT Hips", "{", "OFFSET 0 0 0"),
        "CHANNELS 6 Xposition Yposition Zposition Zrotation Xrotation Yrotation",
        *("JOINT LeftUpLeg", "{", "OFFSET 10 0 0", "CHANNELS 3 Zrotation Xrotation Yrotation"),
        *("JOINT LeftLeg", "{", "OFFSET 0 -40 0", "CHANNELS 3 Zrotation Xrotation Yrotation"),
        *("End Site", "{", "OFFSET 0 -40 0", "}", "}", "}", "}"),
        *("MOTION", "Frames: 2", "Frame Time: 0.04", "0 90 0 0 0 0 0 0 0 0 0 0", "1 90 0 90 0 0 0 0 0 0 0 0"),
    ]
    return "\n".join(lines).encode()


def c3d(
    markers: dict[str, np.ndarray] | None = None,
    *,
    unit: str = "mm",
    rate: float = 100.0,
    scale: float = -1.0,
    screen: tuple[str, str] | None = None,
) -> bytes:
    """Return a C3D file of markers, ``[T, 3]`` each, NaN where invalid; by default of a left leg of Plug-in Gait.

    The default leg stands still for three frames: the pelvis is 1 m high at x = 0.1 m, y = 0.2–0.4 m, the
    knee lies 0.4 m and the ankle 0.8 m below it; the knee is invalid in the second frame. An analog channel runs along.

    Args:
        markers: positions of each marker by its label, in ``unit``.
        unit: unit of length, as ``POINT:UNITS`` has it.
        rate: frames per second.
        scale: factor of whole numbers; −1 stores floats.
        screen: axes that point right and up on the screen.
    """
    from c3d import Writer

    if markers is None:
        heights = {"LASI": (400, 1000), "LPSI": (200, 1000), "LKNE": (300, 600), "LANK": (300, 200)}
        markers = {name: np.tile(np.array([100.0, y, z]), (3, 1)) for name, (y, z) in heights.items()}
        markers["LKNE"][1] = np.nan
    markers = {**markers, "*1": np.full((len(next(iter(markers.values()))), 3), 7.0)}  # one that nobody has named
    writer = Writer(rate, rate, point_scale=scale, point_units=unit)
    writer.set_point_labels(list(markers))
    writer.set_analog_labels(["force"])
    if screen is not None:
        writer.set_screen_axis(*screen)
    for position in np.stack(list(markers.values()), 1):  # [V, 3]
        invalid = np.isnan(position).any(-1)
        points = np.concatenate([np.nan_to_num(position), np.where(invalid, -1.0, 0.0)[:, None]], 1)
        writer.add_frames([(np.pad(points, ((0, 0), (0, 1))), np.ones((1, 1)))])
    file = BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of parameters that the writer has not made yet
        writer.write(file)
    return file.getvalue()


def npy(array: np.ndarray | None = None) -> bytes:
    """Return an array of one clip, by default of two persons in three frames of 17 joints in 2D."""
    file = BytesIO()
    np.save(file, np.arange(2 * 3 * 17 * 2, dtype=np.float32).reshape(2, 3, 17, 2) + 1 if array is None else array)
    return file.getvalue()


def mat(**arrays: np.ndarray) -> bytes:
    """Return a MATLAB file, by default of 20 joints in three frames and a number."""
    file = BytesIO()
    savemat(file, arrays or {"pose": np.arange(180.0).reshape(20, 3, 3) + 1, "fps": np.array([30.0])})
    return file.getvalue()


def stgcn(*, clips: int = 2) -> tuple[bytes, bytes]:
    """Return array and label pickle: clip n has one person, 4 + n frames of 25 joints in Kinect's axes, padded to 8."""
    array = np.zeros((clips, 3, 8, 25, 2), np.float32)
    for clip in range(clips):
        array[clip, :, : 4 + clip, :, 0] = np.arange(25) / 10 + np.array([0.5, 0.5, 3])[:, None, None] + clip
    names = [f"S001C001P00{clip}R001A00{clip + 1}.skeleton" for clip in range(clips)]
    return npy(array), pickle.dumps((names, list(range(clips))), protocol=2)


def ctrgcn(*, compressed: bool = False) -> bytes:
    """Return arrays of two training clips and one test clip of one person, 4 frames padded to 6, one-hot classes."""
    x = np.zeros((3, 6, 2, 25, 3), np.float32)
    x[:, :4, 0] = np.arange(75).reshape(25, 3) / 10 + np.arange(3)[:, None, None, None] + 1
    y = np.eye(3, dtype=np.float32)
    x = x.reshape(3, 6, 150)
    file = BytesIO()
    (np.savez_compressed if compressed else np.savez)(file, x_train=x[:2], y_train=y[:2], x_test=x[2:], y_test=y[2:])
    return file.getvalue()
