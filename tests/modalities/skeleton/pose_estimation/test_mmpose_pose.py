from pathlib import Path

import numpy as np
import pytest
import torch
from mmengine import DefaultScope

from triad.modalities.checks import InputError
from triad.modalities.openmmlab import import_mmpose
from triad.modalities.skeleton.pose_estimation.mmpose_pose import MmposePose

CONFIG = "body_2d_keypoint/rtmpose/coco/rtmpose-t_8xb256-420e_coco-256x192.py"
FRAMES = np.random.default_rng(0).integers(0, 255, (3, 90, 121, 3), np.uint8)
BOXES = [
    np.array([[10, 5, 60, 80], [50, 20, 118, 88]], np.float32),
    np.zeros((0, 4), np.float32),
    np.array([[0, 0, 121, 90]], np.float32),
]


@pytest.fixture(scope="module")
def reference():
    """Return mmpose's own model of the config with random weights."""
    import_mmpose()
    import mmpose
    from mmpose.apis import init_model

    torch.manual_seed(0)
    with DefaultScope.overwrite_default_scope("mmpose"):
        return init_model(f"{mmpose.__path__[0]}/.mim/configs/{CONFIG}", device="cpu")


@pytest.fixture(scope="module")
def checkpoint(reference, tmp_path_factory):
    """Return a checkpoint as mmpose publishes them: with numpy's arrays beside the weights."""
    path = tmp_path_factory.mktemp("mmpose") / "random.pth"
    meta = {"dataset_meta": {"sigmas": np.ones(17, np.float32)}, "epoch": 420}
    torch.save({"meta": meta, "state_dict": reference.state_dict()}, path)
    return path


def test_batches_match_mmposes_own_inference(reference, checkpoint):
    from mmpose.apis import inference_topdown

    model = MmposePose(CONFIG, checkpoint)
    results = model(FRAMES, BOXES)
    assert model.layout == "coco17"
    assert [points.shape for points, _ in results] == [(2, 17, 2), (0, 17, 2), (1, 17, 2)]
    for number in (0, 2):
        with DefaultScope.overwrite_default_scope("mmpose"):
            expected = inference_topdown(reference, np.ascontiguousarray(FRAMES[number][..., ::-1]), BOXES[number])
        for row, sample in enumerate(expected):
            persons = sample.pred_instances
            np.testing.assert_allclose(results[number][0][row], persons.keypoints[0], atol=1e-3)
            np.testing.assert_allclose(results[number][1][row], persons.keypoint_scores[0].clip(0, 1), atol=1e-5)


def test_provenance_names_config_and_weights(checkpoint):
    provenance = MmposePose(CONFIG, checkpoint).provenance
    assert (provenance["config"], provenance["mmpose"]) == (CONFIG.rpartition("/")[2], "1.3.2")
    assert len(provenance["weights"]) == len(provenance["config_sha256"]) == 64


def test_default_scope_is_unchanged(checkpoint):
    before = DefaultScope.get_current_instance()
    MmposePose(CONFIG, checkpoint)(FRAMES[:1], BOXES[:1])
    assert DefaultScope.get_current_instance() is before or before is None


@pytest.mark.parametrize(
    ("config", "content", "message"),
    [
        ("nothing.py", {}, "--pose-config must be a file, got 'nothing.py', which does not exist"),
        (
            CONFIG,
            {"state_dict": {}},
            "of pose weights '.*' must have shape .*, got nothing (.*); take the checkpoint that belongs",
        ),
        (CONFIG, {"state_dict": Path}, "must load with weights_only=True"),
    ],
)
def test_wrong_files_are_refused(config, content, message, tmp_path):
    torch.save(content, tmp_path / "weights.pth")
    with pytest.raises(InputError, match=message):
        MmposePose(config, tmp_path / "weights.pth")


def test_other_models_are_refused(checkpoint, tmp_path):
    (tmp_path / "other.py").write_text("model = dict(type='Other')\ntest_dataloader = dict(dataset=dict(pipeline=[1]))")
    with pytest.raises(InputError, match="must be a TopdownPoseEstimator, got 'Other'"):
        MmposePose(tmp_path / "other.py", checkpoint)
