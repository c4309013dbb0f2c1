import numpy as np
import pytest

from triad.modalities.checks import InputError
from triad.modalities.depth import DepthClip

TIMES, VALID = np.arange(2.0), np.ones(2, bool)


def test_clip_is_float_with_one_channel():
    clip = DepthClip(np.zeros((2, 3, 4, 1), np.float32), TIMES, VALID)
    assert repr(clip) == "DepthClip(data=float32[2, 3, 4, 1], times=float64[2], valid=bool[2])"
    with pytest.raises(InputError, match=r"DepthClip.data must be float32, got uint16"):
        DepthClip(np.zeros((2, 3, 4, 1), np.uint16), TIMES, VALID)
    with pytest.raises(InputError, match=r"DepthClip.data must have shape \[T, H, W, 1\], got \[2, 3, 4\]"):
        DepthClip(np.zeros((2, 3, 4), np.float32), TIMES, VALID)
