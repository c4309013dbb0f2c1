from pathlib import Path

import numpy as np
import pytest
from skeleton_files import ntu, ntu_body

from triad.modalities.checks import InputError
from triad.modalities.skeleton import convert
from triad.modalities.skeleton.readers import read_ntu


def read(folder: Path, content: bytes):  # type: ignore[no-untyped-def]
    (folder / "S001C001P001R001A001.skeleton").write_bytes(content)
    return read_ntu(folder / "S001C001P001R001A001.skeleton")


def test_bodies_are_persons_by_id(tmp_path: Path) -> None:
    poses = read(tmp_path, ntu())
    assert (poses.layout, poses.keypoints.shape) == ("ntu25", (2, 4, 25, 3))
    assert (poses.scores > 0).all(-1).tolist() == [[False, True, True, False], [False, False, True, True]]
    assert np.array_equal(poses.keypoints[1, 2, 7], np.float32([-0.5, -7, 3.7]))
    assert poses.pixels is not None
    assert poses.pixels[0, 1, 7].tolist() == [1007.5, 500.25]
    assert not poses.keypoints[0, 0].any()
    assert not poses.pixels[0, 0].any()


def test_tracking_states_are_scores(tmp_path: Path) -> None:
    body = ntu_body(1, states=[0, 1, 2, *[2] * 22])
    for joint, (old, new) in {3: ("1003.5", "NaN"), 4: ("500.25", "-Infinity"), 5: ("3.7", "-1.#IND")}.items():
        body[2 + joint] = body[2 + joint].replace(old, new)
    poses = read(tmp_path, ntu([[body]]))
    assert poses.scores[0, 0].tolist() == [0, 0.5, 1, 1, 1, 0] + [1] * 19
    assert poses.pixels is not None
    assert not poses.keypoints[0, 0, [0, 5]].any()
    assert not poses.pixels[0, 0, [0, 5]].any()


def test_joint_without_pixel_keeps_depth(tmp_path: Path) -> None:
    body = ntu_body(1)
    body[2 + 3] = body[2 + 3].replace("1003.5 500.25", "NaN NaN")
    poses = read(tmp_path, ntu([[body]]))
    assert poses.keypoints[0, 0, 3].tolist() == np.float32([0.2, -3, 3.7]).tolist()
    assert poses.pixels is not None
    assert np.isnan(poses.pixels[0, 0, 3]).all()
    assert poses.pixel_scores[0, 0].tolist() == [1, 1, 1, 0] + [1] * 21
    assert convert(poses, to="ntu25_2d").scores[0, 0].tolist() == [1, 1, 1, 0] + [1] * 21


def test_projected_joints_lie_on_their_pixels(tmp_path: Path) -> None:
    """Colour pictures of the sensor are mirrored: x of the files grows to their right, y upwards."""
    xyz = np.random.default_rng(0).uniform([-0.5, -0.8, 3], [0.5, 0.8, 3.4], (25, 3))
    pixels = [1050, -1050] * xyz[:, :2] / xyz[:, 2:] + [960, 540]
    rows = [f"{x} {y} {z} 0 0 {u} {v} 0 0 0 0 2" for (x, y, z), (u, v) in zip(xyz, pixels, strict=True)]
    poses = read(tmp_path, ntu([[["1 0 0 0 0 0 0 0 0 0", "25", *rows]]]))
    assert poses.pixels is not None
    projected = 1050 * poses.keypoints[0, 0, :, :2] / poses.keypoints[0, 0, :, 2:] + [960, 540]
    np.testing.assert_allclose(projected, poses.pixels[0, 0], atol=1e-2)


def test_ids_are_64_bit_integers(tmp_path: Path) -> None:
    bodies = [ntu_body(2**56 + 1), ntu_body(2**56 + 2), ntu_body(2**64 - 1)]  # as floats two would be one
    assert len(read(tmp_path, ntu([bodies])).keypoints) == 3


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"x", r"A001\.skeleton' line 1 must hold the number of frames, an integer, got 'x'"),
        (b"-3", "line 1 must hold the number of frames, got -3"),
        (b"1000000000\n0\n0\n", "line 4 must hold the number of bodies in frame 2, got the end of the file"),
        (b"1\n-1\n", "line 2 must hold the number of bodies in frame 0, got -1"),
        (b"1\n1000000000\n", "line 3 must hold a body in frame 0, got the end of the file"),
        (b"2\n0\n0\n", "must show a joint of somebody in some frame, got none in 2 frames; leave it out"),
        (ntu().replace(b"\n25\r", b"\n1000000000\r"), "line 5 must hold the number of joints, 25, got 1000000000"),
        (ntu().replace(b"-0.12 2", b"-0.12 3", 1), "tracking states are 0, 1 or 2, joint 0, got 3"),
        (
            ntu().replace(b" 277.4", b"", 1),
            "line 6 must hold joint 0 of .* in frame 1, 12 numbers, got 11",
        ),
        (ntu().replace(b"0.97", b"O.97", 1), "line 6 must hold joint 0 of body 72.* in frame 1 in numbers, got 'O.97'"),
        (ntu([[ntu_body(1), ntu_body(1)]]), "line 56 must end the only body 1 of frame 0, got a second one"),
        (ntu([[ntu_body(2**64)]]), "line 3 must hold a 64-bit id of a body, got 20 digits"),
        (ntu([[ntu_body(1)]]) + b"0\n", "line 29 must be the last, for the file has 1 frames, got more lines"),
        (ntu([[ntu_body(i)] for i in range(1001)]), "must hold at most 1000 persons, got more by frame 1000"),
        (
            ntu([[ntu_body(0)], *[[]] * 20_000]),
            r"1 persons × 20001 frames must take at most \d+ bytes, ",
        ),
    ],
)
def test_other_files_are_refused(tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read(tmp_path, content)
