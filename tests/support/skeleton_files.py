"""Small skeleton files in the published formats: names, order and number of fields, spelling and line ends."""

from __future__ import annotations

import json
import pickle
from collections.abc import Sequence
from io import BytesIO
from typing import Any

import numpy as np
from scipy.io import savemat


def nucla(frames: int = 2) -> bytes:
    """Return a JSON file of Northwestern-UCLA."""
    skeletons = [[[round(0.01 * j + f, 6), 0.5, 3.18186] for j in range(20)] for f in range(frames)]
    return json.dumps({"file_name": "a01_s01_e00_v01", "skeletons": skeletons, "label": 1}).encode()


def utd_mhad(frames: int = 3, *, compressed: bool = True) -> bytes:
    """Return a MATLAB file of UTD-MHAD."""
    file = BytesIO()
    values = np.linspace(-1.1, 2.9, 60 * frames).reshape(20, 3, frames)
    savemat(file, {"d_skel": values}, do_compression=compressed)
    return file.getvalue()


def florence(frames: int = 2) -> bytes:
    """Return a text file of Florence 3D Actions."""
    rows = [
        f"{-222.7 + 30 * j:.16e} {540.9 - 40 * j:.16e} {2832.4 + f:.16e} " for f in range(frames) for j in range(15)
    ]
    return ("\n".join(rows) + "\n").encode()


def ntu_body(person: int, *, x: float = 0.2, states: Sequence[int] = (2,) * 25) -> list[str]:
    """Return the lines of a body whose joint j lies at (x, j, 3.7) and at pixel (1000 + j, 500)."""
    rows = [f"{x} {j} 3.7 277.4 191.8 {1000 + j}.5 500.25 -0.2 0.05 0.97 -0.12 {states[j]}" for j in range(25)]
    return [f"{person} 0 1 1 1 1 0 0.05606 -0.2333 2", "25", *rows]


def ntu(frames: Sequence[Sequence[list[str]]] | None = None) -> bytes:
    """Return a file of NTU RGB+D; by default its frames have nobody, one body, two, and the second of them."""
    a, b = 72057594037931101, 72057594037931102
    if frames is None:
        frames = [[], [ntu_body(a)], [ntu_body(a), ntu_body(b, x=-0.5)], [ntu_body(b, x=-0.5)]]
    lines = [str(len(frames))]
    for bodies in frames:
        lines += [str(len(bodies)), *(line for body in bodies for line in body)]
    return ("\r\n".join(lines) + "\r\n").encode()


def etri(frames: Sequence[Sequence[int]] = ((), (0,), (0, 3), (3,)), *, first: int = 0, states: bool = True) -> bytes:
    """Return a CSV file of ETRI-Activity3D; joint j of body b lies at (b + 0.1, j, 3.7); joint 25 is inferred.

    Args:
        frames: bodies of each frame.
        first: number of the first frame.
        states: whether there are columns of tracking states.
    """
    fields = ("3dX", "3dY", "3dZ", "colorX", "colorY", *(["trackingState"] if states else []))
    header = ["frameNum", "bodyindexID", *(f"joint{j + 1}_{field}" for j in range(25) for field in fields)]
    lines = [",".join(header)]
    for number, bodies in enumerate(frames, first):
        for body in bodies:
            joints = [[body + 0.1, j, 3.7, 900.5, 400.5, *([1 if j == 24 else 2] if states else [])] for j in range(25)]
            lines.append(",".join(str(value) for value in (number, body, *(v for joint in joints for v in joint))))
        if not bodies:
            lines.append(",".join([str(number)] + [""] * (len(header) - 1)))
    return ("\r\n".join(lines) + "\r\n").encode()


