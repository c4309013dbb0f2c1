import numpy as np

from triad.modalities.skeleton.metrics import FlatDepth, LinearFrame, MeanPose

RNG = np.random.default_rng(0)
JOINTS = np.concatenate([RNG.normal(size=(200, 4, 2)), np.ones((200, 4, 1))], -1)
FLAT = np.concatenate([0.5 * (JOINTS[..., :2] - JOINTS[:, :1, :2]), np.zeros((200, 4, 1))], -1)


def test_flat_poses_are_fitted_exactly():
    np.testing.assert_allclose(FlatDepth(root=0).fit(JOINTS, FLAT).predict(JOINTS), FLAT, atol=1e-9)


def test_missing_joint_lies_on_the_root():
    joints = JOINTS[:1].copy()
    joints[0, 2] = 0
    assert FlatDepth(root=0).fit(JOINTS, FLAT).predict(joints)[0, 2].tolist() == [0, 0, 0]


def test_mean_pose_is_always_the_same():
    predicted = MeanPose().fit(JOINTS, FLAT).predict(JOINTS[:2])
    np.testing.assert_allclose(predicted, np.tile(FLAT.mean(0), (2, 1, 1)))


def test_linear_depth_is_fitted_nearly():
    depth = 2 * JOINTS[:, [1], :1] - JOINTS[:, :, 1:2] + 3
    slanted = FLAT + np.concatenate([np.zeros((200, 4, 2)), depth], -1)
    predicted = LinearFrame().fit(JOINTS, slanted).predict(JOINTS)
    assert np.abs(predicted - slanted).max() < 0.02  # a little ridge
