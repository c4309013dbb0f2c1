"""FlowNetS as this project trains it, see :class:`modalities.flow.networks.FlowNetS`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch

from modalities.atomic_files import sha256_of
from modalities.checks import fail
from modalities.device import check_device
from modalities.flow.checkpoints import weights_of
from modalities.flow.estimator import check_frames
from modalities.flow.networks.flownets import FlowNetS
from modalities.flow.networks.running import run_network
from modalities.safe_load import read_tensors
from modalities.state_dict import check_state_dict

PAIRS = 8
"""Pairs of one forward pass: fixed, so that a field does not depend on what came before it."""
CURE = "train one: python tools/train.py configs/estimators/flownets.py"
_FIRST = "encoder.0.0.0.weight"  # its first axis is 64 channels times the width


class FlowNetSFlow:
    """A trained FlowNetS, see :class:`modalities.flow.estimator.FlowEstimator`; its width is read from the weights.

    Args:
        weights: checkpoint that ``tools/train.py`` wrote.
        device: where to run, e.g. ``cpu`` or ``cuda``.

    Raises:
        InputError: if the weights are missing or of another network.
    """

    name = "flownets"

    def __init__(self, *, weights: str | Path | None, device: str = "cpu") -> None:
        if weights is None:
            fail("weights of flownets", "be given", "none", f"give them with --weights FILE; {CURE}")
        self.device = check_device(device)
        given = weights_of(read_tensors(weights, what="weights of flownets", cure=CURE))
        if not isinstance(given, Mapping) or _FIRST not in given:
            fail(f"weights '{weights}'", "be of FlowNetS", "another network's", CURE)
        self.network = FlowNetS(width=len(given[_FIRST]) / 64)
        check_state_dict(self.network.state_dict(), given, subject=f"weights of flownets '{weights}'", cure=CURE)
        self.network.load_state_dict(given)
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
        return self  # nothing carries over

    @torch.inference_mode()
    def __call__(self, frames: np.ndarray) -> np.ndarray:
        num, height, width = check_frames(frames)
        flow = np.empty((num - 1, height, width, 2), np.float32)
        for begin in range(0, num - 1, PAIRS):
            end = min(begin + PAIRS, num - 1)
            pictures = torch.from_numpy(frames[begin : end + 1]).to(self.device)
            found = run_network(self.network, pictures[:-1], pictures[1:])
            flow[begin:end] = found.permute(0, 2, 3, 1).cpu().numpy()
        return flow
