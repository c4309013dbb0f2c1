import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from modalities.checks import InputError
from modalities.skeleton.pose_estimation.detectors import FrameSkippingDetector
from modalities.skeleton.pose_estimation.interfaces import Detections


def boxes_of(*rows: list[float]) -> Detections:
    table = np.array(rows, np.float32).reshape(-1, 5)
    return Detections(table[:, :4], table[:, 4])


class Scripted:
    """Sees what was written down for a frame, which its first pixel numbers; counts its looks."""

    def __init__(self, script: dict[int, Detections]) -> None:
        self.script, self.looks, self.provenance = script, [], {"detector": "scripted"}

    def __call__(self, frames: np.ndarray) -> list[Detections]:
        numbers = frames[:, 0, 0, 0].tolist()
        self.looks += numbers
        return [self.script[number] for number in numbers]


def frames_of(number: int) -> np.ndarray:
    return np.broadcast_to(np.arange(number, dtype=np.uint8)[:, None, None, None], (number, 4, 4, 3))


def test_boxes_go_in_a_straight_line_between_two_looks():
    detector = Scripted({0: boxes_of([0, 0, 10, 20, 0.8]), 4: boxes_of([4, 2, 14, 22, 0.4])})
    found = FrameSkippingDetector(detector, every=4)(frames_of(5))
    assert detector.looks == [0, 4]
    assert_allclose(np.concatenate([each.boxes for each in found])[:, 0], [0, 1, 2, 3, 4], rtol=1e-6)
    assert_allclose(np.concatenate([each.boxes for each in found])[:, 3], [20, 20.5, 21, 21.5, 22], rtol=1e-6)
    assert_allclose(np.concatenate([each.scores for each in found]), [0.8, 0.7, 0.6, 0.5, 0.4], rtol=1e-6)
    assert {each.boxes.dtype for each in found} == {np.dtype(np.float32)}


def test_the_last_frame_is_looked_at_however_many_there_are():
    for number, looks in ((1, [0]), (2, [0, 1]), (4, [0, 3]), (7, [0, 3, 6]), (9, [0, 3, 6, 8])):
        detector = Scripted({look: boxes_of([0, 0, 5, 5, 1]) for look in looks})
        assert len(FrameSkippingDetector(detector, every=3)(frames_of(number))) == number
        assert detector.looks == looks
    assert FrameSkippingDetector(detector, every=3)(frames_of(0)) == []


def test_who_comes_or_goes_is_there_in_the_nearer_half_and_the_surest_is_first():
    goes, comes, stays = [0, 0, 9, 9, 0.9], [50, 0, 60, 20, 0.3], [20, 0, 30, 20, 0.5]
    found = FrameSkippingDetector(Scripted({0: boxes_of(goes, stays), 4: boxes_of(stays, comes)}), every=4)(
        frames_of(5)
    )
    assert [each.boxes[:, 0].tolist() for each in found] == [[0, 20], [0, 20], [0, 20], [20, 50], [20, 50]]
    empty = FrameSkippingDetector(Scripted({0: boxes_of(), 2: boxes_of(comes)}), every=2)(frames_of(3))
    assert [len(each.boxes) for each in empty] == [0, 0, 1]
    assert_array_equal(empty[1].boxes.shape, (0, 4))


def test_people_who_cross_keep_their_own_lines():
    first, second = (
        boxes_of([0, 0, 10, 20, 0.9], [8, 0, 18, 20, 0.8]),
        boxes_of([10, 0, 20, 20, 0.9], [2, 0, 12, 20, 0.8]),
    )
    found = FrameSkippingDetector(Scripted({0: first, 2: second}), every=2)(frames_of(3))
    assert sorted(found[1].boxes[:, 0].tolist()) == [1, 9]


def test_settings_are_told_and_checked():
    assert FrameSkippingDetector(Scripted({}), every=4).provenance == {
        "detector": "scripted",
        "every": {"frames": 4, "same": 0.3},
    }
    with pytest.raises(InputError, match="frames from one detection to the next must be 2 or more, got 1"):
        FrameSkippingDetector(Scripted({}), every=1)
