"""RAFT on torchvision's modules: Teed & Deng 2020, RAFT: Recurrent All-Pairs Field Transforms for Optical Flow."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
import torchvision
from torch.nn import functional as F
from torchvision.models.optical_flow import raft_large, raft_small

from modalities.checks import check_choice, fail
from modalities.flow.estimator import check_frames
from modalities.flow.estimators.raft_weights import load_weights

BUILDERS = {"raft_small": raft_small, "raft_large": raft_large}
PAIRS = 8
"""Pairs of one forward pass: fixed, so that a field does not depend on what came before it."""

STRIDE, SMALLEST = 8, 128
"""Sides must be whole numbers of feature cells, and at least 16 of them: the correlation pyramid halves them thrice."""


class Raft:
    """RAFT, see :class:`modalities.flow.estimator.FlowEstimator`.

    Frames are scaled to ±1, as both the official and torchvision's weights were trained, and padded by repeating
    their border, evenly on both sides, as the official code does for Sintel.

    Args:
        name: ``raft_small`` or ``raft_large``.
        weights: file with the official (princeton-vl) or torchvision's state dict.
        iterations: refinements of the flow; 12 is quick, the papers' figures take 24 to 32.
        device: where to run, e.g. ``cpu`` or ``cuda``.

    Raises:
        InputError: if the weights are missing or do not fit, or an option is out of range.
    """

    def __init__(self, name: str, *, weights: str | Path | None, iterations: int = 12, device: str = "cpu") -> None:
        self.name = check_choice("RAFT", name, BUILDERS)
        if iterations < 1:
            fail("RAFT iterations", "be at least 1", iterations)
        self.iterations = iterations
        self.device = torch.device(device)
        if self.device.type == "cuda" and not torch.cuda.is_available():
            fail("device", "be one that this machine has", f"'{device}'", "use --device cpu")
        self.network = BUILDERS[name](weights=None)
        self.weights_sha256 = load_weights(self.network, name, weights)
        self.network.eval().to(self.device)

    @property
    def provenance(self) -> dict[str, Any]:
        return {
            "estimator": self.name,
            "settings": {"iterations": self.iterations, "pairs": PAIRS, "device": self.device.type},
            "weights_sha256": self.weights_sha256,
            "versions": {"torch": torch.__version__, "torchvision": torchvision.__version__},
        }

    @torch.inference_mode()
    def __call__(self, frames: np.ndarray) -> np.ndarray:
        num, height, width = check_frames(frames)
        pads = _pads(height, width)
        flow = np.empty((num - 1, height, width, 2), np.float32)
        for begin in range(0, num - 1, PAIRS):
            end = min(begin + PAIRS, num - 1)
            images = torch.from_numpy(frames[begin : end + 1]).to(self.device)
            images = images.permute(0, 3, 1, 2).float() / 127.5 - 1  # [P + 1, 3, H, W]
            images = F.pad(images, pads, mode="replicate")
            found = self.network(images[:-1], images[1:], num_flow_updates=self.iterations)[-1]  # [P, 2, h, w]
            found = found[..., pads[2] : pads[2] + height, pads[0] : pads[0] + width]
            flow[begin:end] = found.permute(0, 2, 3, 1).cpu().numpy()
        return flow


def _pads(height: int, width: int) -> tuple[int, int, int, int]:
    """Left, right, top, bottom."""
    pads = []
    for size in (width, height):
        missing = max(-(-size // STRIDE) * STRIDE, SMALLEST) - size
        pads += [missing // 2, missing - missing // 2]
    return pads[0], pads[1], pads[2], pads[3]
