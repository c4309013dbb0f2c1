import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from triad.modalities.checks import InputError
from triad.modalities.detection import Detections
from triad.modalities.skeleton.pose_estimation.detectors import FrameSkippingDetector


def make_detections(*rows: list[float]) -> Detections:
    table = np.array(rows, np.float32).reshape(-1, 5)
    return Detections(table[:, :4], table[:, 4])


class ScriptedDetector:
    """Returns prepared detections by the number in a frame's first pixel, and records the numbers."""

    def __init__(self, detections: dict[int, Detections]) -> None:
        self.detections = detections
        self.calls: list[int] = []
        self.provenance = {"detector": "scripted"}

    def __call__(self, frames: np.ndarray) -> list[Detections]:
        numbers = frames[:, 0, 0, 0].tolist()
        self.calls += numbers
        return [self.detections[number] for number in numbers]


def make_frames(count: int) -> np.ndarray:
    return np.broadcast_to(np.arange(count, dtype=np.uint8)[:, None, None, None], (count, 4, 4, 3))


def detect(detections: dict[int, Detections], *, every: int, frames: int) -> list[Detections]:
    return FrameSkippingDetector(ScriptedDetector(detections), every=every)(make_frames(frames))


def test_boxes_between_detections_are_interpolated():
    first = make_detections([0, 0, 10, 20, 0.8])
    detector = ScriptedDetector({0: first, 4: make_detections([4, 2, 14, 22, 0.4])})
    results = FrameSkippingDetector(detector, every=4)(make_frames(5))
    assert detector.calls == [0, 4]
    boxes = np.concatenate([detections.boxes for detections in results])
    scores = np.concatenate([detections.scores for detections in results])
    assert_allclose(boxes[:, 0], [0, 1, 2, 3, 4], rtol=1e-6)
    assert_allclose(boxes[:, 3], [20, 20.5, 21, 21.5, 22], rtol=1e-6)
    assert_allclose(scores, [0.8, 0.7, 0.6, 0.5, 0.4], rtol=1e-6)
    assert {detections.boxes.dtype for detections in results} == {np.dtype(np.float32)}


@pytest.mark.parametrize(
    ("count", "key_frames"), [(1, [0]), (2, [0, 1]), (4, [0, 3]), (7, [0, 3, 6]), (9, [0, 3, 6, 8])]
)
def test_last_frame_is_always_detected(count, key_frames):
    detector = ScriptedDetector({number: make_detections([0, 0, 5, 5, 1]) for number in key_frames})
    assert len(FrameSkippingDetector(detector, every=3)(make_frames(count))) == count
    assert detector.calls == key_frames


def test_no_frames_give_no_detections():
    assert detect({}, every=3, frames=0) == []


def test_unmatched_boxes_stay_for_nearer_half():
    leaves = [0, 0, 9, 9, 0.9]
    enters = [50, 0, 60, 20, 0.3]
    stays = [20, 0, 30, 20, 0.5]
    results = detect({0: make_detections(leaves, stays), 4: make_detections(stays, enters)}, every=4, frames=5)
    columns = [detections.boxes[:, 0].tolist() for detections in results]
    assert columns == [[0, 20], [0, 20], [0, 20], [20, 50], [20, 50]]
    results = detect({0: make_detections(), 2: make_detections(enters)}, every=2, frames=3)
    assert [len(detections.boxes) for detections in results] == [0, 0, 1]
    assert_array_equal(results[1].boxes.shape, (0, 4))


def test_crossing_persons_keep_their_lines():
    first = make_detections([0, 0, 10, 20, 0.9], [8, 0, 18, 20, 0.8])
    second = make_detections([10, 0, 20, 20, 0.9], [2, 0, 12, 20, 0.8])
    results = detect({0: first, 2: second}, every=2, frames=3)
    assert sorted(results[1].boxes[:, 0].tolist()) == [1, 9]


def test_provenance_names_the_interval():
    provenance = FrameSkippingDetector(ScriptedDetector({}), every=4).provenance
    assert provenance == {"detector": "scripted", "every": {"frames": 4, "same": 0.3}}


def test_detection_in_every_frame_is_refused():
    with pytest.raises(InputError, match="frames from one detection to the next must be 2 or more, got 1"):
        FrameSkippingDetector(ScriptedDetector({}), every=1)
