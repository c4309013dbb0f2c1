import numpy as np

from triad.modalities.detection.nms import non_maximum_suppression
from triad.modalities.skeleton.pose_estimation.boxes import box_iou


def suppress_by_hand(boxes: np.ndarray, scores: np.ndarray, max_iou: float) -> list[int]:
    """Return the indices that stay, by the definition: highest scores first, ties in their order."""
    selected: list[int] = []
    for index in np.argsort(-scores, kind="stable").tolist():
        if not selected or box_iou(boxes[index][None], boxes[selected]).max() <= max_iou:
            selected.append(index)
    return selected


def test_boxes_are_clipped_to_the_frame():
    boxes = np.array([[-9, 0, 0.5, 5], [2, 2, 8, 8]], np.float32)  # of the first, half a pixel is left
    detections = non_maximum_suppression(boxes, np.array([1, 0.5]), (6, 6), max_iou=0.5)
    np.testing.assert_array_equal(detections.boxes, [[2, 2, 6, 6]])
    assert detections.scores.tolist() == [0.5]


def test_no_boxes_give_no_detections():
    detections = non_maximum_suppression(np.zeros((0, 4), np.float32), np.zeros(0, np.float32), (6, 6))
    assert detections.boxes.shape == (0, 4)


def test_random_boxes_match_the_definition():
    rng = np.random.default_rng(0)
    for trial in range(300):
        low = rng.uniform(0, 200, (30, 2))
        boxes = np.concatenate([low, low + rng.uniform(5, 100, (30, 2))], 1).astype(np.float32)
        boxes = boxes[rng.integers(0, 30, 40)]  # some twice
        scores = rng.uniform(0, 1, 40).astype(np.float32)
        if trial % 2:
            scores = np.rint(4 * scores) / np.float32(4)  # ties
        expected = suppress_by_hand(boxes, scores, 0.65)
        detections = non_maximum_suppression(boxes, scores, (400, 400))
        np.testing.assert_array_equal(detections.boxes, boxes[expected])
        np.testing.assert_array_equal(detections.scores, scores[expected])
