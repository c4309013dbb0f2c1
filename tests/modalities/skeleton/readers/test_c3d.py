"""C3D motion capture: markers become joints, in metres and in our axes; gaps stay gaps."""

from __future__ import annotations

import json
import struct
import sys
from pathlib import Path

import numpy as np
import pose_files
import pytest
from pose_files import c3d

from triad.modalities.checks import InputError
from triad.modalities.skeleton.layouts import get_layout, load_layout
from triad.modalities.skeleton.readers import ReadOptions, SkeletonRecording, read_skeleton

H36M = get_layout("h36m17").joints
LEG = [H36M.index(f"left_{joint}") for joint in ("hip", "knee", "ankle")]


def read(folder: Path, content: bytes, layout: str | None = None) -> SkeletonRecording:
    path = folder / "walk.c3d"
    path.write_bytes(content)
    return read_skeleton(path, ReadOptions(layout=layout))


def still(*, frames: int = 2, **positions: tuple[float, float, float]) -> dict[str, np.ndarray]:
    """Return markers that do not move."""
    return {name: np.tile(np.array(position, float), (frames, 1)) for name, position in positions.items()}


@pytest.mark.parametrize("scale", [-1.0, 0.5], ids=["floats", "whole numbers"])
def test_markers_become_joints_in_metres(tmp_path: Path, scale: float) -> None:
    recorded = read(tmp_path, c3d(scale=scale))
    assert (recorded.fps, recorded.size, recorded.poses.layout) == (100, None, "h36m17")
    points = [[0.1, -1, 0.3], [0.1, -0.6, 0.3], [0.1, -0.2, 0.3]]
    np.testing.assert_allclose(recorded.poses.keypoints[0, 0, LEG], points, atol=1e-6)
    assert np.flatnonzero(recorded.poses.scores[0, 0]).tolist() == LEG
    assert recorded.poses.scores[0, :, LEG[1]].tolist() == [1, 0, 1]  # the knee's gap
    assert not recorded.poses.keypoints[0, 1, LEG[1]].any()


@pytest.mark.parametrize(("unit", "metres"), [("mm  ", 0.001), ("cm", 0.01), ("m", 1), ("in", 0.0254), ("  ", 0.001)])
def test_unit_is_that_of_the_file(tmp_path: Path, unit: str, metres: float) -> None:
    poses = read(tmp_path, c3d(still(LKNE=(1, 2, 3)), unit=unit)).poses
    np.testing.assert_allclose(poses.keypoints[0, 0, LEG[1]], [metres, -3 * metres, 2 * metres], rtol=1e-6)


@pytest.mark.parametrize(
    ("screen", "turned"),
    [
        (("+X", "+Z"), [1, -3, 2]),
        (("+X", "+Y"), [1, -2, -3]),
        (("+Y", "+Z"), [2, -3, -1]),
        (("-Z", "+X"), [-3, -1, 2]),
        (("??", "+Y"), [1, -2, -3]),
        (("+Z", "+Z"), [1, -3, 2]),  # an axis is not both right and up
    ],
)
def test_screen_says_what_is_up(tmp_path: Path, screen: tuple[str, str], turned: list[float]) -> None:
    poses = read(tmp_path, c3d(still(LKNE=(1, 2, 3)), unit="m", screen=screen)).poses
    assert poses.keypoints[0, 0, LEG[1]].tolist() == turned


def test_people_are_told_by_their_names(tmp_path: Path) -> None:
    markers = {
        f"{name}:{label}": at + x
        for x, name in enumerate(("Ann", "Bob"))
        for label, at in still(LKNE=(1, 0, 1)).items()
    }
    poses = read(tmp_path, c3d(markers | still(**{"Box:corner": (5, 5, 5)}), unit="m")).poses
    assert poses.keypoints[:, 0, LEG[1]].tolist() == [[1, -1, 0], [2, -2, 1]]


def test_joints_may_be_named_as_in_layouts(tmp_path: Path) -> None:
    markers = still(
        LeftLeg=(1, 0, 0), LKNE=(9, 0, 0), left_ankle=(2, 0, 0), RWJC=(3, 0, 0), RWRA=(8, 0, 0), RWRB=(9, 0, 0)
    )
    markers |= still(LFHD=(4, 1, 0), RFHD=(6, 1, 0), LBHD=(4, 3, 0), RBHD=(6, 3, 0), C7=(5, 0, 0))
    poses = read(tmp_path, c3d(markers, unit="m")).poses
    names = ("left_knee", "left_ankle", "right_wrist", "head", "thorax")
    joints = [H36M.index(name) for name in names]
    assert poses.keypoints[0, 0, joints, 0].tolist() == [1, 2, 3, 5, 5]
    assert poses.keypoints[0, 0, joints[3], 2] == 2


def test_marker_at_the_origin_is_missing(tmp_path: Path) -> None:
    markers = still(LASI=(1, 1, 1), LPSI=(0, 0, 0), LKNE=(1, 0, 0))
    poses = read(tmp_path, c3d(markers)).poses
    assert not poses.scores[0, :, LEG[0]].any()  # the hip needs both of its markers
    assert poses.scores[0, :, LEG[1]].all()


def test_own_layout_names_the_markers(tmp_path: Path) -> None:
    content = c3d(still(M1=(1, 0, 0), M2=(2, 0, 0)), unit="m")
    with pytest.raises(
        InputError, match=r"markers of '.*' must stand for joints .*, got M1, M2, \*1; name a layout of your own"
    ):
        read(tmp_path, content)
    layout = {"name": "two_markers", "joints": ["M1", "M2"], "parents": [-1, 0], "dims": 3}
    (tmp_path / "two.json").write_text(json.dumps(layout))
    poses = read(tmp_path, content, load_layout(tmp_path / "two.json").name).poses
    assert poses.keypoints[0, 0, :, 0].tolist() == [1, 2]


def replaced(old: bytes, new: bytes) -> bytes:
    assert pose_files.c3d().count(old) >= 1
    return pose_files.c3d().replace(old, new)


def test_damaged_files_are_one_line(tmp_path: Path) -> None:
    sound = c3d()
    cases = [
        (sound[:2740], "must hold 3 frames as its header says, got 2; copy or export it again"),
        (sound[:600], "must be a readable C3D file, got"),
        (c3d(unit="furlong"), "POINT:UNITS of '.*' must be one of mm, .*, got 'furlong'"),
        (replaced(struct.pack("<f", 100), struct.pack("<f", 0)), "must be a readable C3D file, got"),
        (sound[:20] + struct.pack("<f", 99) + sound[24:], "must be a readable C3D file, got .*inconsistent frame rate"),
    ]
    for content, message in cases:
        with pytest.raises(InputError, match=message) as raised:
            read(tmp_path, content)
        assert len(str(raised.value).splitlines()) == 1


def test_layout_of_pixels_is_refused(tmp_path: Path) -> None:
    for name, content in (("walk.c3d", c3d()), ("walk.bvh", pose_files.bvh())):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(InputError, match="must be of joints in metres, got 'coco17'; take 'coco17_3d'"):
            read_skeleton(tmp_path / name, ReadOptions(layout="coco17"))
    assert read_skeleton(tmp_path / "walk.c3d", ReadOptions(layout="coco17_3d")).poses.keypoints.shape[2:] == (17, 3)


def test_missing_package_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = c3d()
    monkeypatch.setitem(sys.modules, "c3d", None)
    with pytest.raises(InputError, match=r"must be read by the package c3d, got none; pip install 'triad\[c3d\]'"):
        read(tmp_path, content)
