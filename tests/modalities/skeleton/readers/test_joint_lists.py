"""Lists in annotation pickles: of persons, or of frames that have persons of their own."""

from __future__ import annotations

import pickle
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from triad.modalities.checks import InputError
from triad.modalities.skeleton.poses import Poses
from triad.modalities.skeleton.readers import read_annotations
from triad.modalities.skeleton.readers.joint_lists import describe
from triad.modalities.skeleton.readers.recording import rate_of

POINTS = np.arange(2 * 5 * 17 * 2, dtype=np.float32).reshape(2, 5, 17, 2) + 1
SCORES = np.full((2, 5, 17), 0.5, np.float32)


def read(folder: Path, **fields: Any) -> Poses:
    clip = {"frame_dir": "a", "label": 0, "total_frames": 5, "img_shape": (240, 320)} | fields
    (folder / "a.pkl").write_bytes(pickle.dumps([clip]))
    return read_annotations(folder / "a.pkl")[0].poses


@pytest.mark.parametrize(
    ("keypoint", "scores"),
    [
        (POINTS.tolist(), SCORES.tolist()),
        (list(POINTS), list(SCORES)),
        (tuple(POINTS), SCORES),
        (list(POINTS.swapaxes(0, 1)), list(SCORES.swapaxes(0, 1))),
    ],
    ids=["numbers", "persons", "tuple", "frames"],
)
def test_lists_equal_the_array(tmp_path: Path, keypoint: Any, scores: Any) -> None:
    poses = read(tmp_path, keypoint=keypoint, keypoint_score=scores)
    assert poses.layout == "coco17"
    np.testing.assert_array_equal(poses.keypoints, POINTS)
    np.testing.assert_array_equal(poses.scores, SCORES)


@pytest.mark.parametrize("as_numbers", [False, True])
def test_frames_may_have_other_numbers_of_persons(tmp_path: Path, as_numbers: bool) -> None:
    counts = (1, 2, 0, 2, 1)
    frames: Any = [POINTS[:count, frame] for frame, count in enumerate(counts)]
    scores: Any = [SCORES[:count, frame] for frame, count in enumerate(counts)]
    if as_numbers:
        frames, scores = ([part.tolist() for part in parts] for parts in (frames, scores))
    poses = read(tmp_path, keypoint=frames, keypoint_score=scores)
    assert (poses.scores > 0).any(-1).sum(0).tolist() == list(counts)
    np.testing.assert_array_equal(poses.keypoints[1, [1, 3]], POINTS[1, [1, 3]])
    assert not poses.keypoints[1, 0].any()


def test_frames_of_one_person_need_no_axis(tmp_path: Path) -> None:
    poses = read(tmp_path, keypoint=list(POINTS[0]), keypoint_score=list(SCORES[0]))
    np.testing.assert_array_equal(poses.keypoints, POINTS[:1])


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (
            {"keypoint": [POINTS[0], POINTS[1, :3]]},
            r"array keypoint .* got none in 1 annotations, the first has a list of 2, which hold 5, 3",
        ),
        ({"keypoint": None}, "the first has NoneType"),
        (
            {"keypoint": list(POINTS), "total_frames": None},
            "lists of keypoint must come with total_frames, got none; add it",
        ),
        ({"keypoint": list(POINTS), "total_frames": np.array([5, 5])}, "come with total_frames, got ndarray; add it"),
        ({"keypoint": [[[[[1.0]]]]]}, "got none in 1 annotations, the first has a list of 1, which hold 1"),
        ({"keypoint": [["a"], [POINTS]]}, "got none in 1 annotations, the first has a list of 2, which hold 1, 1"),
    ],
)
def test_unclear_lists_are_refused(tmp_path: Path, fields: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        read(tmp_path, **fields)


def test_object_arrays_name_the_cure(tmp_path: Path) -> None:
    frames = np.empty(2, object)
    frames[:] = [POINTS[:, 0], POINTS[:1, 1]]
    with pytest.raises(InputError, match=r"got one of type 'O8'; save lists of arrays, as list\(array\)"):
        read(tmp_path, keypoint=frames, total_frames=2)


def test_repeated_lists_stay_small(tmp_path: Path) -> None:
    frame = np.ones((1, 17, 2), np.float32)
    crowd = np.ones((5000, 17, 2), np.float32)
    for keypoint in ([frame] * 100_000, [[[[1.0, 1.0]] * 17] * 1000] * 1000, [frame] * 5 + [crowd]):
        with pytest.raises(InputError, match=r"keypoint must make an array of at most .* bytes, got .* or more"):
            read(tmp_path, keypoint=keypoint, total_frames=len(keypoint))


def nest(value: Any, lengths: list[int]) -> Any:
    """Return lists in lists of these lengths, the innermost first, each of which repeats one value."""
    for length in lengths:
        value = [value] * length
    return value


@pytest.mark.parametrize("hollow", [[], np.ones((0, 2), np.float32)], ids=["list", "array"])
def test_hollow_lists_are_refused(tmp_path: Path, hollow: Any) -> None:
    with pytest.raises(InputError, match="keypoint must make an array of at most"):
        read(tmp_path, keypoint=nest(hollow, [3000] * 3))


def test_deep_lists_make_no_array(tmp_path: Path) -> None:
    keypoint = nest(1.0, [6] * 10)
    tracemalloc.start()
    try:
        with pytest.raises(InputError, match=r"array keypoint .* got none .* the first has a list of 6, which hold 6"):
            read(tmp_path, keypoint=keypoint)
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
    finally:
        tracemalloc.stop()


def test_unusable_clips_are_not_all_tried(tmp_path: Path) -> None:
    clip = {"frame_dir": "a", "label": 0, "keypoint": [[1.0] * 20_000, [1.0]]}
    (tmp_path / "a.pkl").write_bytes(pickle.dumps([clip] * 100_000))
    with pytest.raises(InputError, match="got none in 100000 annotations, the first has a list of 2"):
        read_annotations(tmp_path / "a.pkl")


def test_ragged_lists_are_described():
    assert describe([[[0.5, 0.5], []], [1]]) == "a list of 2, which hold 2, 1"
    assert describe([np.zeros(()), 3]) == "a list of 2, which hold no lists"


def test_scattered_steps_tell_no_rate():
    assert rate_of([0.0, 0.004, 0.08]) is None
    assert rate_of([0.0, 0.1, 0.2, 0.3]) == 10.0
