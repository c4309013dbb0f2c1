import cv2
import numpy as np
import pytest
from moving_texture import moving_texture

from modalities.checks import InputError
from modalities.flow.estimators import ESTIMATORS, OpencvFlow, build_estimator, name_of_stream, stream_of_name


@pytest.mark.parametrize("name", ["dis", "farneback", "tvl1"])
def test_a_moving_texture_moves_so(name):
    shifts = [(2, -1), (-3, 0), (0, 2)]
    flow = build_estimator(name)(moving_texture(shifts))
    assert flow.shape == (3, 72, 96, 2)
    assert flow.dtype == np.float32
    inner = flow[:, 12:-12, 12:-12]
    np.testing.assert_allclose(np.median(inner, axis=(1, 2)), shifts, atol=0.15)
    error = np.linalg.norm(inner - np.float32(shifts)[:, None, None], axis=-1)
    assert error.mean() < 0.3


def test_flow_of_a_pair_does_not_depend_on_what_came_before():
    frames = moving_texture([(1, 1), (2, 0), (0, -2)])
    for name in ("dis", "farneback", "tvl1"):
        estimator = build_estimator(name)
        np.testing.assert_array_equal(estimator(frames)[2:], estimator(frames[2:]))


def test_provenance_names_what_decides_the_result():
    found = OpencvFlow("dis").provenance
    assert found["estimator"] == "dis"
    assert found["settings"]["preset"] == "medium"
    assert found["versions"] == {"opencv": cv2.__version__}


def test_frames_must_fit():
    estimator = build_estimator("dis")
    with pytest.raises(InputError, match="two or more"):
        estimator(np.zeros((1, 32, 32, 3), np.uint8))
    with pytest.raises(InputError, match="sides of at least 16 pixels, got 12 × 40"):
        estimator(np.zeros((2, 12, 40, 3), np.uint8))  # OpenCV would end the process
    with pytest.raises(InputError, match="uint8"):
        estimator(np.zeros((2, 32, 32, 3)))
    with pytest.raises(InputError, match=r"shape \[T, H, W, 3\]"):
        estimator(np.zeros((2, 32, 32), np.uint8))


def test_options_must_fit_the_estimator(tmp_path):
    rafts = ("raft_small", "raft_large", "raft_small_fast", "raft_large_fast")
    assert list(ESTIMATORS) == ["dis", "farneback", "tvl1", *rafts, "flownets"]
    with pytest.raises(InputError, match="did you mean 'raft_small'"):
        build_estimator("raft_smal")
    with pytest.raises(InputError, match="--iterations must be left out for 'dis'"):
        build_estimator("dis", iterations=4)
    with pytest.raises(InputError, match="--warm-start must be left out for 'raft_small', which does not have it"):
        build_estimator("raft_small", warm_start=True)
    with pytest.raises(InputError, match=r"weights of raft_small must be given.*SHA-256 c7d41b9c"):
        build_estimator("raft_small")
    with pytest.raises(InputError, match=r"gone.pth', which does not exist.*ff5fadd5"):
        build_estimator("raft_large", weights=tmp_path / "gone.pth")


def test_streams_are_names_of_folders():
    for name, stream in (("dis", "flow_dis"), ("ptlflow:pwcnet", "flow_ptlflow_pwcnet")):
        assert stream_of_name(name) == stream
        assert name_of_stream(stream) == name