def msr_daily(frames: Sequence[int] = (1, 0, 2)) -> bytes:
    """Return a file of MSR DailyActivity3D, given the bodies in each frame; joint j of body b is at (b + 0.1, j, 2)."""
    lines = [f"{len(frames)} 20"]
    for num_bodies in frames:
        lines.append(str(40 * num_bodies))
        for body in range(num_bodies):
            for joint in range(20):
                lines += [f"{body + 0.1} {joint} 2.0 1", "0.5 0.4 3000 1"]
    return ("\n".join(lines) + "\n").encode()


def lcrnet_person(**changes: Any) -> dict[str, Any]:
    """Return a person with joint j at (j, 100 + j, 200 + j) metres and pixel (j + 0.5, 300 + j)."""
    pose3d = [float(axis * 100 + j) for axis in range(3) for j in range(13)]
    pose2d = [j + 0.5 for j in range(13)] + [300.0 + j for j in range(13)]
    return {"pose2d": pose2d, "pose3d": pose3d, "cumscore": 1.25, **changes}


def lcrnet(frames: list[list[dict[str, Any]]] | None = None, **changes: Any) -> bytes:
    """Return a file of LCR-Net; by default its frames have one person, two, and nobody."""
    person = lcrnet_person()
    frames = [[person], [person, lcrnet_person(cumscore=0.5)], []] if frames is None else frames
    return json.dumps({"K": [1, [2]], "njts": 13, "frames": frames, **changes}).encode()


def kinetics_person(shift: float = 0.0, **changes: Any) -> dict[str, Any]:
    """Return a person whose joint j is at (0.01 j + shift, 0.5) of the frame."""
    pose = [round(value, 3) for j in range(18) for value in (0.01 * j + shift, 0.5)]
    return {"pose": pose, "score": [0.9] * 18, **changes}


def kinetics(frames: list[dict[str, Any]] | None = None) -> bytes:
    """Return a file of Kinetics-Skeleton; by default its frames have one person, nobody, and two."""
    people = [[kinetics_person()], [], [kinetics_person(), kinetics_person(0.2)]]
    default = [{"frame_index": 1 + i, "skeleton": persons} for i, persons in enumerate(people)]
    document = {"data": default if frames is None else frames, "label": "abseiling", "label_index": 0}
    return json.dumps(document).encode()


def pku(frames: int = 3, *, second: bool = True) -> bytes:
    """Return a file of PKU-MMD with one or two persons."""
    rows = [
        [f"{0.01 * j + f:.6f}" for j in range(75)] + [f"{-0.01 * j - f:.6f}" if second else "0" for j in range(75)]
        for f in range(1, frames + 1)
    ]
    return ("\n".join(" ".join(row) for row in rows) + "\n").encode()


def npz(*, compressed: bool = False) -> bytes:
    """Return a file of two persons in three frames in this project's own format."""
    file = BytesIO()
    points = np.arange(2 * 3 * 17 * 2, dtype=np.float32).reshape(2, 3, 17, 2) + 1
    (np.savez_compressed if compressed else np.savez)(file, keypoints=points, scores=points[..., 0] / 1000)
    return file.getvalue()


def annotations(*, protocol: int = pickle.HIGHEST_PROTOCOL, lists: bool = False) -> bytes:
    """Return a pickle as pyskl publishes it: one 2D clip with scores, in half precision, or as lists of frames."""
    points = np.arange(2 * 3 * 17 * 2, dtype=np.float16).reshape(2, 3, 17, 2) + 1
    clip = {
        "frame_dir": "v_ApplyEyeMakeup_g08_c01",
        "label": 3,
        "img_shape": (240, 320),
        "original_shape": (240, 320),
        "total_frames": 3,
        "keypoint": points,
        "keypoint_score": np.full((2, 3, 17), 0.5, np.float16),
    }
    if lists:
        clip["keypoint"] = [points[:1, 0], points[:, 1], points[:0, 2]]
        clip["keypoint_score"] = [[[0.5] * 17], [[0.5] * 17] * 2, []]
    document = {"split": {"train1": [clip["frame_dir"]], "test1": []}, "annotations": [clip]}
    return pickle.dumps(document, protocol=protocol)
