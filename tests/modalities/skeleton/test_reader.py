from pathlib import Path
from typing import Any

import numpy as np
import pytest

from triad.modalities.atomic_files import write_arrays
from triad.modalities.checks import InputError
from triad.modalities.clips import Source
from triad.modalities.skeleton import PoseReader, Poses, get_layout, write_store


def write_poses(folder: Path, **changes: Any) -> Path:
    """Write four poses of one person; every coordinate of pose t is t."""
    keypoints = np.broadcast_to(np.arange(4, dtype=np.float32)[None, :, None, None], (1, 4, 16, 3)).copy()
    arrays = {"keypoints": keypoints, "scores": np.ones((1, 4, 16), np.float32)} | changes
    write_arrays(folder / "a.npz", **{name: array for name, array in arrays.items() if array is not None})
    return folder / "a.npz"


def read(path: Path, seconds: list[float], *, layout: str = "minihome16", **source: Any) -> Any:
    reader = PoseReader(layout=layout, frame_size=(120, 160))
    arguments = {"path": path, "num": 4, "fps": 10.0} | source
    return reader.read(Source(**arguments), np.array(seconds), np.ones(len(seconds), bool))


def test_pose_on_display_is_read(tmp_path: Path) -> None:
    clip = read(write_poses(tmp_path), [0.0, 0.19, 0.2, 0.39, 0.4, 9.0])
    assert clip.keypoints[0, :, 0, 0].tolist() == [0, 1, 2, 3, 3, 3]
    assert clip.valid.tolist() == [True, True, True, True, False, False]  # the last one is on display until 0.4 s
    assert clip.layout == "minihome16"
    assert clip.pixels is None


def test_times_and_offset_are_used(tmp_path: Path) -> None:
    path = write_poses(tmp_path)
    clip = read(path, [0.0, 1.3, 1.65, 1.75], fps=None, times=(0.0, 0.25, 0.5, 0.625), offset=1.0)
    assert clip.keypoints[0, :, 0, 0].tolist() == [0, 1, 3, 3]
    assert clip.valid.tolist() == [True, True, True, False]


def test_invalid_times_stay_invalid(tmp_path: Path) -> None:
    reader = PoseReader(layout="minihome16", frame_size=(120, 160))
    source = Source(path=write_poses(tmp_path), num=4, fps=10.0)
    assert reader.read(source, np.array([0.0, 0.1]), np.array([False, True])).valid.tolist() == [False, True]


def test_missing_joints_are_zero(tmp_path: Path) -> None:
    scores = np.ones((1, 4, 16), np.float32)
    scores[0, 2, 5] = 0
    pixels = np.full((1, 4, 16, 2), 7, np.float32)
    clip = read(write_poses(tmp_path, scores=scores, pixels=pixels), [0.1, 0.2], size_hw=(120, 160))
    assert not clip.keypoints[0, 1, 5].any()
    assert not clip.pixels[0, 1, 5].any()
    assert clip.keypoints[0, 1, 6].all()
    assert clip.pixels[0, 0, 5].tolist() == [7, 7]


def test_2d_joints_are_on_the_canvas(tmp_path: Path) -> None:
    """60×60 frames, twice as large in the middle of 120×160: 20 columns are left on each side."""
    keypoints = np.zeros((1, 4, 15, 2), np.float32)
    keypoints[..., 0, :] = [-0.5, -0.5]  # the frame's corner
    keypoints[..., 1, :] = [59.5, 59.5]  # the opposite corner
    path = write_poses(tmp_path, keypoints=keypoints, scores=np.ones((1, 4, 15), np.float32))
    clip = read(path, [0.0], layout="jhmdb15", size_hw=(60, 60))
    assert clip.keypoints[0, 0, 0].tolist() == [19.5, -0.5]
    assert clip.keypoints[0, 0, 1].tolist() == [139.5, 119.5]


def test_pixels_are_on_the_canvas(tmp_path: Path) -> None:
    clip = read(write_poses(tmp_path, pixels=np.full((1, 4, 16, 2), 29.5, np.float32)), [0.0], size_hw=(60, 60))
    assert clip.pixels[0, 0, 0].tolist() == [79.5, 59.5]  # middle to middle
    assert clip.keypoints[0, 0, 0].tolist() == [0, 0, 0]  # metres do not depend on the canvas


