"""Detector of objects from the files that a user gives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from triad.modalities.checks import fail
from triad.modalities.detection.download_hints import YOLOX_CURE
from triad.modalities.detection.yolox import Yolox
from triad.modalities.objects.vocabularies import COCO80
from triad.modalities.onnx_model import usable_device

OPTION = "--object-detector"
WEIGHTS_OPTION = "--object-weights"
CURE = f"{YOLOX_CURE.replace('--detector', OPTION)}; or name one of torchvision's detectors with {WEIGHTS_OPTION} FILE"
MIN_SCORE = 0.2
"""Lowest score of an object: below it most are none."""
PERSON = "person"


class ObjectDetector:
    """Detector of everything but persons, who are the pose's.

    Args:
        network: network that detects all its classes.
        classes: names of these classes, in the order of its labels.

    Attributes:
        classes: names of the classes.
        provenance: everything that decides the result.
    """

    def __init__(self, network: Any, classes: tuple[str, ...]) -> None:
        self.network = network
        self.classes = classes

    @property
    def provenance(self) -> dict[str, Any]:
        return {**self.network.provenance, "classes": list(self.classes), "without": PERSON}

    def __call__(self, frames: np.ndarray) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
        """Return boxes ``[N, 4]``, labels ``[N]`` and scores ``[N]`` of each frame, uint8 ``[T, H, W, 3]``."""
        person = self.classes.index(PERSON) if PERSON in self.classes else -1
        detected = []
        for boxes, labels, scores in self.network.objects(frames):
            is_object = labels != person
            detected.append((boxes[is_object], labels[is_object], scores[is_object]))
        return detected


def build_object_detector(
    detector: str | Path | None, *, weights: str | Path | None = None, device: str = "cpu"
) -> ObjectDetector:
    """Return the detector of a file or name.

    Args:
        detector: path of a YOLOX of COCO's 80 classes as ONNX, or name of one of torchvision's detectors.
        weights: path of the weights of torchvision's detector.
        device: ``cpu`` or ``cuda``.

    Raises:
        InputError: If nothing is given, a file is missing, weights are given beside an ONNX file, or the network
            knows other classes.
    """
    if detector is None:
        fail("detector of objects", "be given", "none", CURE)
    if str(detector).endswith(".onnx") or Path(detector).exists():
        if weights is not None:
            fail(WEIGHTS_OPTION, f"be left out unless {OPTION} is a name of torchvision's", f"'{weights}'")
        yolox = Yolox(detector, device=usable_device(device), min_score=MIN_SCORE, cure=CURE)
        if yolox.num_classes != len(COCO80):
            fail(f"detector '{detector}'", f"know COCO's {len(COCO80)} classes", yolox.num_classes, CURE)
        return ObjectDetector(yolox, COCO80)
    from triad.modalities.detection.torchvision_detector import TorchvisionDetector

    network = TorchvisionDetector(
        str(detector),
        weights=weights,
        device=device,
        min_score=MIN_SCORE,
        option=OPTION,
        weights_option=WEIGHTS_OPTION,
        others=["FILE.onnx"],
    )
    return ObjectDetector(network, network.classes)
