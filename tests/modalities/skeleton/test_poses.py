import numpy as np
import pytest

from triad.modalities.checks import InputError
from triad.modalities.skeleton import Poses

KEYPOINTS = np.zeros((2, 3, 17, 2), np.float32)
SCORES = np.ones((2, 3, 17), np.float32)


def with_value(value: float) -> np.ndarray:
    keypoints = KEYPOINTS.copy()
    keypoints[0, 2, 5, 1] = value
    return keypoints


def test_number_of_times() -> None:
    assert Poses(KEYPOINTS, SCORES, "coco17").num == 3


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ((KEYPOINTS[..., :1], SCORES), r"Poses\.keypoints must have shape \[M, T, 17, 2\], got \[2, 3, 17, 1\]"),
        ((KEYPOINTS, SCORES[:1]), r"Poses\.scores must have shape \[M=2, T=3, 17\], got \[1, 3, 17\]"),
        ((KEYPOINTS[:0], SCORES[:0]), r"Poses\.keypoints must hold a person and a time, got .*\(0, 3, 17, 2\)"),
        ((KEYPOINTS.astype(float), SCORES), r"Poses\.keypoints must be float32, got float64"),
        ((with_value(np.nan), SCORES), r"must be finite, got nan at \[0, 2, 5, 1\]; mark missing joints by score 0"),
        ((with_value(np.inf), SCORES), r"must be finite, got inf at \[0, 2, 5, 1\]"),
        (
            (with_value(1.5e6), SCORES),
            r"keypoints must be within ±1e\+06 metres or pixels, got 1\.5e\+06 at \[0, 2, 5, 1\]",
        ),
        ((with_value(1e25), SCORES), r"within ±1e\+06 .*, got 1e\+25 at \[0, 2, 5, 1\]; correct it, or mark"),
        ((with_value(-3e38), SCORES), r"within ±1e\+06 .*, got -3e\+38 at"),
    ],
)
def test_wrong_arrays_are_refused(arrays: tuple[np.ndarray, np.ndarray], message: str) -> None:
    with pytest.raises(InputError, match=message):
        Poses(*arrays, "coco17")


def test_wrong_pixels_are_refused() -> None:
    with pytest.raises(InputError, match=r"Poses\.pixels must have shape \[M=2, T=3, 17, 2\], got \[2, 3, 17, 3\]"):
        Poses(KEYPOINTS, SCORES, "coco17", np.zeros((2, 3, 17, 3), np.float32))
