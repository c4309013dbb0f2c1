from __future__ import annotations

import numpy as np
import pytest

from triad.fusion.datasets.minihome import CLASSES, ClipSpec
from triad.fusion.datasets.minihome.object_sensor import (
    CONFUSED_SHARE,
    MISSED_SHARE,
    OBJECT_CLASSES,
    measure_objects,
    true_boxes,
)
from triad.fusion.datasets.minihome.performance import perform
from triad.modalities.objects.vocabularies import MINIHOME


def boxes_of(label: str) -> dict[str, np.ndarray]:
    clip = ClipSpec(0, CLASSES.index(label), "s01", 1)
    return true_boxes(clip, perform(clip).scene)


def test_classes_are_the_vocabulary():
    assert OBJECT_CLASSES == MINIHOME


@pytest.mark.parametrize(
    ("label", "objects"),
    [
        ("drink_from_cup", {"cup"}),
        ("drink_from_can", {"can"}),
        ("read_book", {"book"}),
        ("use_tablet", {"tablet"}),
        ("stir_pot", {"spoon", "cooker"}),
        ("type_on_keyboard", {"desk"}),
        ("put_on_hat", {"hat"}),
        ("push_door", set()),
    ],
)
def test_every_class_has_its_objects(label, objects):
    boxes = boxes_of(label)
    assert set(boxes) == objects
    for box in boxes.values():
        assert box.shape == (30, 4)
        assert (box[:, 2:] > box[:, :2]).all()


def test_twins_have_one_outline():
    np.testing.assert_array_equal(boxes_of("drink_from_cup")["cup"], boxes_of("drink_from_can")["can"])


def test_noise_is_as_stated():
    box = np.tile([40.0, 30.0, 60.0, 60.0], (20000, 1))
    boxes, labels, scores = measure_objects({"cup": box}, len(box), np.random.default_rng(0))
    error = boxes[:, 0] - box
    assert error.std() == pytest.approx(1.2, rel=0.1)
    assert (scores[:, 0] == 0).mean() == pytest.approx(MISSED_SHARE, rel=0.15)
    assert (labels[:, 0] == OBJECT_CLASSES.index("can")).mean() == pytest.approx(CONFUSED_SHARE, rel=0.15)
    assert 0.06 < (scores[:, -1] > 0).mean() < 0.1  # seen where nothing is
    assert not scores[:, 1:-1].any()


def test_boxes_stay_in_frame():
    outside = np.tile([150.0, 100.0, 190.0, 140.0], (50, 1))
    boxes, _, _ = measure_objects({"hat": outside}, 50, np.random.default_rng(0))
    assert boxes.min() >= 0
    assert (boxes.max((0, 1)) <= [160, 120, 160, 120]).all()
