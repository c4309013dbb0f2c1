"""RAFT on torchvision's modules: Teed & Deng 2020, RAFT: Recurrent All-Pairs Field Transforms for Optical Flow."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torchvision
from torch import Tensor
from torch.nn import functional as F
from torchvision.models.optical_flow import RAFT, raft_large, raft_small
from torchvision.models.optical_flow._utils import make_coords_grid, upsample_flow

from modalities.checks import check_choice, fail
from modalities.device import check_device
from modalities.flow.estimator import check_frames
from modalities.flow.estimators.raft_preprocessing import Pads, pads_of, pairs_within, to_fields, to_pictures
from modalities.flow.estimators.raft_weights import load_weights
from modalities.flow.estimators.random_weights import random_seed, seeded

BUILDERS = {"raft_small": raft_small, "raft_large": raft_large}
GPU_PAIRS, GPU_VALUES = 8, 1 << 31
"""Most pairs of one forward pass on a GPU, and values of their correlations: 8 GiB."""


class Raft:
    """RAFT in float32, see :class:`modalities.flow.estimator.FlowEstimator`: torchvision's network, but the features
    of a frame are made once instead of twice, and only the last refinement is upsampled.

    On a CPU pairs go one by one, as whoever calls torchvision does; on a GPU in batches. Frames are scaled to ±1, as
    both the official and torchvision's weights were trained, and padded by repeating their border.

    Args:
        name: ``raft_small`` or ``raft_large``.
        weights: file with the official (princeton-vl) or torchvision's state dict, or ``random:SEED``.
        iterations: refinements of the flow; 12 is quick, the papers' figures take 24 to 32.
        device: where to run, e.g. ``cpu`` or ``cuda``.

    Raises:
        InputError: if the weights are missing or do not fit, or an option is out of range.
    """

    def __init__(self, name: str, *, weights: str | Path | None, iterations: int = 12, device: str = "cpu") -> None:
        self.name, self.iterations = check_choice("RAFT", name, BUILDERS), check_iterations(iterations)
        self.network, self.weights, self.device = build_raft(name, weights, device)
        self.pairs = 1 if self.device.type == "cpu" else GPU_PAIRS

    @property
    def provenance(self) -> dict[str, Any]:
        return {
            "estimator": self.name,
            "settings": {"iterations": self.iterations, "pairs": self.pairs, "device": self.device.type},
            **self.weights,
            "versions": versions(),
        }

    def open(self) -> Raft:
        return self

    @torch.inference_mode()
    def __call__(self, frames: np.ndarray) -> np.ndarray:
        num, height, width = check_frames(frames)
        pads = pads_of(height, width)
        pairs = pairs_within(GPU_VALUES, pads, height, width, most=self.pairs)
        maps = self._maps(frames, pads)
        flow = np.empty((num - 1, height, width, 2), np.float32)
        for begin in range(0, num - 1, pairs):
            end = min(begin + pairs, num - 1)
            pictures = to_pictures(frames[begin:end], pads, self.device)
            found = flow_between(self.network, pictures, maps[begin:end], maps[begin + 1 : end + 1], self.iterations)
            flow[begin:end] = to_fields(found, pads)
        return flow

    def _maps(self, frames: np.ndarray, pads: Pads) -> Tensor:
        """Features of every frame; never of one alone, for which torch takes other kernels than torchvision's pairs."""
        together, num, maps = max(self.pairs, 2), len(frames), []
        for begin in range(0, num, together):
            start = max(min(begin, num - together), 0)
            pictures = to_pictures(frames[start : start + together], pads, self.device)
            maps.append(self.network.feature_encoder(pictures)[begin - start :])
        return torch.cat(maps)


def flow_between(network: RAFT, pictures: Tensor, first: Tensor, second: Tensor, iterations: int) -> Tensor:
    """What ``network`` makes of pairs as its last refinement.

    Args:
        network: RAFT.
        pictures: that the flow leads from.
        first: features of them.
        second: features of those that it leads to.
        iterations: how often the flow is refined.

    Shapes: pictures ``[P, 3, h, w]`` -> ``[P, 2, h, w]``.
    """
    network.corr_block.build_pyramid(first, second)
    made = network.context_encoder(pictures)
    size = network.update_block.hidden_state_size
    hidden, context = torch.tanh(made[:, :size]), F.relu(made[:, size:])
    at = make_coords_grid(*made[:, 0].shape).to(made.device)  # [P, 2, h / 8, w / 8]
    reached = at
    for _ in range(iterations):
        seen = network.corr_block.index_pyramid(centroids_coords=reached)
        hidden, step = network.update_block(hidden, context, seen, reached - at)
        reached = reached + step
    mask = None if network.mask_predictor is None else network.mask_predictor(hidden)
    upsampled: Tensor = upsample_flow(flow=reached - at, up_mask=mask)
    return upsampled


def build_raft(name: str, weights: str | Path | None, device: str) -> tuple[RAFT, dict[str, str], torch.device]:
    """A network of ``BUILDERS`` ready to run, what its provenance says of its weights, and where it runs.

    Raises:
        InputError: if the weights are missing or do not fit, or there is no such device.
    """
    where = check_device(device)
    network = seeded(partial(BUILDERS[name], weights=None), weights)
    said = load_weights(network, name, weights) if random_seed(weights) is None else {"weights": str(weights)}
    network.eval()
    return network.to(where), said, where


def check_iterations(iterations: int) -> int:
    """The number of refinements.

    Raises:
        InputError: if it is not positive.
    """
    if iterations < 1:
        fail("RAFT iterations", "be at least 1", iterations)
    return iterations


def versions() -> dict[str, str]:
    """Versions of the libraries that decide the result."""
    return {"torch": torch.__version__, "torchvision": torchvision.__version__}
