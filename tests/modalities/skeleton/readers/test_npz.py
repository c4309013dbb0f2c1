import struct
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import numpy as np
import pytest

from triad.modalities.checks import InputError
from triad.modalities.skeleton.readers import read_npz

KEYPOINTS = np.arange(2 * 3 * 17 * 2, dtype=np.float32).reshape(2, 3, 17, 2) + 1


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_arrays_are_read(tmp_path: Path, save) -> None:  # type: ignore[no-untyped-def]
    scores = np.full((2, 3, 17), 0.5)
    scores[1, 2, 3] = 0
    save(tmp_path / "a.npz", keypoints=KEYPOINTS, scores=scores, note=np.array("any"))
    poses = read_npz(tmp_path / "a.npz", layout="coco17")
    assert np.argwhere(poses.scores == 0).tolist() == [[1, 2, 3]]
    assert np.array_equal(poses.keypoints[0], KEYPOINTS[0])
    assert poses.keypoints[1, 2, 3].tolist() == [0, 0]


def test_one_person_needs_no_scores(tmp_path: Path) -> None:
    points = np.ones((4, 16, 3), np.float16)
    points[1, 5] = 0
    points[2, 6, 0] = np.nan
    np.savez(tmp_path / "a.npz", keypoints=np.asfortranarray(points), pixels=np.ones((4, 16, 2), int))
    poses = read_npz(tmp_path / "a.npz", layout="minihome16")
    assert poses.pixels is not None
    assert (poses.keypoints.shape, poses.pixels.shape) == ((1, 4, 16, 3), (1, 4, 16, 2))
    assert np.argwhere(poses.scores[0] == 0).tolist() == [[1, 5], [2, 6]]


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"joints": KEYPOINTS}, "must hold the array keypoints, got joints; name its arrays so"),
        ({"keypoints": KEYPOINTS[..., :1]}, r"Poses.keypoints must have shape \[M, T, 17, 2\], got \[2, 3, 17, 1\]"),
        (
            {"keypoints": KEYPOINTS[0, 0]},
            r"keypoints must have shape \[M, T, V, C\] or \[T, V, C\] and .*, got \[17, 2\]",
        ),
        ({"keypoints": np.empty((10**9, 1, 17, 0))}, r"\[T, V, C\] and values, got \[1000000000, 1, 17, 0\]"),
        ({"keypoints": KEYPOINTS, "scores": KEYPOINTS}, r"scores must have shape \[2, 3, 17\] as keypoints has, got"),
        ({"keypoints": KEYPOINTS.astype(object)}, r"keypoints\.npy must hold numbers, got object"),
        ({"keypoints": KEYPOINTS.astype(str)}, r"keypoints\.npy must hold numbers, got <U"),
        ({"keypoints": 0 * KEYPOINTS}, "must show a joint of somebody in some frame, got none in 3 frames"),
    ],
)
def test_other_arrays_are_refused(tmp_path: Path, arrays: dict[str, np.ndarray], message: str) -> None:
    np.savez(tmp_path / "a.npz", **arrays)  # type: ignore[arg-type]
    with pytest.raises(InputError, match=message):
        read_npz(tmp_path / "a.npz", layout="coco17")


def test_declared_sizes_are_checked(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    np.savez(path, keypoints=KEYPOINTS)
    path.write_bytes(path.read_bytes().replace(b"(2, 3, 17, 2), }" + b" " * 9, b"(200000000, 3, 17, 2), }" + b" "))
    with pytest.raises(InputError, match=r"BadZipFile|bytes of float32 \[200000000, 3, 17, 2\]"):
        read_npz(path, layout="coco17")
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        archive.writestr("keypoints.npy", bytes(50 << 20))
    with pytest.raises(InputError, match=r"the arrays must take at most \d+ bytes"):
        read_npz(path, layout="coco17")
    data = path.read_bytes()  # now the size in the directory lies
    path.write_bytes(data.replace(struct.pack("<I", 50 << 20), struct.pack("<I", 1000)))
    with pytest.raises(InputError, match=r"must be a readable \.npz"):
        read_npz(path, layout="coco17")


@pytest.mark.parametrize("content", [b"no archive", b"PK\x05\x06" + bytes(18), b"PK\x01\x02" * 2000])
def test_other_files_are_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.npz").write_bytes(content)
    with pytest.raises(InputError, match=r"a\.npz' must "):
        read_npz(tmp_path / "a.npz", layout="coco17")
