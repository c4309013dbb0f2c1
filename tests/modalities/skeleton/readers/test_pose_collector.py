import numpy as np
import pytest

from triad.modalities.checks import InputError
from triad.modalities.skeleton.readers.pose_collector import MAX_PERSONS, PoseCollector

ROWS = np.ones((17, 3), np.float32)


def test_persons_come_in_order_of_appearance() -> None:
    collector = PoseCollector("a", b"", layout="coco17")
    assert collector.add(900, 0, 5 * ROWS)
    assert collector.add(7, 2, 3 * ROWS)
    assert collector.add(900, 2, 4 * ROWS)
    poses = collector.poses(4)
    assert poses.keypoints[:, :, 0, 0].tolist() == [[5, 0, 4, 0], [0, 0, 3, 0]]
    assert (poses.scores > 0).any(-1).tolist() == [[True, False, True, False], [False, False, True, False]]


def test_pixels_are_kept() -> None:
    collector = PoseCollector("a", b"", layout="smarthome13", pixels=True)
    collector.add(0, 0, np.tile(np.float32([1, 2, 3, 0.5, 8, 9]), (13, 1)))
    poses = collector.poses(1)
    assert poses.keypoints[0, 0, 12].tolist() == [1, 2, 3]
    assert poses.scores[0, 0, 12] == 0.5
    assert poses.pixels is not None
    assert poses.pixels[0, 0, 12].tolist() == [8, 9]


def test_second_body_in_frame_is_rejected() -> None:
    collector = PoseCollector("a", b"", layout="coco17")
    assert collector.add(0, 3, ROWS)
    assert not collector.add(0, 3, ROWS)


def test_number_of_persons_is_limited() -> None:
    collector = PoseCollector("a", b"", layout="coco17")
    for person in range(MAX_PERSONS):
        collector.add(person, 0, ROWS)
    with pytest.raises(InputError, match="must hold at most 1000 persons, got more by frame 5"):
        collector.add(MAX_PERSONS, 5, ROWS)


def test_oversized_poses_are_refused() -> None:
    collector = PoseCollector("a", b"", layout="coco17")
    collector.add(0, 0, ROWS)
    with pytest.raises(InputError, match=r"1 persons × 1000000 frames must take at most \d+ bytes"):
        collector.poses(1_000_000)
