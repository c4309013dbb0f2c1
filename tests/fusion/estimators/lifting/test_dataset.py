"""Windows of 2D joints with their 3D skeleton: new cameras every epoch, exact without noise, one row a recording."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from skeleton_datasets import NUM_TIMES

from triad.fusion.estimators.lifting import LiftingDataset, collate_windows
from triad.modalities.checks import InputError
from triad.modalities.skeleton import get_layout

INPUT_JOINTS = ("head", "left_shoulder", "right_shoulder", "left_wrist", "right_wrist", "left_hip", "right_hip")


def make_dataset(utd: Path, split: str = "train", **options) -> LiftingDataset:
    return LiftingDataset(sources=[str(utd)], split=split, layout="minihome16", input_joints=INPUT_JOINTS, **options)


def test_missing_joint_is_no_target(utd: Path):
    windows = make_dataset(utd, "val", num_windows=NUM_TIMES)[0]
    assert windows.visible.sum() == NUM_TIMES * 16 - 1
    assert not windows.visible[2, get_layout("minihome16").index("left_wrist")]


@pytest.mark.parametrize(("split", "changes"), [("train", True), ("val", False)])
def test_only_training_cameras_change(utd: Path, split: str, changes: bool):
    dataset = make_dataset(utd, split)
    first_epoch = dataset[0]
    np.testing.assert_array_equal(make_dataset(utd, split)[0].data, first_epoch.data)
    dataset.set_epoch(1)
    assert (dataset[0].data != first_epoch.data).any() == changes
    assert (make_dataset(utd, split, seed=1)[0].data != first_epoch.data).any()


def test_input_without_noise_matches_target(utd: Path):
    """Far away and looking straight on, the middle frame is x and y of the target, scaled."""
    no_noise = {"jitter": 0.0, "outliers": 0.0, "swaps": 0.0, "missing": 0.0, "hidden_legs": 0.0}
    far_camera = {"distance": [500.0, 500.0], "max_offset": 0.0, "field_of_view": [2.0, 2.0]}
    windows = make_dataset(utd, num_windows=NUM_TIMES, num_frames=9, camera=far_camera, noise=no_noise)[0]
    assert windows.data.shape == (NUM_TIMES, 9, len(INPUT_JOINTS), 3)
    joints = [get_layout("minihome16").index(joint) for joint in INPUT_JOINTS]
    for time in (0, 1, 3, 4):  # in the third frame a wrist is missing
        pixels = windows.data[time, 4, :, :2]
        true = windows.target[time, joints, :2]
        pixels = pixels - pixels[0]
        true = true - true[0]
        scale = (pixels * true).sum() / (pixels**2).sum()
        assert scale > 0
        np.testing.assert_allclose(scale * pixels, true, atol=0.01)


def test_batch_has_one_row_a_recording(utd: Path):
    dataset = make_dataset(utd, num_windows=4)
    batch = collate_windows([dataset[0], dataset[1]])
    assert batch["data"].shape == (2, 4, 27, len(INPUT_JOINTS), 3)
    assert batch["target"].shape == (2, 4, 16, 3)
    assert batch["visible"].shape == (2, 4, 16)
    assert batch["dataset"] == ["utd_mhad", "utd_mhad"]


def test_sources_must_be_a_list(utd: Path):
    with pytest.raises(InputError, match=r"LiftingDataset\.sources must be a list of folders"):
        LiftingDataset(sources=str(utd), split="train", layout="minihome16", input_joints=INPUT_JOINTS)
