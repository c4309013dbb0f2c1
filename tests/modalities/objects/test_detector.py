from __future__ import annotations

import numpy as np
import pytest
from tiny_networks import write_detector

from triad.modalities.checks import InputError
from triad.modalities.objects.detector import build_object_detector
from triad.modalities.objects.extractor import ObjectExtractor
from triad.modalities.objects.object_file import read_objects
from triad.modalities.objects.vocabularies import COCO80
from triad.modalities.stopwatch import Stopwatch

BOXES = [(4, 4, 20, 40, 0.9), (30, 10, 60, 30, 0.6), (31, 10, 60, 30, 0.5), (2, 2, 50, 60, 0.7)]
LABELS = ["cup", "cell phone", "cell phone", "person"]


@pytest.fixture
def detector(tmp_path):
    path = write_detector(tmp_path / "yolox.onnx", BOXES, labels=[COCO80.index(name) for name in LABELS], classes=80)
    return build_object_detector(path)


def test_objects_of_all_classes_but_persons(detector):
    (boxes, labels, scores), _ = detector(np.zeros((2, 64, 64, 3), np.uint8))
    assert [detector.classes[label] for label in labels] == ["cup", "cell phone"]  # two overlap, one is a person
    np.testing.assert_allclose(boxes, [[4, 4, 20, 40], [30, 10, 60, 30]], rtol=1e-4)
    np.testing.assert_allclose(scores, [0.9, 0.6], rtol=1e-5)


def test_extractor_writes_a_file(detector, tmp_path):
    extractor = ObjectExtractor("yolox", detector)
    path = tmp_path / "v.npz"
    with extractor.open(path, provenance=extractor.provenance, watch=Stopwatch()) as sink:
        sink.add(np.zeros((2, 64, 64, 3), np.uint8))
        sink.add(np.zeros((1, 64, 64, 3), np.uint8))
    objects = read_objects(path)
    assert extractor.stream == "objects_yolox"
    assert objects.boxes.shape == (3, 16, 4)
    assert objects.classes == COCO80
    assert objects.size_hw == (64, 64)
    assert extractor.describe(path).counts == {"objects": 6, "empty": 0}


def test_missing_and_other_detectors_are_refused(tmp_path):
    with pytest.raises(InputError, match=r"detector of objects must be given, got none; .*--object-detector"):
        build_object_detector(None)
    with pytest.raises(InputError, match=r"must be a file, got 'none.onnx'"):
        build_object_detector("none.onnx")
    path = write_detector(tmp_path / "persons.onnx", [(4, 4, 20, 40, 0.9)])
    with pytest.raises(InputError, match=r"persons.onnx' must know COCO's 80 classes, got 1"):
        build_object_detector(path)
    with pytest.raises(InputError, match=r"--object-weights must be left out unless --object-detector is a name"):
        build_object_detector(path, weights="x.pth")
    with pytest.raises(InputError, match=r"--object-detector must be one of FILE.onnx, .*, got 'ssd'"):
        build_object_detector("ssd")
    with pytest.raises(InputError, match=r"must be given, got none; give it with --object-weights FILE: https"):
        build_object_detector("ssd300_vgg16")
    with pytest.raises(InputError, match=r"--objects must be a name of letters, digits and _"):
        ObjectExtractor("a-b", object())
