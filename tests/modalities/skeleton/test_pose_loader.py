import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from counted_poses import count_poses

from triad.modalities.atomic_files import write_arrays
from triad.modalities.checks import InputError
from triad.modalities.clips import Source
from triad.modalities.skeleton import PoseLoader, get_layout, load_pose_arrays, write_store

LAYOUT = get_layout("florence15")
POSES = count_poses(0, persons=2, num=4)


@pytest.fixture
def sources(tmp_path: Path) -> list[Source]:
    """Return the same poses in a store and in a file."""
    with write_store(tmp_path / "a.safetensors", layout="florence15") as store:
        store.add("other", count_poses(500))
        clip = store.add("a", POSES)
    write_arrays(tmp_path / "a.npz", keypoints=POSES.keypoints, scores=POSES.scores, note=np.zeros(3))
    return [
        Source(tmp_path / "a.safetensors", 4, fps=10.0, clip=clip),
        Source(tmp_path / "a.npz", 4, fps=10.0),
    ]


def test_store_and_file_give_the_same(sources: list[Source]) -> None:
    loader = PoseLoader(LAYOUT)
    for source in sources:
        poses = loader.load(source)
        np.testing.assert_array_equal(poses.keypoints, POSES.keypoints)
        np.testing.assert_array_equal(poses.scores, POSES.scores)
        assert (poses.layout, poses.pixels) == ("florence15", None)


def test_entries_are_chosen(sources: list[Source]) -> None:
    entries = np.array([3, 0, 3])
    for source in sources:
        arrays = PoseLoader(LAYOUT).load_arrays(source, entries)
        assert set(arrays) == {"keypoints", "scores"}
        np.testing.assert_array_equal(arrays["keypoints"], POSES.keypoints[:, entries])


def test_stores_stay_open_except_in_copies(sources: list[Source]) -> None:
    loader = PoseLoader(LAYOUT)
    store = loader.open_store(sources[0].path)
    assert loader.open_store(sources[0].path) is store
    assert pickle.loads(pickle.dumps(loader)).open_store(sources[0].path) is not store


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"clip": 2}, r"clip of skeleton source '.*a\.safetensors' must be below 2, got 2; prepare"),
        ({"num": 5}, r"clip 1 of skeleton store '.*a\.safetensors' must hold 5 poses, got 4; prepare"),
    ],
)
def test_wrong_clips_are_refused(sources: list[Source], changes: dict[str, Any], message: str) -> None:
    source = Source(**{**vars(sources[0]), **changes})
    with pytest.raises(InputError, match=message):
        PoseLoader(LAYOUT).load(source)


@pytest.mark.parametrize(
    ("layout", "target", "cure"),
    [
        ("coco17", None, "prepare the dataset again"),
        ("coco17", "coco17", r"convert it: PoseReader\(layout='coco17', convert_from='florence15'\)"),
        ("kinect20", "florence15", r"read it as it is: PoseReader\(layout='florence15', convert_from=None\)"),
    ],
)
def test_other_layouts_are_refused(sources: list[Source], layout: str, target: str | None, cure: str) -> None:
    loader = PoseLoader(get_layout(layout), target=None if target is None else get_layout(target))
    message = rf"layout of skeleton store '.*a\.safetensors' must be '{layout}', got 'florence15'; {cure}"
    with pytest.raises(InputError, match=message):
        loader.load(sources[0])


def with_value(value: float) -> np.ndarray:
    keypoints = np.zeros((1, 4, 15, 3), np.float32)
    keypoints[0, 2, 3, 1] = value
    return keypoints


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"keypoints": with_value(np.nan)}, r"must be finite, got NaN or infinity at keypoints\[0, 2, 3, 1\]; mark"),
        ({"scores": None}, "must hold keypoints and scores, got no scores"),
        ({"keypoints": np.zeros((1, 5, 15, 3), np.float32)}, r"keypoints must have shape \[M, T=4, V=15, 3\]"),
        ({"keypoints": np.zeros((1, 4, 25, 3), np.float32)}, r"V=15, 3\], got \[1, 4, 25, 3\]; prepare the dataset"),
        ({"scores": np.ones((2, 4, 15), np.float32)}, r"scores must have shape \[M=1, T=4, V=15\], got \[2, 4, 15\]"),
        ({"pixels": np.zeros((1, 4, 15, 3), np.float32)}, "pixels must have shape"),
    ],
)
def test_wrong_files_are_refused(tmp_path: Path, arrays: dict[str, Any], message: str) -> None:
    valid = {"keypoints": with_value(0), "scores": np.ones((1, 4, 15), np.float32)}
    write_arrays(tmp_path / "a.npz", **{name: a for name, a in {**valid, **arrays}.items() if a is not None})
    with pytest.raises(InputError, match=rf"skeleton file '.*a\.npz'.* {message}"):
        load_pose_arrays(tmp_path / "a.npz", layout=LAYOUT, num=4)
