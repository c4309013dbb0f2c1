import numpy as np
import pytest

from triad.modalities.checks import InputError
from triad.modalities.flow.estimators.interfaces import check_frames


def test_check_frames_returns_the_sizes():
    assert check_frames(np.zeros((2, 5, 7, 3), np.uint8)) == (2, 5, 7)


@pytest.mark.parametrize(
    ("frames", "message"),
    [
        (np.zeros((1, 32, 32, 3), np.uint8), "frames must be two or more, .* got 1"),
        (np.zeros((2, 32, 32, 3)), "frames must be uint8, got float64"),
        (np.zeros((2, 32, 32), np.uint8), r"frames must have shape \[T, H, W, 3\], got \[2, 32, 32\]"),
    ],
)
def test_unfit_frames_are_refused(frames, message):
    with pytest.raises(InputError, match=message):
        check_frames(frames)
