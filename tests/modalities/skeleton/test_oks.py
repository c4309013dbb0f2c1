import numpy as np
import pytest

from triad.modalities.checks import InputError
from triad.modalities.skeleton import get_layout
from triad.modalities.skeleton.oks import oks, sigmas_of


def test_cocos_formula_on_two_joints():
    truth = np.array([[10.0, 10.0], [20.0, 20.0]])
    moved = np.array([[13.0, 14.0], [20.0, 20.0]])
    sigmas = np.array([0.1, 0.05])
    similarity = oks(moved, truth, visible=np.ones(2, bool), area=np.array(400.0), sigmas=sigmas)
    assert similarity == pytest.approx((np.exp(-25 / (2 * 400 * 0.2**2)) + 1) / 2)
    first_only = oks(moved, truth, visible=np.array([True, False]), area=np.array(400.0), sigmas=sigmas)
    assert first_only == pytest.approx(np.exp(-25 / 32))


def test_unknown_joints_do_not_count():
    truth = np.zeros((2, 3, 2))
    sigmas = np.array([0.1, np.nan, 0.1])
    visible = np.array([[True, True, True], [False, True, False]])
    moved = np.array([[0, 0], [99, 99], [0, 0]])
    similarity = oks(moved, truth, visible=visible, area=np.ones(2), sigmas=sigmas)
    np.testing.assert_array_equal(similarity, [1, np.nan])


def test_equals_pycocotools():
    from pycocotools.cocoeval import Params

    np.testing.assert_allclose(sigmas_of(get_layout("coco17")), Params("keypoints").kpt_oks_sigmas)


def test_layout_without_cocos_joints_is_refused():
    assert np.isnan(sigmas_of(get_layout("jhmdb15"))).sum() == 3  # neck, belly, face
    with pytest.raises(InputError, match="must include some of nose"):
        sigmas_of(type("L", (), {"name": "x", "joints": ("tail",)}))
