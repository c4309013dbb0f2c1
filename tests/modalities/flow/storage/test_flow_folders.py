import cv2
import numpy as np
import pytest
from flo_files import write_flo

from triad.modalities.checks import InputError
from triad.modalities.flow.storage.float_fields import FloatFields
from triad.modalities.flow.storage.flow_folders import FLOATS, PICTURES, find_flow


def test_flow_by_id_and_name(tmp_path):
    for name in ("by_id", "walk/clip1", "alone", "twice"):
        (tmp_path / "flow" / name).mkdir(parents=True)
    videos = {
        "by_id": "a/x.mp4",
        "w1": "videos/walk/clip1.avi",
        "r1": "videos/run/clip1.avi",  # its class has no folder
        "z": "deep/alone.mp4",
        "t1": "a/twice.mp4",
        "t2": "b/twice.mp4",  # two videos of one name
    }
    locations = find_flow(tmp_path / "flow", {id: tmp_path / path for id, path in videos.items()})
    assert {id: str(location.path.relative_to(tmp_path / "flow")) for id, location in locations.items()} == {
        "by_id": "by_id",
        "w1": "walk/clip1",
        "z": "alone",
    }


def test_folders_without_flow_are_refused(tmp_path):
    (tmp_path / "flow").mkdir()
    with pytest.raises(InputError, match=r"must exist, got '.*none'"):
        find_flow(tmp_path / "none", {})
    with pytest.raises(InputError, match="hold one folder per video, such as 'q', got none that fits"):
        find_flow(tmp_path / "flow", {"q": tmp_path / "q.mp4"})


FIELDS = np.random.default_rng(0).normal(0, 3, (3, 6, 8, 2)).astype(np.float32)


def write_flo_files(folder):
    for number, field in enumerate(FIELDS):
        write_flo(folder / f"clip/{number:04d}.flo", field)


def write_npy_files(folder):
    for number, field in enumerate(FIELDS):
        np.save(folder / f"clip/flow_{number + 8}.npy", field.transpose(2, 0, 1))  # 10 after 9


def write_npy_stack(folder):
    (folder / "clip").rmdir()
    np.save(folder / "clip.npy", FIELDS)


@pytest.mark.parametrize("write", [write_flo_files, write_npy_files, write_npy_stack])
def test_floats_are_read_exactly(tmp_path, write):
    (tmp_path / "clip").mkdir()
    write(tmp_path)
    location = find_flow(tmp_path, {"id": tmp_path / "videos/clip.avi"})["id"]
    assert location.kind == FLOATS
    fields = location.open()
    assert fields.num == 3
    np.testing.assert_array_equal(np.stack([fields.read(index).flow for index in range(3)]), FIELDS)


def test_components_apart_are_found(tmp_path):
    for axis in "uv":
        (tmp_path / axis / "v1").mkdir(parents=True)
        for number in (1, 2, 3):
            cv2.imwrite(str(tmp_path / f"{axis}/v1/frame{number:06d}.jpg"), np.full((12, 16), 137, np.uint8))
    location = find_flow(tmp_path, {"id": tmp_path / "videos/v1.avi"})["id"]
    assert location.kind == PICTURES
    assert location.open().num == 3
    np.testing.assert_allclose(location.open().read(2).flow, 20 * (137 / 127.5 - 1), atol=1e-5)


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "hold .flo or .npy files, got none"),
        ({"1.npy": FIELDS[0], "3.npy": FIELDS[1]}, "numbered without a gap, got no number 2"),
        ({"a.npy": FIELDS[0]}, "a.npy' must have a number of its own"),
        ({"1.npy": np.full((6, 8, 2), np.nan)}, "1.npy' must be finite, got NaN"),
        ({"1.npy": FIELDS[0, ..., 0]}, r"1.npy' must hold numbers \[H, W, 2\], got float32 \[6, 8\]"),
        ({"1.npy": np.array([{}])}, "1.npy' must be a .npy file of numbers"),
        ({"1.npy": FIELDS[0], "2.flo": None}, "hold .flo or .npy files, got both"),
    ],
)
def test_unfit_floats_are_one_line(tmp_path, files, message):
    for name, array in files.items():
        if array is None:
            write_flo(tmp_path / name, FIELDS[0])
        else:
            np.save(tmp_path / name, array, allow_pickle=True)
    with pytest.raises(InputError, match=message) as error:
        FloatFields(tmp_path).read(0)
    assert "\n" not in str(error.value)
