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

from triad.modalities.checks import check_choice, fail
from triad.modalities.device import check_device
from triad.modalities.flow.estimators.interfaces import check_frames
from triad.modalities.flow.networks.padding import Padding
from triad.modalities.flow.networks.raft_preprocessing import pairs_per_pass, raft_padding, to_fields, to_images
from triad.modalities.flow.networks.raft_weights import load_raft_weights
from triad.modalities.flow.networks.random_weights import build_seeded, parse_random_seed

BUILDERS = {"raft_small": raft_small, "raft_large": raft_large}
GPU_PAIRS = 8
"""Largest number of pairs of one forward pass on a GPU."""
GPU_CORRELATIONS = 1 << 31
"""Largest number of correlations of these pairs: 8 GiB."""


class Raft:
    """RAFT in float32, see :class:`triad.modalities.flow.estimators.FlowEstimator`.

    The network is torchvision's, but the features of a frame are computed once instead of twice, and only the last
    refinement is upsampled. On a CPU pairs go one by one, as torchvision's users call it; on a GPU in batches. Frames
    are scaled to ±1, as both the official and torchvision's weights were trained, and padded by repeating their border.

    Args:
        name: ``raft_small`` or ``raft_large``.
        weights: file with the official (princeton-vl) or torchvision's state dict, or ``random:SEED``.
        iterations: number of refinements; 12 is quick, the papers' figures take 24 to 32.
        device: device of the network, e.g. ``cpu`` or ``cuda``.

    Raises:
        InputError: If the weights are missing or do not fit, or an option is out of range.
    """

    def __init__(self, name: str, *, weights: str | Path | None, iterations: int = 12, device: str = "cpu") -> None:
        self.name = check_choice("RAFT", name, BUILDERS)
        self.iterations = check_iterations(iterations)
        self.network, self.weights, self.device = build_raft(name, weights, device)
        self.max_pairs = 1 if self.device.type == "cpu" else GPU_PAIRS

    @property
    def provenance(self) -> dict[str, Any]:
        return {
            "estimator": self.name,
            "settings": {"iterations": self.iterations, "pairs": self.max_pairs, "device": self.device.type},
            **self.weights,
            "versions": library_versions(),
        }

    def open(self) -> Raft:
        return self  # without state

    @torch.inference_mode()
    def __call__(self, frames: np.ndarray) -> np.ndarray:
        num, height, width = check_frames(frames)
        padding = raft_padding(height, width)
        pairs = pairs_per_pass(height, width, padding, max_pairs=self.max_pairs, max_correlations=GPU_CORRELATIONS)
        features = self._encode(frames, padding)
        fields = np.empty((num - 1, height, width, 2), np.float32)
        for begin in range(0, num - 1, pairs):
            end = min(begin + pairs, num - 1)
            images = to_images(frames[begin:end], padding, self.device)
            first = features[begin:end]
            second = features[begin + 1 : end + 1]
            fields[begin:end] = to_fields(estimate_flow(self.network, images, first, second, self.iterations), padding)
        return fields

    def _encode(self, frames: np.ndarray, padding: Padding) -> Tensor:
        """Return the features of every frame.

        No frame is encoded alone: for one, torch takes other kernels than for torchvision's pairs.
        """
        batch_size = max(self.max_pairs, 2)
        num = len(frames)
        features = []
        for begin in range(0, num, batch_size):
            start = max(min(begin, num - batch_size), 0)
            images = to_images(frames[start : start + batch_size], padding, self.device)
            features.append(self.network.feature_encoder(images)[begin - start :])
        return torch.cat(features)


def estimate_flow(network: RAFT, images: Tensor, first: Tensor, second: Tensor, iterations: int) -> Tensor:
    """Return the last refinement of the network for pairs of images whose features are known.

    Args:
        network: RAFT of torchvision.
        images: images that the flow leads from, ``[P, 3, h, w]``.
        first: features of these images.
        second: features of the images that the flow leads to.
        iterations: number of refinements.

    Shapes: ``[P, 2, h, w]``.
    """
    network.corr_block.build_pyramid(first, second)
    encoded = network.context_encoder(images)
    hidden_size = network.update_block.hidden_state_size
    hidden = torch.tanh(encoded[:, :hidden_size])
    context = F.relu(encoded[:, hidden_size:])
    coords0 = make_coords_grid(*encoded[:, 0].shape).to(encoded.device)  # [P, 2, h / 8, w / 8]
    coords1 = coords0
    for _ in range(iterations):
        correlations = network.corr_block.index_pyramid(centroids_coords=coords1)
        hidden, delta = network.update_block(hidden, context, correlations, coords1 - coords0)
        coords1 = coords1 + delta
    mask = None if network.mask_predictor is None else network.mask_predictor(hidden)
    upsampled: Tensor = upsample_flow(flow=coords1 - coords0, up_mask=mask)
    return upsampled


def build_raft(name: str, weights: str | Path | None, device: str) -> tuple[RAFT, dict[str, str], torch.device]:
    """Return a network of ``BUILDERS`` ready to run, the entry of its weights in the provenance, and its device.

    Raises:
        InputError: If the weights are missing or do not fit, or there is no such device.
    """
    torch_device = check_device(device)
    network = build_seeded(partial(BUILDERS[name], weights=None), weights)
    if parse_random_seed(weights) is None:
        weights_entry = load_raft_weights(network, name, weights)
    else:
        weights_entry = {"weights": str(weights)}
    network.eval()
    return network.to(torch_device), weights_entry, torch_device


def check_iterations(iterations: int) -> int:
    """Return the number of refinements.

    Raises:
        InputError: If it is not positive.
    """
    if iterations < 1:
        fail("RAFT iterations", "be at least 1", iterations)
    return iterations


def library_versions() -> dict[str, str]:
    """Return the versions of the libraries that decide the result."""
    return {"torch": torch.__version__, "torchvision": torchvision.__version__}
