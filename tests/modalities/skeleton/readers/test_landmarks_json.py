"""MediaPipe's landmarks as Python's and JavaScript's tasks, the older solutions and tfjs are dumped."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from triad.modalities.checks import InputError
from triad.modalities.skeleton.readers import ReadOptions, SkeletonRecording, find_format, read_skeleton


def image(frame: int, **fields: Any) -> list[dict[str, Any]]:
    """Return landmarks in fractions, joint j at (0.01 j, 0.02 j + 0.1 · frame)."""
    return [{"x": 0.01 * j, "y": 0.02 * j + 0.1 * frame, "z": 0.1, "visibility": 0.75} | fields for j in range(33)]


def world(frame: int) -> list[dict[str, Any]]:
    """Return landmarks in metres, joint j at (0.1 j, −0.1 j + frame, 0.5)."""
    return [{"x": 0.1 * j, "y": frame - 0.1 * j, "z": 0.5, "visibility": 0.5, "presence": 1} for j in range(33)]


def read(folder: Path, document: Any, size: tuple[int, int] | None = None) -> SkeletonRecording:
    path = folder / "clip.json"
    path.write_text(document if isinstance(document, str) else json.dumps(document))
    assert find_format(path).name == "mediapipe"
    return read_skeleton(path, ReadOptions(size=size))


FRAMES = range(3)
WORLD_DUMPS: dict[str, Any] = {
    "tasks of Python": [
        {"pose_landmarks": [image(t, name=None)], "pose_world_landmarks": [world(t)], "segmentation_masks": None}
        for t in FRAMES
    ],
    "tasks of JavaScript": [{"landmarks": [image(t)], "worldLandmarks": [world(t)]} for t in FRAMES],
    "containers": [
        {"pose_landmarks": [{"landmarks": image(t)}], "pose_world_landmarks": [{"landmarks": world(t)}]} for t in FRAMES
    ],
    "protobuf": [
        {"poseLandmarks": {"landmark": image(t)}, "poseWorldLandmarks": {"landmark": world(t)}} for t in FRAMES
    ],
    "results of a video": {
        "video": "a.mp4",
        "results": [{"frame": t, "pose_world_landmarks": [world(t)]} for t in FRAMES],
    },
    "results in frames": {
        "frames": [{"result": {"landmarks": [image(t)], "worldLandmarks": [world(t)]}} for t in FRAMES]
    },
    "tfjs": [[{"score": 1, "keypoints": image(t), "keypoints3D": world(t)}] for t in FRAMES],
    "JSON lines": "\n".join(
        json.dumps({"pose_landmarks": [image(t)], "pose_world_landmarks": [world(t)]}) for t in FRAMES
    ),
}


@pytest.mark.parametrize("name", WORLD_DUMPS)
def test_dumps_hold_world_landmarks(name: str, tmp_path: Path) -> None:
    poses = read(tmp_path, WORLD_DUMPS[name]).poses
    assert (poses.layout, poses.keypoints.shape) == ("blazepose33", (1, 3, 33, 3))
    np.testing.assert_allclose(poses.keypoints[0, :, 4], [[0.4, t - 0.4, 0.5] for t in FRAMES], rtol=1e-5)
    assert (poses.scores == 0.5).all()


def test_lines_without_people_are_frames(tmp_path: Path) -> None:
    lines = [{"landmarks": [image(0)]}, {"landmarks": []}, {"landmarks": [image(2)]}]
    poses = read(tmp_path, "\n".join(map(json.dumps, lines)) + "\n").poses
    assert (poses.scores[0] > 0).all(-1).tolist() == [True, False, True]


def test_one_frame_is_a_recording(tmp_path: Path) -> None:
    assert read(tmp_path, {"landmarks": [image(0), image(1)], "worldLandmarks": []}).poses.keypoints.shape == (
        2,
        1,
        33,
        2,
    )


def test_file_says_rate_and_size(tmp_path: Path) -> None:
    frames = [{"timestamp_ms": 100 * t // 3, "landmarks": [image(t)]} for t in range(31)]
    recorded = read(tmp_path, {"frames": frames, "width": 200, "height": 100})
    assert (recorded.fps, recorded.size) == (30, (100, 200))
    np.testing.assert_allclose(recorded.poses.keypoints[0, 1, 10], [20, 30], rtol=1e-5)
    recorded = read(tmp_path, {"fps": 25, "frames": frames, "width": 200, "height": 100}, size=(50, 50))
    assert (recorded.fps, recorded.size) == (25, (50, 50))
    np.testing.assert_allclose(recorded.poses.keypoints[0, 1, 10], [5, 15], rtol=1e-5)


def test_pixels_are_not_scaled(tmp_path: Path) -> None:
    points = [{"x": 10.0 * j, "y": 5.0 * j, "score": 0.5} for j in range(17)]
    recorded = read(tmp_path, [[{"score": 1, "keypoints": points}]], size=(100, 200))
    assert (recorded.poses.layout, recorded.size) == ("coco17", (100, 200))
    assert recorded.poses.keypoints[0, 0, 16].tolist() == [160, 80]


def test_unknown_visibility_is_no_absence(tmp_path: Path) -> None:
    poses = read(tmp_path, [{"landmarks": [image(0, visibility=None)]}]).poses
    assert (poses.scores == 1).all()


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (
            [{"pose_landmarks": {"NOSE": {"x": 0.5, "y": 0.5}}}],
            r"in MediaPipe's order, got landmarks by name \('nose'\)",
        ),
        ([{"landmarks": [[[[[[[[[[image(0)]]]]]]]]]]}], "must hold landmarks at most 8 levels deep"),
        ([{"landmarks": [image(0)[:21]]}], "must be known, got 21 joints"),
        ([{"landmarks": [image(0), image(0)[:21]]}], "person 1 of frame 0 must have 33 joints, got 21"),
        ('[{"landmarks": []}] [{"landmarks": []}]', "must hold one list of frames, got a second one"),
    ],
)
def test_other_landmarks_are_refused(document: Any, message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=message):
        read(tmp_path, document)
