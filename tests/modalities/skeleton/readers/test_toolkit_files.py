"""Exact values of the files that pose estimators, sensors and motion capture write."""

import json
from pathlib import Path

import numpy as np
import pose_files
import pytest

from triad.modalities.checks import InputError
from triad.modalities.skeleton import get_layout
from triad.modalities.skeleton.readers import ReadOptions, SkeletonRecording, read_skeleton


def read(folder: Path, name: str, content: bytes, layout: str | None = None, **options: object) -> SkeletonRecording:
    (folder / name).write_bytes(content)
    return read_skeleton(folder / name, ReadOptions(layout, **options))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("joints", "layout"), [(17, "coco17"), (26, "halpe26"), (136, "halpe26"), (133, "wholebody23")]
)
def test_alphapose_body_is_read(tmp_path: Path, joints: int, layout: str) -> None:
    poses = read(tmp_path, "a.json", pose_files.alphapose(joints=joints, idx=1)).poses
    assert (poses.layout, poses.keypoints.shape[1:]) == (layout, (4, get_layout(layout).num_joints, 2))
    assert poses.keypoints[0, :, 2].tolist() == [[32, 24], [33, 24], [0, 0], [35, 24]]
    assert poses.scores[0, :, 2].tolist() == pytest.approx([0.9, 0.9, 0, 0.9])


def test_frames_count_from_one_or_zero(tmp_path: Path) -> None:
    assert read(tmp_path, "a.json", pose_files.alphapose((1, 2))).poses.num == 2
    assert read(tmp_path, "b.json", pose_files.alphapose((5, 6))).poses.num == 7


def test_coco_flags_are_scores(tmp_path: Path) -> None:
    recorded = read(tmp_path, "a.json", pose_files.coco())
    assert recorded.size == (48, 64)
    assert recorded.poses.scores[0].tolist() == [[0] * 17, [0, 0.5] + [1] * 15]
    assert recorded.poses.keypoints[0, 1, 5].tolist() == [15, 25]


def test_world_landmarks_are_metres(tmp_path: Path) -> None:
    poses = read(tmp_path, "a.json", pose_files.mediapipe()).poses
    assert (poses.layout, poses.keypoints.shape) == ("blazepose33", (1, 3, 33, 3))
    np.testing.assert_allclose(poses.keypoints[0, 2, 3], [0.3, -0.3, 1.5], rtol=1e-6)
    assert poses.scores[0, :, 0].tolist() == pytest.approx([0.6, 0, 0.6])


@pytest.mark.parametrize("world", [True, False])
def test_image_landmarks_are_scaled(tmp_path: Path, world: bool) -> None:
    layout = "blazepose33_2d"
    recorded = read(tmp_path, "a.json", pose_files.mediapipe(world=world), layout, size=(100, 200))
    assert (recorded.poses.layout, recorded.size) == (layout, (100, 200))
    np.testing.assert_allclose(recorded.poses.keypoints[0, 0, 3], [6, 6], rtol=1e-6)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_columns_are_coordinates(tmp_path: Path, separator: str) -> None:
    recorded = read(tmp_path, "a.csv", pose_files.keypoint_csv(separator))
    poses = recorded.poses
    assert (poses.layout, recorded.fps) == ("coco17", 25.0)
    assert poses.keypoints[0, :, 4].tolist() == [[14, 28], [15, 28], [16, 28]]
    assert poses.scores[0, :, 0].tolist() == [0.5, 0, 0.5]


