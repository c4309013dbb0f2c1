import cv2
import numpy as np
import pytest
from moving_texture import moving_texture

from triad.modalities.checks import InputError
from triad.modalities.flow.estimators import OpencvFlow

NAMES = ("dis", "farneback", *(["tvl1"] if hasattr(cv2, "optflow") else []))
"""Methods of the OpenCV that is installed: some wheels have no contributed modules."""


@pytest.mark.parametrize("name", NAMES)
def test_flow_of_moving_texture(name):
    shifts = [(2, -1), (-3, 0), (0, 2)]
    flow = OpencvFlow(name)(moving_texture(shifts))
    assert flow.shape == (3, 72, 96, 2)
    assert flow.dtype == np.float32
    inner = flow[:, 12:-12, 12:-12]
    np.testing.assert_allclose(np.median(inner, axis=(1, 2)), shifts, atol=0.15)
    error = np.linalg.norm(inner - np.float32(shifts)[:, None, None], axis=-1)
    assert error.mean() < 0.3


def test_pairs_are_independent():
    frames = moving_texture([(1, 1), (2, 0), (0, -2)])
    for name in NAMES:
        estimator = OpencvFlow(name)
        np.testing.assert_array_equal(estimator(frames)[2:], estimator(frames[2:]))


def test_provenance_names_settings_and_version():
    provenance = OpencvFlow("dis").provenance
    assert provenance["estimator"] == "dis"
    assert provenance["settings"]["preset"] == "medium"
    assert provenance["versions"] == {"opencv": cv2.__version__}


def test_small_frames_are_refused():
    with pytest.raises(InputError, match="sides of at least 16 pixels, got 12 × 40"):
        OpencvFlow("dis")(np.zeros((2, 12, 40, 3), np.uint8))  # OpenCV would end the process


def test_tvl1_without_contributed_modules(monkeypatch):
    monkeypatch.delattr(cv2, "optflow", raising=False)
    with pytest.raises(InputError, match=r"OpenCV of tvl1 must have its contributed modules, got .* without them"):
        OpencvFlow("tvl1")
