"""RAFT with lower precision and less work per pair."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from triad.modalities.checks import check_choice
from triad.modalities.flow.estimators.captured_pass import CapturedPass, PassCache, call_again, capture_graph
from triad.modalities.flow.estimators.interfaces import VideoFlow, check_frames
from triad.modalities.flow.estimators.raft import BUILDERS, build_raft, check_iterations, library_versions
from triad.modalities.flow.networks.padding import Padding
from triad.modalities.flow.networks.raft_correlation import table_length
from triad.modalities.flow.networks.raft_inference import InferenceRaft
from triad.modalities.flow.networks.raft_preprocessing import (
    STRIDE,
    crop_fields,
    pad_frames,
    pairs_per_pass,
    raft_padding,
    to_fields,
    to_images,
)
from triad.modalities.flow.networks.warm_start import propagate_flow

NETWORKS = {f"{name}_fast": name for name in BUILDERS}
"""Network of each estimator."""
GPU_PAIRS = 32
"""Largest number of pairs of one forward pass on a GPU."""
GPU_BYTES = 3 << 30
"""Largest memory of the correlations of one pass, zeros around them left out: of high definition it holds one pair."""
PASSES_BYTES = 6 * 10**9
"""Largest estimated memory of all captured passes."""
PIXEL_BYTES = 160
"""Memory of a pass for each pixel, beside that of the correlations, as measured in bfloat16."""
MAX_PINNED_BYTES = 1 << 28
"""Largest result that the GPU writes into the memory of the host by itself; such memory cannot be swapped out."""


class FastRaft:
    """RAFT by :class:`InferenceRaft`, see :class:`triad.modalities.flow.estimators.FlowEstimator`.

    It computes in bfloat16 where the machine has instructions for it, else in float32. On a CPU pairs go one by one,
    so that a pair stays in the cache; on a GPU in batches, whose kernels are captured as a CUDA graph for each size of
    frames (see :mod:`triad.modalities.flow.estimators.captured_pass`). Nothing is compiled.

    Args:
        name: ``raft_small_fast`` or ``raft_large_fast``.
        weights: file or seed of the weights, as for :class:`triad.modalities.flow.estimators.raft.Raft`.
        iterations: number of refinements.
        device: device of the network, e.g. ``cpu`` or ``cuda``.
        warm_start: whether a pair of a video begins with the flow of the pair before instead of zero (Teed & Deng 2020,
            §3.3); pairs then go one by one on every device.

    Raises:
        InputError: As :class:`triad.modalities.flow.estimators.raft.Raft`.
    """

    def __init__(
        self,
        name: str,
        *,
        weights: str | Path | None,
        iterations: int = 12,
        device: str = "cpu",
        warm_start: bool = False,
    ) -> None:
        self.name = check_choice("fast RAFT", name, NETWORKS)
        self.iterations = check_iterations(iterations)
        network, self.weights, self.device = build_raft(NETWORKS[name], weights, device)
        self.warm_start = warm_start
        self.dtype = inference_dtype(self.device)
        fast_network = InferenceRaft(network, channel_multiple=8 if self.device.type == "cuda" else 1)
        self.network = fast_network.to(self.device, self.dtype).to(memory_format=torch.channels_last).eval()
        self._capture = capture_graph if self.device.type == "cuda" else call_again
        self._passes = PassCache(PASSES_BYTES)

    @property
    def batched(self) -> bool:
        """Whether pairs go in batches."""
        return self.device.type != "cpu" and not self.warm_start

    @property
    def provenance(self) -> dict[str, Any]:
        settings = {
            "iterations": self.iterations,
            "precision": str(self.dtype).removeprefix("torch."),
            "start": "flow before" if self.warm_start else "zero",
            "pairs": GPU_PAIRS if self.batched else 1,
            "device": self.device.type,
        }
        return {"estimator": self.name, "settings": settings, **self.weights, "versions": library_versions()}

    def open(self) -> VideoFlow:
        return self._estimate_batches if self.batched else _PairByPair(self)

    def __call__(self, frames: np.ndarray) -> np.ndarray:
        return self.open()(frames)

    @torch.inference_mode()
    def _estimate_batches(self, frames: np.ndarray) -> np.ndarray:
        num, height, width = check_frames(frames)
        padding = raft_padding(height, width)
        max_correlations = GPU_BYTES // self.dtype.itemsize
        pairs = pairs_per_pass(height, width, padding, max_pairs=GPU_PAIRS, max_correlations=max_correlations)
        captured = self._find_pass(pairs if num > 2 else 1, height, width, padding)
        is_pinned = self.device.type == "cuda" and (num - 1) * height * width * 8 <= MAX_PINNED_BYTES
        fields = torch.empty((num - 1, height, width, 2), pin_memory=is_pinned)
        for begin in range(0, num - 1, pairs):
            batch = torch.from_numpy(np.ascontiguousarray(frames[begin : begin + pairs + 1]))
            length = len(batch) - 1
            flow = captured(batch.pin_memory() if is_pinned else batch)
            # in the order of the stream, so before the next batch is written into the same memory
            fields[begin : begin + length].copy_(flow[:length], non_blocking=is_pinned)
        if is_pinned:
            torch.cuda.current_stream(self.device).synchronize()
        return fields.numpy()

    def _find_pass(self, pairs: int, height: int, width: int, padding: Padding) -> CapturedPass:
        """Return the captured pass for a number of pairs of one size."""

        def build() -> CapturedPass:
            inputs = torch.zeros((pairs + 1, height, width, 3), dtype=torch.uint8, device=self.device)
            return CapturedPass(partial(self._run_batch, padding=padding), inputs, capture=self._capture)

        size = pairs * self._pair_bytes(height + padding.top + padding.bottom, width + padding.left + padding.right)
        return self._passes.get((pairs, height, width), size, build)

    def _pair_bytes(self, height: int, width: int) -> int:
        """Return the estimated memory of one pair of padded frames on a GPU."""
        rows = height // STRIDE
        columns = width // STRIDE
        length = table_length(rows, columns, levels=self.network.levels, radius=self.network.radius)
        return rows * columns * length * self.dtype.itemsize + PIXEL_BYTES * height * width

    def _run_batch(self, frames: Tensor, padding: Padding) -> Tensor:
        """Return the flow of a batch on the device: uint8 ``[P + 1, H, W, 3]`` -> float32 ``[P, H, W, 2]``."""
        flow = self.network(pad_frames(frames, padding), self.iterations)
        return crop_fields(flow, padding).contiguous()


class _PairByPair:
    """Flow of one video, pair by pair; the features of the last frame and its flow are kept for the next call."""

    def __init__(self, raft: FastRaft) -> None:
        self.raft = raft
        self.features: Tensor | None = None
        self.flow: Tensor | None = None

    @torch.inference_mode()
    def __call__(self, frames: np.ndarray) -> np.ndarray:
        num, height, width = check_frames(frames)
        padding = raft_padding(height, width)
        network = self.raft.network
        fields = np.empty((num - 1, height, width, 2), np.float32)
        image = to_images(frames[:1], padding, self.raft.device)
        features = network.encode(image) if self.features is None else self.features
        for number in range(num - 1):
            next_image = to_images(frames[number + 1 : number + 2], padding, self.raft.device)
            next_features = network.encode(next_image)
            initial_flow = None if self.flow is None or not self.raft.warm_start else propagate_flow(self.flow)
            flow, hidden = network.refine(
                image, features, next_features, iterations=self.raft.iterations, initial_flow=initial_flow
            )
            fields[number : number + 1] = to_fields(network.upsample(flow, hidden), padding)
            image = next_image
            features = next_features
            self.flow = flow
        self.features = features
        return fields


def inference_dtype(device: torch.device) -> torch.dtype:
    """Return bfloat16 where the device has instructions for it, else float32, which is then faster."""
    if device.type == "cuda":
        has_bfloat16 = torch.cuda.is_bf16_supported(including_emulation=False)
    else:
        capabilities = torch.cpu.get_capabilities()
        has_bfloat16 = bool(capabilities.get("avx512_bf16") or capabilities.get("amx_bf16"))
    return torch.bfloat16 if has_bfloat16 else torch.float32