@pytest.mark.parametrize(
    ("header", "layout"),
    [
        (["x1,y1,z1,v1", "x2,y2,z2,v2"], "two"),
        (["0_x,0_y,0_z", "1_x,1_y,1_z"], "two"),
        (["LeftWrist.x,LeftWrist.y,LeftWrist.z", "NOSE X,NOSE Y,NOSE Z"], "coco17_3d"),
        (["x_0,y_0,z_0", "x_1,y_1,z_1"], "two"),
    ],
)
def test_csv_headers_of_others(tmp_path: Path, header: list[str], layout: str) -> None:
    (tmp_path / "two.json").write_text('{"joints": ["a", "b"], "parents": [null, "a"], "torso": [["a"], ["b"]]}')
    from triad.modalities.skeleton import load_layout

    load_layout(tmp_path / "two.json")
    width = header[0].count(",") + 1
    rows = [",".join(header), ",".join(str(value) for value in range(1, 2 * width + 1))]
    poses = read(tmp_path, "a.csv", "\n".join(rows).encode(), layout if layout == "two" else None).poses
    joints = [0, 1] if layout == "two" else [9, 0]
    assert poses.layout == layout
    assert poses.keypoints[0, 0, joints].tolist() == [[1, 2, 3], [width + 1, width + 2, width + 3]]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"x0,y0\n1,2\n", r"layout of '.*' must be known, got 1 joints"),
        (b"tail_x,tail_y\n1,2\n", r"must be known by its joints, got tail; name it"),
        (b"nose_x,nose_y,nose_x\n1,2,3\n", "must have each column once, got nose x twice"),
        (b",".join(b"x%d,y%d" % (joint, joint) for joint in range(260)) + b",x7\n", "each column once, got 7 x twice"),
        (b"nose_x,nose_y\n1\n", "line 2 must have 2 fields as the header, got 1"),
        (b"frame,nose_x,nose_y\n1,1,1\n0,1,1\n", "line 3: frame must be after the one before, got 0"),
        (b"frame,nose_x,nose_y\nx,1,1\n", "line 2: frame must be a whole number, got 'x'"),
        (b"frame,nose_x,nose_y\n0,,\n", "must show a joint of somebody"),
        (b"nose_x,nose_y\n", "must have rows below its header"),
    ],
)
def test_other_tables_are_refused(tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read(tmp_path, "a.csv", content)


def test_persons_of_tables_are_told_by_name(tmp_path: Path) -> None:
    rows = ["frame,person,nose_x,nose_y", "0,person_1,1,1", "0,person_2,5,5", "1,person_1,2,2"]
    poses = read(tmp_path, "a.csv", "\n".join(rows).encode()).poses
    assert poses.keypoints[:, :, 0, 0].tolist() == [[1, 2], [5, 0]]
    with pytest.raises(
        InputError, match=r"line 3 must be the only row of its person and frame, got person '1\.0' twice"
    ):
        read(tmp_path, "a.csv", b"frame,person,nose_x,nose_y\n0,1,1,1\n0,1.0,5,5\n")


def test_late_clocks_keep_the_rate(tmp_path: Path) -> None:
    document = json.loads(pose_files.azure_kinect())
    for number, frame in enumerate(document["frames"]):
        frame["timestamp_usec"] = 36_000_000_000 + 33_333 * number
    assert read(tmp_path, "a.json", json.dumps(document).encode()).fps == 30.0


def test_azure_millimetres_become_metres(tmp_path: Path) -> None:
    recorded = read(tmp_path, "a.json", pose_files.azure_kinect())
    assert (recorded.poses.layout, recorded.fps) == ("azure_kinect32", 30.0)
    np.testing.assert_allclose(recorded.poses.keypoints[0, 1, 5], [0.05, 0.1, 2], rtol=1e-6)
    assert not recorded.poses.scores[0, 0].any()


def test_kinect_joints_are_found_by_name(tmp_path: Path) -> None:
    poses = read(tmp_path, "a.json", pose_files.kinect_v2()).poses
    joints = get_layout("ntu25").joints
    np.testing.assert_allclose(poses.keypoints[0, 0, joints.index("right_hip")], [-1.6, -3.2, 2.5], rtol=1e-6)
    assert poses.scores[0, 0].tolist() == [0.5] + [1] * 24


def test_bvh_is_placed_by_rotations(tmp_path: Path) -> None:
    recorded = read(tmp_path, "a.bvh", pose_files.bvh())
    joints = get_layout("h36m17").joints
    legs = [joints.index(name) for name in ("pelvis", "left_hip", "left_knee")]
    assert (recorded.poses.layout, recorded.fps) == ("h36m17", 25.0)
    np.testing.assert_allclose(
        recorded.poses.keypoints[0, 0, legs], [[0, -0.9, 0], [0.1, -0.9, 0], [0.1, -0.5, 0]], atol=1e-6
    )
    np.testing.assert_allclose(
        recorded.poses.keypoints[0, 1, legs], [[0.01, -0.9, 0], [0.01, -1, 0], [0.41, -1, 0]], atol=1e-6
    )


@pytest.mark.parametrize(
    "names",
    [
        ("LeftCollar", "LeftShoulder", "LeftElbow", "LeftWrist"),
        ("LeftCollar", "LeftUpArm", "LeftLowArm", "LeftHand"),
        ("LeftShoulder", "LeftArm", "LeftForeArm", "LeftHand"),
        ("Shoulder_L", "UpperArm_L", "LowerArm_L", "Hand_L"),
    ],
)
def test_bvh_arms_of_all_namings(tmp_path: Path, names: tuple[str, ...]) -> None:
    lines = ["HIERARCHY", "ROOT Hips", "{", "OFFSET 0 0 0", "CHANNELS 0"]
    for number, name in enumerate(names):
        lines += [f"JOINT {name}", "{", f"OFFSET {number + 1} 0 0", "CHANNELS 0"]
    lines += ["End Site", "{", "OFFSET 1 0 0", *"}}}}}}", "MOTION", "Frames: 1", "Frame Time: 0.04"]
    poses = read(tmp_path, "a.bvh", "\n".join(lines).encode()).poses
    joints = get_layout("h36m17").joints
    arm = [joints.index(f"left_{joint}") for joint in ("shoulder", "elbow", "wrist")]
    assert poses.keypoints[0, 0, arm, 0].tolist() == [3, 6, 10]


def test_bvh_joints_take_another_layout(tmp_path: Path) -> None:
    poses = read(tmp_path, "a.bvh", pose_files.bvh(), "ntu25").poses
    assert np.flatnonzero(poses.scores[0, 0]).tolist() == [0, 12, 13]


def test_plain_arrays_need_a_layout(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"must be known, got 17 joints, which .*coco17.* could be; name it"):
        read(tmp_path, "a.npy", pose_files.npy())
    assert read(tmp_path, "a.npy", pose_files.npy(), "coco17").poses.keypoints.shape == (2, 3, 17, 2)
    with pytest.raises(InputError, match="must have 3 coordinates as 'coco17_3d' has, got 2; name the layout 'coco17'"):
        read(tmp_path, "a.npy", pose_files.npy(), "coco17_3d")


def test_third_number_of_pixels_is_the_score(tmp_path: Path) -> None:
    array = np.ones((4, 17, 3), np.float32) * np.array([5, 6, 0.25], np.float32)
    poses = read(tmp_path, "a.npy", pose_files.npy(array), "coco17").poses
    assert poses.keypoints[0, 0, 0].tolist() == [5, 6]
    assert (poses.scores == 0.25).all()


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 0, 2)])
def test_matlab_axes_are_found_by_size(tmp_path: Path, order: tuple[int, int, int]) -> None:
    joints = np.arange(20 * 3 * 5, dtype=np.float64).reshape(20, 3, 5) + 1
    poses = read(tmp_path, "a.mat", pose_files.mat(x=joints.transpose(order)), "kinect20").poses
    np.testing.assert_array_equal(poses.keypoints[0], joints.transpose(2, 0, 1))


def test_unclear_matlab_file_is_refused(tmp_path: Path) -> None:
    two = {name: np.ones((20, 3, 4)) for name in ("first", "second")}
    with pytest.raises(InputError, match="must hold one array of joints over time, got first, second"):
        read(tmp_path, "a.mat", pose_files.mat(**two), "kinect20")
