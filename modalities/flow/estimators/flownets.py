"""Flow estimator with a FlowNetS that this project trained."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch

from triad.modalities.atomic_files import sha256_of
from triad.modalities.checks import fail
from triad.modalities.device import check_device
from triad.modalities.flow.estimators.interfaces import check_frames
from triad.modalities.flow.networks import FlowNetS, predict_flow
from triad.modalities.flow.networks.checkpoints import extract_network_weights
from triad.modalities.safe_load import read_tensors
from triad.modalities.state_dict import check_state_dict

PAIRS = 8
"""Pairs of one forward pass: constant, so that a field does not depend on what came before it."""
CURE = "train one: triad train configs/estimators/flownets.py"
_FIRST_WEIGHT = "encoder.0.0.0.weight"  # its first axis is 64 channels times the width


class FlowNetSFlow:
    """Trained FlowNetS as an estimator, see :class:`triad.modalities.flow.estimators.FlowEstimator`.

    Args:
        weights: checkpoint of ``triad train``; the width of the network is read from it.
        device: device of the network, e.g. ``cpu`` or ``cuda``.

    Raises:
        InputError: If the weights are missing or of another network.
    """

    name = "flownets"

    def __init__(self, *, weights: str | Path | None, device: str = "cpu") -> None:
        if weights is None:
            fail("weights of flownets", "be given", "none", f"give them with --weights FILE; {CURE}")
        self.device = check_device(device)
        state = extract_network_weights(read_tensors(weights, subject="weights of flownets", cure=CURE))
        if not isinstance(state, Mapping) or _FIRST_WEIGHT not in state:
            fail(f"weights '{weights}'", "be of FlowNetS", "another network's", CURE)
        self.network = FlowNetS(width=len(state[_FIRST_WEIGHT]) / 64)
        check_state_dict(self.network.state_dict(), state, subject=f"weights of flownets '{weights}'", cure=CURE)
        self.network.load_state_dict(state)
        self.network.eval().to(self.device)
        self.weights_sha256 = sha256_of(weights)

    @property
    def provenance(self) -> dict[str, Any]:
        return {
            "estimator": self.name,
            "settings": {"width": self.network.width, "pairs": PAIRS, "device": self.device.type},
            "weights_sha256": self.weights_sha256,
            "versions": {"torch": torch.__version__},
        }

    def open(self) -> FlowNetSFlow:
        return self  # without state

    @torch.inference_mode()
    def __call__(self, frames: np.ndarray) -> np.ndarray:
        num, height, width = check_frames(frames)
        fields = np.empty((num - 1, height, width, 2), np.float32)
        for begin in range(0, num - 1, PAIRS):
            end = min(begin + PAIRS, num - 1)
            batch = torch.from_numpy(frames[begin : end + 1]).to(self.device)
            flow = predict_flow(self.network, batch[:-1], batch[1:])
            fields[begin:end] = flow.permute(0, 2, 3, 1).cpu().numpy()
        return fields
