import numpy as np
import pytest

from triad.modalities.checks import InputError
from triad.modalities.clips import FlowClip, PoseClip, RgbClip

TIMES, VALID = np.arange(4.0), np.ones(4, bool)


def test_flow_may_have_a_stack():
    clip = FlowClip(np.zeros((4, 5, 6, 8, 2), np.float32), 0.1, TIMES, VALID)
    assert repr(clip) == "FlowClip(data=float32[4, 5, 6, 8, 2], dt=0.1, times=float64[4], valid=bool[4], cropped=False)"


def test_repr_shows_shapes():
    clip = RgbClip(np.zeros((4, 6, 8, 3), np.uint8), TIMES, VALID)
    assert repr(clip) == "RgbClip(data=uint8[4, 6, 8, 3], times=float64[4], valid=bool[4], cropped=False)"


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: RgbClip(np.zeros((4, 6, 8, 3), np.float32), TIMES, VALID), "RgbClip.data must be uint8, got float32"),
        (lambda: RgbClip(np.zeros((5, 6, 8, 3), np.uint8), TIMES, VALID), r"RgbClip.times must have shape \[T=5\]"),
        (
            lambda: FlowClip(np.zeros((4, 5, 6, 8, 3), np.float32), 0.1, TIMES, VALID),
            r"FlowClip.data must have shape \[T, L, H, W, 2\], got \[4, 5, 6, 8, 3\]",
        ),
        (lambda: FlowClip(np.zeros((4, 6, 8, 2), np.float32), 0.0, TIMES, VALID), "FlowClip.dt must be a positive"),
        (
            lambda: PoseClip(
                np.full((1, 4, 2, 3), np.nan, np.float32), np.ones((1, 4, 2), np.float32), "x", TIMES, VALID
            ),
            "PoseClip.keypoints must be finite, got NaN or infinity; mark lost joints by score 0",
        ),
        (
            lambda: PoseClip(
                np.full((1, 4, 2, 3), 1e25, np.float32), np.ones((1, 4, 2), np.float32), "x", TIMES, VALID
            ),
            r"PoseClip.keypoints must be within ±1e\+06 metres or pixels, got 1e\+25",
        ),
        (
            lambda: PoseClip(np.zeros((1, 4, 2, 3), np.float32), np.ones((1, 4, 3), np.float32), "x", TIMES, VALID),
            r"PoseClip.scores must have shape \[M=1, T=4, V=2\]",
        ),
        (lambda: RgbClip(np.zeros((4, 6, 8, 3), np.uint8), TIMES, np.ones(4)), "RgbClip.valid must be bool"),
    ],
)
def test_wrong_clips_are_refused(build, message):
    with pytest.raises(InputError, match=message):
        build()
