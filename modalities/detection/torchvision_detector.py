"""torchvision's object detectors by name, with weights from a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import torch
import torchvision
from torchvision.models import get_model, get_model_weights, list_models

from triad.modalities.atomic_files import sha256_of
from triad.modalities.checks import check_choice, fail
from triad.modalities.detection.detections import Detections, ObjectDetections
from triad.modalities.detection.nms import MAX_IOU, MIN_SCORE, non_maximum_suppression, suppress_by_class
from triad.modalities.device import check_device
from triad.modalities.safe_load import read_tensors
from triad.modalities.state_dict import check_state_dict

PERSON = 1  # number of COCO's class
BATCH_SIZE = 8


class TorchvisionDetector:
    """Detector of persons, COCO's first class, and of the objects of all its classes.

    Args:
        name: name of a detector, e.g. ``fasterrcnn_mobilenet_v3_large_320_fpn``.
        weights: path of its state dict, as torchvision publishes it.
        device: ``cpu`` or ``cuda``.
        min_score: lowest score of a person or object.
        option: option of the command that names the detector, for errors.
        weights_option: option of the command that gives its weights, for errors.
        others: other values of the option, for errors.

    Raises:
        InputError: for an unknown name, or weights that are missing or another network's.
    """

    def __init__(
        self,
        name: str,
        *,
        weights: str | Path | None,
        device: str = "cpu",
        min_score: float = MIN_SCORE,
        option: str = "--detector",
        weights_option: str = "--detector-weights",
        others: Sequence[str] = ("whole_frame", "FILE.onnx"),
    ) -> None:
        detectors = [model for model in list_models(torchvision.models.detection) if not model.startswith("keypoint")]
        self.name = check_choice(option, name, [*detectors, *others])
        self.min_score = min_score
        self.device = check_device(device)
        cure = f"give it with {weights_option} FILE: {weights_url(name)}"
        subject = f"weights of detector '{name}'"
        if weights is None:
            fail(subject, "be given", "none", cure)
        state = read_tensors(weights, subject=subject, cure=cure)
        self.network = get_model(name, weights=None, weights_backbone=None)
        check_state_dict(self.network.state_dict(), state, subject=f"{subject} '{weights}'", cure=cure)
        self.network.load_state_dict(state)
        self.network.to(self.device).eval()
        self.sha256 = sha256_of(weights)
        self._lock = Lock()  # of several videos at once, each batch would take its own memory of a GPU

    @property
    def provenance(self) -> dict[str, Any]:
        versions = {"torch": torch.__version__, "torchvision": torchvision.__version__}
        settings = {"least": self.min_score, "overlap": MAX_IOU, "device": self.device.type}
        return {"detector": self.name, "settings": settings, "weights": self.sha256, **versions}

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes, in the order of the network's labels."""
        return tuple(get_model_weights(self.name).DEFAULT.meta["categories"])  # type: ignore[attr-defined]

    def __call__(self, frames: np.ndarray) -> list[Detections]:
        """Return the persons of each frame, uint8 ``[T, H, W, 3]``."""
        detections = []
        for boxes, labels, scores in self._run(frames):
            persons = labels == PERSON
            detections.append(non_maximum_suppression(boxes[persons], scores[persons], frames.shape[1:3]))
        return detections

    def objects(self, frames: np.ndarray) -> list[ObjectDetections]:
        """Return the objects of each frame, uint8 ``[T, H, W, 3]``."""
        return [suppress_by_class(*objects, frames.shape[1:3]) for objects in self._run(frames)]

    def _run(self, frames: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
        """Yield boxes, labels and scores of each frame, those that are certain enough."""
        for start in range(0, len(frames), BATCH_SIZE):
            with self._lock, torch.inference_mode():
                batch = torch.from_numpy(frames[start : start + BATCH_SIZE]).to(self.device).permute(0, 3, 1, 2) / 255
                outputs = [
                    [output[key].cpu().numpy() for key in ("boxes", "labels", "scores")]
                    for output in self.network(list(batch))
                ]
            for boxes, labels, scores in outputs:
                certain = scores >= self.min_score
                yield boxes[certain], labels[certain], scores[certain]


def weights_url(name: str) -> str:
    """Return the address of a detector's weights; the file's name ends in the beginning of its SHA-256."""
    url = get_model_weights(name).DEFAULT.url  # type: ignore[attr-defined]
    return f"{url} (SHA-256 begins with {Path(url).stem.rpartition('-')[2]})"
