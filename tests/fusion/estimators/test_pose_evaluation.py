"""Estimated 2D joints against annotated ones, in pixels of their frames."""

from __future__ import annotations

import numpy as np
import pytest

from triad.fusion.estimators.pose_evaluation import evaluate_poses
from triad.fusion.index import load_index, write_index
from triad.modalities.atomic_files import write_arrays
from triad.modalities.checks import InputError
from triad.modalities.skeleton import get_layout
from triad.modalities.skeleton.metrics import evaluation_document, shared_joints

COCO = get_layout("coco17")
JHMDB = get_layout("jhmdb15")
STREAMS = {
    "rgb": {"modality": "rgb"},
    "skeleton": {"modality": "skeleton", "layout": "jhmdb15", "channels": 2},
    "pose_x": {"modality": "skeleton", "layout": "coco17", "channels": 2},
    "depth": {"modality": "skeleton", "layout": "ntu25", "channels": 3},
}


@pytest.fixture
def index(tmp_path):
    """Index of two clips: in the first the estimate equals the truth, the second has no estimate."""
    truth = np.random.default_rng(0).uniform(10, 90, (1, 4, 15, 2)).astype(np.float32)
    estimate = np.zeros((2, 4, 17, 2), np.float32)
    scores = np.zeros((2, 4, 17), np.float32)
    for joint in shared_joints(COCO, JHMDB):
        estimate[0, :, COCO.index(joint)] = truth[0, :, JHMDB.index(joint)]
    scores[0] = 1
    write_arrays(tmp_path / "truth.npz", keypoints=truth, scores=np.ones((1, 4, 15), np.float32))
    write_arrays(tmp_path / "pose_x.npz", keypoints=estimate, scores=scores, filled=np.zeros((2, 4), bool))
    entry = {"num": 4, "fps": 10.0, "size": [100, 120]}
    sources = {"skeleton": {"path": "truth.npz", **entry}, "pose_x": {"path": "pose_x.npz", **entry}}
    records = [
        {"id": "a", "label": 0, "sources": sources},
        {"id": "b", "label": 0, "sources": {"skeleton": sources["skeleton"]}},
    ]
    write_index(tmp_path / "index.json", {"dataset": "folder", "classes": ["walk"], "streams": STREAMS}, records)
    return load_index(tmp_path)


def test_records_with_both_streams_are_compared(index):
    document = evaluation_document(evaluate_poses(index, "pose_x"))
    assert set(document["sequences"]) == {"a"}
    assert document["mean"]["pck_box_0.05"] == document["classes"]["walk"]["oks"] == 1
    assert (document["frames"], document["frames_without_person"]) == (4, 0)


def test_other_streams_are_refused(index):
    with pytest.raises(InputError, match=r"must be one of pose_x, skeleton, got 'pose_y' \(did you mean 'pose_x'\?\)"):
        list(evaluate_poses(index, "pose_y"))
    for truth in ("depth", "pose_x"):  # 3D joints, and the estimate itself
        message = f"must hold '{truth}', a stream of true 2D joints, got beside 'pose_x' skeleton; name .* --truth"
        with pytest.raises(InputError, match=message):
            list(evaluate_poses(index, "pose_x", truth=truth))
    with pytest.raises(InputError, match="got beside 'skeleton' pose_x; name that of the annotated joints"):
        list(evaluate_poses(index, "skeleton"))
