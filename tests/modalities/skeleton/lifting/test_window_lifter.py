import numpy as np
import pytest
import torch

from triad.modalities.skeleton import Poses
from triad.modalities.skeleton.lifting import TemporalLifter, WindowLifter

INPUT_JOINTS = ("head", "left_shoulder", "right_shoulder", "left_wrist", "right_wrist", "left_hip", "right_hip")


@pytest.fixture(scope="module")
def network() -> TemporalLifter:
    pytest.importorskip("mmpose")
    torch.manual_seed(0)
    return TemporalLifter(layout="minihome16", input_joints=INPUT_JOINTS, num_blocks=1, channels=16)


def test_only_frames_of_window_matter(network: TemporalLifter):
    rng = np.random.default_rng(0)
    keypoints = rng.uniform(0, 100, (1, 30, 17, 2)).astype(np.float32)
    scores = np.ones((1, 30, 17), np.float32)
    lifter = WindowLifter(network, provenance={})
    whole = lifter(Poses(keypoints, scores, "coco17"), (100, 100)).keypoints
    middle = lifter(Poses(keypoints[:, 6:20], scores[:, 6:20], "coco17"), (100, 100)).keypoints
    np.testing.assert_allclose(middle[:, 4:-4], whole[:, 10:16], atol=1e-6)
    moved = lifter(Poses(3 * keypoints + 50, scores, "coco17"), (400, 400)).keypoints
    np.testing.assert_allclose(moved, whole, atol=1e-4)


def test_provenance_names_joints_and_weights(network: TemporalLifter):
    provenance = WindowLifter(network, provenance={"weights": {"sha256": "0"}}).provenance
    assert provenance == {
        "lifter": "TemporalLifter",
        "layout": "minihome16",
        "reads": list(INPUT_JOINTS),
        "frames": 9,
        "weights": {"sha256": "0"},
    }
