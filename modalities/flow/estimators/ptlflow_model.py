"""Flow estimators of ptlflow (Morimitsu 2021, PyTorch Lightning Optical Flow)."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from triad.modalities.atomic_files import sha256_of
from triad.modalities.checks import check_choice, fail
from triad.modalities.device import check_device
from triad.modalities.flow.estimators.interfaces import check_frames
from triad.modalities.flow.networks.random_weights import RANDOM_CURE, build_seeded, parse_random_seed
from triad.modalities.safe_load import read_tensors
from triad.modalities.state_dict import check_state_dict

INSTALL = "pip install 'triad[flow]', then pip install --no-deps ptlflow==0.4.2"
MIN_SIZE = 128
"""Smallest height and width that all models take, pixels; the pyramids of some have nothing left of smaller ones."""


class PtlflowModel:
    """Model of ptlflow, pair by pair as ptlflow calls it; see :class:`triad.modalities.flow.estimators.FlowEstimator`.

    A frame with a side below :data:`MIN_SIZE` is padded to it by repeating its border.

    Args:
        model: name of the model in ptlflow, e.g. ``sea_raft_s``.
        weights: checkpoint of ptlflow, or ``random:SEED``.
        device: device of the network, e.g. ``cpu`` or ``cuda``.

    Raises:
        InputError: If ptlflow or the weights are missing, ptlflow has no such model, or the weights are of another.
    """

    def __init__(self, model: str, *, weights: str | Path | None, device: str = "cpu") -> None:
        self.device = check_device(device)
        try:
            import ptlflow
        except ImportError as error:
            fail("ptlflow", "be installed", f"{type(error).__name__}: {error}", INSTALL)
        self.version = ptlflow.__version__
        self.name = f"ptlflow_{check_choice('model of ptlflow', model, ptlflow.get_model_names())}"
        network = build_seeded(partial(ptlflow.get_model, model), weights)
        self.weights = {"weights": str(weights)}
        if parse_random_seed(weights) is None:
            self.weights = {"weights_sha256": _check_weights(network, model, weights)}
            ptlflow.restore_model(network, str(weights))
        self.network = network.eval().to(self.device)

    @property
    def provenance(self) -> dict[str, Any]:
        return {
            "estimator": self.name,
            "settings": {"device": self.device.type},
            **self.weights,
            "versions": {"torch": torch.__version__, "ptlflow": self.version},
        }

    def open(self) -> PtlflowModel:
        return self  # without state

    @torch.inference_mode()
    def __call__(self, frames: np.ndarray) -> np.ndarray:
        num, height, width = check_frames(frames)
        fields = np.empty((num - 1, height, width, 2), np.float32)
        padding = (0, max(MIN_SIZE - width, 0), 0, max(MIN_SIZE - height, 0))
        for number in range(num - 1):
            pair = torch.from_numpy(frames[number : number + 2, ..., ::-1].copy())  # ptlflow reads BGR
            images = F.pad(pair.to(self.device).permute(0, 3, 1, 2).float() / 255, padding, mode="replicate")
            flow = self.network({"images": images[None]})["flows"][0, 0, :, :height, :width]
            fields[number] = flow.permute(1, 2, 0).float().cpu().numpy()
        return fields


def _check_weights(network: nn.Module, model: str, weights: str | Path | None) -> str:
    """Check that :func:`ptlflow.restore_model` may load a file, and return its SHA-256."""
    checkpoints = getattr(type(network), "pretrained_checkpoints", {})
    links = ", ".join(checkpoints.values()) or "https://github.com/hmorimitsu/ptlflow has none"
    cure = f"give it with --weights FILE: {links} (8 digits at the end of a name begin its SHA-256); {RANDOM_CURE}"
    if weights is None:
        fail(f"weights of ptlflow:{model}", "be given", "none", cure)
    subject = f"weights of ptlflow:{model}"
    content = read_tensors(weights, subject=subject, cure=cure)
    if not isinstance(content, dict) or not isinstance(content.get("state_dict"), dict):
        fail(f"weights '{weights}'", "be a checkpoint of ptlflow with a state_dict", type(content).__name__, cure)
    check_state_dict(network.state_dict(), content["state_dict"], subject=f"{subject} '{weights}'", cure=cure)
    return sha256_of(weights)
