import numpy as np
import pytest

from triad.modalities.checks import InputError
from triad.modalities.skeleton.metrics import joint_errors, lift_errors, procrustes

TRUE = np.array([[[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]]], np.float32)
ALL_VISIBLE = np.ones((1, 4), bool)


def test_errors_by_hand():
    predicted = TRUE + np.float32(5)  # the root's position does not matter
    predicted[0, 1, 0] += 0.1
    predicted[0, 3, 1] -= 0.3
    np.testing.assert_allclose(joint_errors(predicted, TRUE, root=0), [[0, 0.1, 0, 0.3]], atol=1e-6)
    assert lift_errors(predicted, TRUE, ALL_VISIBLE, root=0)["mpjpe"] == pytest.approx(100, abs=1e-3)
    visible = np.array([[True, True, True, False]])
    assert lift_errors(predicted, TRUE, visible, root=0)["mpjpe"] == pytest.approx(100 / 3, abs=1e-3)


def test_alignment_by_hand():
    """Align a square whose sides are halved in x: the best rotation is none, the best scale is 1.2."""
    true = np.array([[[1, 1, 0], [-1, 1, 0], [-1, -1, 0], [1, -1, 0]]], np.float32)
    predicted = true * np.array([0.5, 1, 1], np.float32)
    # scale = Σ true·predicted / Σ predicted² = 4(0.5 + 1) / 4(0.25 + 1) = 1.2: each joint is (0.6, 1.2) for (1, 1)
    aligned = procrustes(predicted, true, ALL_VISIBLE)
    np.testing.assert_allclose(np.abs(aligned[0, :, :2]), np.tile([0.6, 1.2], (4, 1)), atol=1e-6)
    errors = lift_errors(predicted, true, ALL_VISIBLE, root=0)
    assert errors["pa_mpjpe"] == pytest.approx(1000 * np.hypot(0.4, 0.2), rel=1e-6)


def test_similar_skeletons_align_exactly():
    rng = np.random.default_rng(0)
    true = rng.normal(size=(5, 16, 3))
    rotation = np.linalg.qr(rng.normal(size=(5, 3, 3)))[0]
    rotation *= np.sign(np.linalg.det(rotation))[:, None, None]
    predicted = 0.3 * np.einsum("nij,nvj->nvi", rotation, true) + rng.normal(size=(5, 1, 3))
    visible = rng.random((5, 16)) < 0.7
    predicted[~visible] += 10  # invisible joints do not count
    np.testing.assert_allclose(procrustes(predicted, true, visible)[visible], true[visible], atol=1e-9)


def test_mirror_images_do_not_align():
    mirrored = TRUE * np.array([-1, 1, 1], np.float32)
    assert lift_errors(mirrored, TRUE, ALL_VISIBLE, root=0)["pa_mpjpe"] > 100


def test_coinciding_joints_align_to_mean():
    aligned = procrustes(np.zeros_like(TRUE), TRUE, ALL_VISIBLE)
    np.testing.assert_allclose(aligned, np.full((1, 4, 3), 0.25), atol=1e-7)


def test_too_few_joints_are_refused():
    two_visible = np.array([[True, True, False, False]])
    with pytest.raises(InputError, match="skeletons to compare must have three visible joints in some frame, got none"):
        lift_errors(TRUE, TRUE, two_visible, root=0)
    with pytest.raises(InputError, match="skeletons to align must have 3 visible joints each, got 2"):
        procrustes(TRUE, TRUE, two_visible)
    with pytest.raises(InputError, match=r"true skeletons must have shape \[N=1, V=4, 3\], got \[1, 3, 3\]"):
        joint_errors(TRUE, TRUE[:, :3], root=0)
