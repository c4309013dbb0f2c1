"""Lifters of mmpose give the results of mmpose's own inference on the same weights."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from mmengine.config import Config
from mmengine.registry import DefaultScope
from mmpose_lifters import CONFIGS, make_lifter, write_config

from triad.modalities.checks import InputError
from triad.modalities.skeleton import Poses
from triad.modalities.skeleton.layouts.h36m import H36M17
from triad.modalities.skeleton.lifting.mmpose_lifter import MmposeLifter, fill_missing
from triad.modalities.skeleton.lifting.pixel_tracks import PixelTracks

SIZE = (480, 640)
FLIP = [0, 4, 5, 6, 1, 2, 3, 7, 8, 9, 10, 14, 15, 16, 11, 12, 13]  # of mmpose's configs/_base_/datasets/h36m.py


def make_poses(times: int, *, people: int = 1, seed: int = 0) -> Poses:
    rng = np.random.default_rng(seed)
    shape = (people, times, 17)
    keypoints = rng.uniform(100, 400, (*shape, 2)).astype(np.float32)
    return Poses(keypoints, np.ones(shape, np.float32), "coco17")


def run_inference(lifter: MmposeLifter, config: Path, tracks: PixelTracks) -> np.ndarray:
    """Return all frames of the first person by ``inference_pose_lifter_model``, ``[T, V, 3]``."""
    from mmengine.structures import InstanceData
    from mmpose.apis.inference_3d import extract_pose_sequence, inference_pose_lifter_model
    from mmpose.structures import PoseDataSample

    model = lifter.model
    model.cfg = Config.fromfile(config, format_python_code=False)
    model.dataset_meta = {"flip_indices": FLIP}
    frames = []
    for pixels in tracks.pixels[0]:
        sample = PoseDataSample()
        sample.pred_instances = InstanceData(keypoints=pixels[None], bboxes=np.zeros((1, 4), np.float32))
        sample.gt_instances = InstanceData()
        sample.track_id = 0
        frames.append([sample])
    skeletons = []
    with DefaultScope.overwrite_default_scope("mmpose"):
        for frame in range(len(frames)):
            window = extract_pose_sequence(frames, frame, causal=False, seq_len=lifter.num_frames)
            (result,) = inference_pose_lifter_model(model, window, image_size=(SIZE[1], SIZE[0]))
            skeletons.append(result.pred_instances.keypoints[0])
    return np.stack(skeletons)


def run_test_pipeline(lifter: MmposeLifter, config: Path, tracks: PixelTracks) -> np.ndarray:
    """Return the first person by the config's own test pipeline and ``test_step``, ``[T, V, 3]``.

    ``inference_pose_lifter_model`` of mmpose 1.3.2 fails on windows of more than one frame of MotionBERT.
    """
    from mmengine.dataset import Compose, pseudo_collate

    times, joints = tracks.scores.shape[1:]
    with DefaultScope.overwrite_default_scope("mmpose"):
        pipeline = Compose(Config.fromfile(config, format_python_code=False).test_dataloader.dataset.pipeline)
        packed = pipeline(
            {
                "keypoints": tracks.pixels[0],
                "keypoints_visible": np.ones((times, joints), np.float32),
                "lifting_target": np.zeros((times, joints, 3), np.float32),
                "lifting_target_visible": np.ones((times, joints, 1), np.float32),
                "factor": np.zeros(times, np.float32),
                "camera_param": {"w": SIZE[1], "h": SIZE[0]},
                "flip_indices": FLIP,
            }
        )
        with torch.no_grad():
            (result,) = lifter.model.test_step(pseudo_collate([packed]))
    return np.asarray(result.pred_instances.keypoints[0])


@pytest.mark.parametrize("name", CONFIGS)
def test_result_equals_mmposes(name: str, tmp_path: Path):
    lifter = make_lifter(name, tmp_path)
    poses = make_poses(9)  # as long as MotionBERT's window here, shorter than VideoPose3D's
    tracks = PixelTracks(poses, H36M17)
    reference = run_test_pipeline if name == "motionbert" else run_inference
    expected = reference(lifter, tmp_path / f"{name}.py", tracks)
    lifted = lifter(poses, SIZE)
    expected = expected - expected[:, :1]
    assert np.abs(expected).max() > 1e-3
    np.testing.assert_allclose(lifted.keypoints[0], expected, atol=1e-5, rtol=1e-5)
    assert lifted.layout == "h36m17"
    assert (lifted.scores == 1).all()


def test_last_window_ends_with_recording(tmp_path: Path):
    lifter = make_lifter("motionbert", tmp_path)
    poses = make_poses(12)
    whole = lifter(poses, SIZE).keypoints
    first, last = (
        lifter(Poses(poses.keypoints[:, span], poses.scores[:, span], "coco17"), SIZE).keypoints
        for span in (slice(0, 9), slice(3, 12))
    )
    np.testing.assert_allclose(whole[:, :3], first[:, :3], atol=1e-6)
    np.testing.assert_allclose(whole[:, 3:], last, atol=1e-6)


def test_persons_are_lifted_alone(tmp_path: Path):
    lifter = make_lifter("videopose3d", tmp_path)
    poses = make_poses(6, people=3)
    poses.scores[1] = 0  # nobody
    poses.scores[2, 2:4, 9] = 0  # left wrist
    lifted = lifter(poses, SIZE)
    alone = lifter(Poses(poses.keypoints[:1], poses.scores[:1], "coco17"), SIZE)
    np.testing.assert_allclose(lifted.keypoints[:1], alone.keypoints, atol=1e-6)
    assert not lifted.keypoints[1].any()
    assert not lifted.scores[1].any()
    wrist = H36M17.index("left_wrist")
    assert (lifted.scores[2, :, wrist] > 0).tolist() == [True, True, False, False, True, True]
    assert not lifted.keypoints[2, 2:4, wrist].any()


def test_missing_joints_are_interpolated():
    pixels = np.zeros((3, 17, 2), np.float32)
    pixels[:, :16] = 4.0
    pixels[:, 0, 0] = [1, 99, 3]
    visible = np.ones((3, 17), bool)
    visible[1, 0] = visible[:, 16] = False
    filled = fill_missing(pixels, visible)
    assert filled[:, 0, 0].tolist() == [1, 2, 3]
    assert filled[0, 16].tolist() == [pytest.approx((15 * 4 + 1) / 16), 4]


def test_other_configs_are_refused(tmp_path: Path):
    with pytest.raises(InputError, match=r"mmpose's config must be a file, got '.*none.py'"):
        MmposeLifter(tmp_path / "none.py", None)
    (tmp_path / "evil.yaml").write_text("!!python/object/apply:builtins.print ['ran']\n")
    with pytest.raises(InputError, match=r"mmpose's config must be a config in Python \(.py\), got '.*evil.yaml'"):
        MmposeLifter(tmp_path / "evil.yaml", None)
    (tmp_path / "other.py").write_text("model = dict(type='TopdownPoseEstimator')\n")
    with pytest.raises(InputError, match=r"model of .*other.py' must be a PoseLifter, got TopdownPoseEstimator"):
        MmposeLifter(tmp_path / "other.py", None)
    (tmp_path / "broken.py").write_text("model = dict(\n")
    with pytest.raises(InputError, match=r"broken.py' cannot be read: SyntaxError"):
        MmposeLifter(tmp_path / "broken.py", None)
    codec = "dict(type='VideoPoseLifting', num_keypoints=133)"
    model = f"dict(type='PoseLifter', backbone=dict(type='TCN'), head=dict(type='X', decoder={codec}))"
    (tmp_path / "whole.py").write_text(f"model = {model}\n")
    with pytest.raises(InputError, match=r"joints of .*whole.py' must be 17, Human3.6M's, got 133"):
        MmposeLifter(tmp_path / "whole.py", None)


def test_checkpoint_of_another_config_is_refused(tmp_path: Path):
    make_lifter("videopose3d", tmp_path)
    config = write_config("simple_baseline", tmp_path)
    with pytest.raises(InputError, match=r"videopose3d.pth' must have shape \[\d+(, \d+)*\], got"):
        MmposeLifter(config, tmp_path / "videopose3d.pth")
