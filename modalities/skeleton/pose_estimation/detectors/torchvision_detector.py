"""torchvision's object detectors by name, with weights from a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
import torchvision
from torchvision.models import get_model, get_model_weights, list_models

from modalities.atomic_files import sha256_of
from modalities.checks import check_choice, fail
from modalities.device import check_device
from modalities.safe_load import read_tensors
from modalities.skeleton.pose_estimation.detectors.nms import LEAST, OVERLAP, nms
from modalities.skeleton.pose_estimation.interfaces import Detections
from modalities.state_dict import check_state_dict

PERSON = 1
BATCH = 8


class TorchvisionDetector:
    """FramePoses of COCO's first class, see :class:`modalities.skeleton.pose_estimation.interfaces.PersonDetector`.

    Args:
        name: of a detector, e.g. ``fasterrcnn_mobilenet_v3_large_320_fpn``.
        weights: file of its state dict, as torchvision publishes it.
        device: ``cpu`` or ``cuda``.
        least: score of a person, at least.

    Raises:
        InputError: for an unknown name, or weights that are missing or another network's.
    """

    def __init__(self, name: str, *, weights: str | Path | None, device: str = "cpu", least: float = LEAST) -> None:
        known = [each for each in list_models(torchvision.models.detection) if not each.startswith("keypoint")]
        self.name = check_choice("--detector", name, [*known, "whole_frame", "FILE.onnx"])
        self.least, self.device = least, check_device(device)
        cure = f"give it with --detector-weights FILE: {source_of(name)}"
        if weights is None:
            fail(f"weights of detector '{name}'", "be given", "none", cure)
        what = f"weights of detector '{name}'"
        state = read_tensors(weights, what=what, cure=cure)
        self.network = get_model(name, weights=None, weights_backbone=None)
        check_state_dict(self.network.state_dict(), state, subject=f"{what} '{weights}'", cure=cure)
        self.network.load_state_dict(state)
        self.network.to(self.device).eval()
        self.sha256 = sha256_of(weights)

    @property
    def provenance(self) -> dict[str, Any]:
        versions = {"torch": torch.__version__, "torchvision": torchvision.__version__}
        settings = {"least": self.least, "overlap": OVERLAP, "device": self.device.type}
        return {"detector": self.name, "settings": settings, "weights": self.sha256, **versions}

    def __call__(self, frames: np.ndarray) -> list[Detections]:
        found = []
        for start in range(0, len(frames), BATCH):
            batch = torch.from_numpy(frames[start : start + BATCH]).to(self.device).permute(0, 3, 1, 2) / 255
            with torch.inference_mode():
                rows = self.network(list(batch))
            for row in rows:
                boxes, scores, labels = (row[key].cpu().numpy() for key in ("boxes", "scores", "labels"))
                kept = (labels == PERSON) & (scores >= self.least)
                found.append(nms(boxes[kept], scores[kept], frames.shape[1:3], overlap=OVERLAP))
        return found


def source_of(name: str) -> str:
    """Where torchvision publishes the weights of a detector; the file's name ends in the beginning of its SHA-256."""
    url = get_model_weights(name).DEFAULT.url  # type: ignore[attr-defined]
    return f"{url} (SHA-256 begins with {Path(url).stem.rpartition('-')[2]})"