def test_pixels_need_the_frame_size(tmp_path: Path) -> None:
    path = write_poses(tmp_path, pixels=np.zeros((1, 4, 16, 2), np.float32))
    with pytest.raises(InputError, match=r"""a\.npz' must give "size": \[H, W\] of its frames"""):
        read(path, [0.0])


def test_stored_layout_is_converted(tmp_path: Path) -> None:
    """MiniHome's 3D joints with pixels, for a model of COCO's 2D ones; 60×60 frames on 120×160."""
    home = get_layout("minihome16")
    coco = get_layout("coco17")
    keypoints = np.ones((1, 4, 16, 3), np.float32)
    pixels = np.zeros((1, 4, 16, 2), np.float32)
    pixels[..., home.index("left_wrist"), :] = [-0.5, 59.5]
    poses = Poses(keypoints, np.ones((1, 4, 16), np.float32), "minihome16", pixels)
    with write_store(tmp_path / "a.safetensors", layout="minihome16") as store:
        number = store.add("a", poses)
    file = write_poses(tmp_path, keypoints=keypoints, pixels=pixels)
    packed = Source(path=tmp_path / "a.safetensors", clip=number, num=4, fps=10.0, size_hw=(60, 60))
    single = Source(path=file, num=4, fps=10.0, size_hw=(60, 60))
    reader = PoseReader(layout="coco17", convert_from="minihome16", frame_size=(120, 160))
    for source in (packed, single):
        clip = reader.read(source, np.array([0.0, 0.3]), np.ones(2, bool))
        assert (clip.layout, clip.keypoints.shape, clip.pixels) == ("coco17", (1, 2, 17, 2), None)
        assert clip.keypoints[0, 1, coco.index("left_wrist")].tolist() == [19.5, 119.5]
        assert not clip.scores[:, :, coco.index("left_ear")].any()
        assert not clip.keypoints[:, :, coco.index("left_ear")].any()  # missing, not at the canvas' offset
    assert reader.blank(np.zeros(3)).keypoints.shape == (1, 3, 17, 2)


def test_other_index_layout_is_refused() -> None:
    reader = PoseReader(layout="coco17", frame_size=(120, 160))
    reader.check_stored("stream 'pose'", {"layout": "coco17"})
    with pytest.raises(InputError, match="layout of stream 'pose' must be 'coco17', got 'ntu25'; convert it"):
        reader.check_stored("stream 'pose'", {"layout": "ntu25"})


def test_depth_is_not_made_of_pixels() -> None:
    with pytest.raises(InputError, match=r"'coco17' becomes must be of pixels too, got 'ntu25', which is in metres"):
        PoseReader(layout="ntu25", convert_from="coco17", frame_size=(120, 160))


def test_blank_clip_shows_nobody() -> None:
    clip = PoseReader(layout="coco17", frame_size=(120, 160)).blank(np.array([0.0, 1.0]))
    assert clip.keypoints.shape == (1, 2, 17, 2)
    assert not clip.valid.any()
    assert not clip.scores.any()


def test_frame_size_can_change() -> None:
    reader = PoseReader(layout="coco17", convert_from="openpose18", frame_size=(120, 160), persons=2)
    other = reader.with_frame_size((60, 80))
    assert (other.frame_size, other.layout, other.stored, other.persons) == ((60, 80), reader.layout, reader.stored, 2)


def test_first_persons_are_read(tmp_path: Path) -> None:
    keypoints = np.zeros((3, 4, 16, 3), np.float32)
    keypoints[1:] = [[[[7.0]]], [[[9.0]]]]
    path = write_poses(tmp_path, keypoints=keypoints, scores=np.ones((3, 4, 16), np.float32))
    reader = PoseReader(layout="minihome16", frame_size=(120, 160), persons=2)
    clip = reader.read(Source(path=path, num=4, fps=10.0), np.array([0.0]), np.ones(1, bool))
    assert clip.keypoints[:, 0, 0, 0].tolist() == [0, 7]
    with pytest.raises(InputError, match=r"PoseReader\.persons must be at least 1 or None, got 0"):
        PoseReader(layout="minihome16", frame_size=(120, 160), persons=0)
