"""MPJPE and PA-MPJPE by hand, Procrustes by its properties, baselines on poses they fit exactly."""

from __future__ import annotations

import numpy as np
import pytest

from modalities.checks import InputError
from modalities.skeleton.metrics.lift import joint_errors, lift_errors, procrustes
from modalities.skeleton.metrics.lift_baselines import FlatDepth, LinearFrame, MeanPose

TRUE = np.array([[[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]]], np.float32)
ALL = np.ones((1, 4), bool)


def test_errors_by_hand():
    predicted = TRUE + np.float32(5)  # where the root is does not matter
    predicted[0, 1, 0] += 0.1
    predicted[0, 3, 1] -= 0.3
    np.testing.assert_allclose(joint_errors(predicted, TRUE, root=0), [[0, 0.1, 0, 0.3]], atol=1e-6)
    assert lift_errors(predicted, TRUE, ALL, root=0)["mpjpe"] == pytest.approx(100, abs=1e-3)
    seen = np.array([[True, True, True, False]])
    assert lift_errors(predicted, TRUE, seen, root=0)["mpjpe"] == pytest.approx(100 / 3, abs=1e-3)


def test_a_longer_bone_after_alignment_by_hand():
    """A square whose sides are halved in x: the best turn is none, the best scale is 5/4 · 1/…, worked out below."""
    true = np.array([[[1, 1, 0], [-1, 1, 0], [-1, -1, 0], [1, -1, 0]]], np.float32)
    predicted = true * np.array([0.5, 1, 1], np.float32)
    # scale = Σ true·predicted / Σ predicted² = 4(0.5 + 1) / 4(0.25 + 1) = 1.2: each joint is (0.6, 1.2) for (1, 1)
    aligned = procrustes(predicted, true, ALL)
    np.testing.assert_allclose(np.abs(aligned[0, :, :2]), np.tile([0.6, 1.2], (4, 1)), atol=1e-6)
    errors = lift_errors(predicted, true, ALL, root=0)
    assert errors["pa_mpjpe"] == pytest.approx(1000 * np.hypot(0.4, 0.2), rel=1e-6)


def test_turned_moved_and_scaled_skeletons_align_exactly():
    rng = np.random.default_rng(0)
    true = rng.normal(size=(5, 16, 3))
    turn = np.linalg.qr(rng.normal(size=(5, 3, 3)))[0]
    turn *= np.sign(np.linalg.det(turn))[:, None, None]
    predicted = 0.3 * np.einsum("nij,nvj->nvi", turn, true) + rng.normal(size=(5, 1, 3))
    seen = rng.random((5, 16)) < 0.7
    predicted[~seen] += 10  # what is not seen has no say
    np.testing.assert_allclose(procrustes(predicted, true, seen)[seen], true[seen], atol=1e-9)


def test_a_mirror_image_does_not_align():
    mirrored = TRUE * np.array([-1, 1, 1], np.float32)
    assert lift_errors(mirrored, TRUE, ALL, root=0)["pa_mpjpe"] > 100


def test_all_joints_in_one_place_align_to_the_middle():
    aligned = procrustes(np.zeros_like(TRUE), TRUE, ALL)
    np.testing.assert_allclose(aligned, np.full((1, 4, 3), 0.25), atol=1e-7)


def test_too_little_to_compare_is_one_line():
    few = np.array([[True, True, False, False]])
    with pytest.raises(InputError, match="skeletons to compare must have three seen joints in some frame, got none"):
        lift_errors(TRUE, TRUE, few, root=0)
    with pytest.raises(InputError, match="skeletons to align must have 3 seen joints each, got 2"):
        procrustes(TRUE, TRUE, few)
    with pytest.raises(InputError, match=r"true skeletons must have shape \[N=1, V=4, 3\], got \[1, 3, 3\]"):
        joint_errors(TRUE, TRUE[:, :3], root=0)


def test_baselines_learn_what_they_can():
    rng = np.random.default_rng(0)
    flat = np.concatenate([rng.normal(size=(200, 4, 2)), np.ones((200, 4, 1))], -1)
    about = flat[..., :2] - flat[:, :1, :2]
    true = np.concatenate([0.5 * about, np.zeros((200, 4, 1))], -1)
    np.testing.assert_allclose(FlatDepth(root=0).fit(flat, true).predict(flat), true, atol=1e-9)
    np.testing.assert_allclose(MeanPose().fit(flat, true).predict(flat[:2]), np.tile(true.mean(0), (2, 1, 1)))
    slanted = true + np.concatenate([np.zeros((200, 4, 2)), 2 * flat[:, [1], :1] - flat[:, :, 1:2] + 3], -1)
    assert np.abs(LinearFrame().fit(flat, slanted).predict(flat) - slanted).max() < 0.02  # a little ridge
    lost = flat[:1].copy()
    lost[0, 2] = 0
    assert FlatDepth(root=0).fit(flat, true).predict(lost)[0, 2].tolist() == [0, 0, 0]
