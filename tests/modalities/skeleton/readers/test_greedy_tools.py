"""Files of other programs made to fill the memory or the stack."""

from pathlib import Path

import numpy as np
import pose_files
import pytest
from skeleton_readers import READERS, check

from triad.modalities.checks import InputError
from triad.modalities.skeleton.readers import open_collection

MANY = 1 << 15


def _c3d_of_many_frames() -> bytes:
    """Return a file of three frames whose header, trial and points say that there are four thousand million."""
    content = bytearray(pose_files.c3d())
    content[8:10] = b"\xff\xff"  # the last frame in the header
    at = content.index(b"ACTUAL_END_FIELD") + 16
    content[at + 5 : at + 9] = b"\xff" * 4
    return bytes(content)


GREEDY = {
    "openpose": [b'{"people": [' + b'{"pose_keypoints_2d": [1, 1, 1]},' * MANY, b'{"people": [' + b"[" * MANY],
    "coco": [
        b'[{"image_id": 2000000000, "keypoints": [' + b"1," * 50 + b"1]}]",
        b'{"images": [' + b'{"id": 1, "file_name": "a"},' * MANY,
        b"[" + b'{"keypoints": []},' * MANY + b"{}]",
    ],
    "kinect": [
        b'{"frames":[{"bodies":[{"joints":[' + b'{"position":' * MANY,
        b'{"frames":[' + b"{}," * MANY + b"{}]}",
        b'{"frames":[{"bodies":[' + b'{"joints":[{}]},' * MANY,
    ],
    "mediapipe": [b"[" * MANY, b'[{"landmarks": [' + b"[]," * MANY, b"[" + b"[]," * MANY + b"[]]"],
    "csv": [
        b"frame,nose_x,nose_y\n0,1,1\n2000000000,1,1\n",
        b"x0,y0," * MANY,
        b"nose_x,nose_y\n" + b"1,1\n" * MANY,
        b"frame,joint,x,y\n" + b"".join(b"%d,nose,1,1\n" % frame for frame in range(MANY // 2)),
        b"nose_x,nose_y\n" + b"\n" * MANY,
        b'nose_x,nose_y\n"' + b"1" * 4 * MANY,
    ],
    "bvh": [
        b"HIERARCHY\nROOT a\n{\n" + b"JOINT b\n{\n" * MANY,
        pose_files.bvh().replace(b"Frames: 2", b"Frames: 99999999"),
        pose_files.bvh() + b" 1" * 4 * MANY,
        b"HIERARCHY\n" + b"R" * 4 * MANY,
    ],
    "c3d": [
        _c3d_of_many_frames(),
        pose_files.c3d().replace(b"\x02\x04\x05LASI", b"\x02\xff\xffLASI"),
        pose_files.c3d({f"{number}:LKNE": np.ones((200, 3)) for number in range(100)}),
    ],
    "npy": [pose_files.npy(np.ones((1, MANY, 17, 2), np.int8))],
}


@pytest.mark.parametrize("name", GREEDY)
def test_memory_stays_in_proportion(name: str, tmp_path: Path) -> None:
    for content in GREEDY[name]:
        check(READERS[name][0], tmp_path / "clip", content)


def test_compressed_bombs_are_refused(tmp_path: Path) -> None:
    np.savez_compressed(tmp_path / "a.npz", x_train=np.zeros((600, 100, 150), np.float32), y_train=np.eye(600))
    with pytest.raises(InputError, match=r"x_train.npy must take at most 10 times its bytes .* save it with np.savez"):
        open_collection(tmp_path / "a.npz")
