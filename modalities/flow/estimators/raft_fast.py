"""RAFT made fast: lower precision, less to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from modalities.checks import check_choice
from modalities.flow.estimator import FlowOfVideo, check_frames
from modalities.flow.estimators.raft import BUILDERS, build_raft, check_iterations, versions
from modalities.flow.estimators.raft_inference import InferenceRaft
from modalities.flow.estimators.raft_preprocessing import pads_of, pairs_within, to_fields, to_pictures
from modalities.flow.estimators.warm_start import propagate_flow

FAST = {f"{name}_fast": name for name in BUILDERS}
GPU_PAIRS, GPU_VALUES = 32, 1 << 32
"""Most pairs of one forward pass on a GPU, and values of their correlations: 8 GiB in bfloat16."""


class FastRaft:
    """RAFT by :class:`InferenceRaft`, see :class:`modalities.flow.estimator.FlowEstimator`.

    In bfloat16 where the machine computes in it, else in float32. On a CPU pairs go one by one, so that a pair stays
    in the cache; on a GPU in batches of one size, compiled.

    Args:
        name: of ``FAST``.
        weights: as of :class:`modalities.flow.estimators.raft.Raft`.
        iterations: refinements of the flow.
        device: where to run.
        warm_start: whether a pair of a video begins with the flow of the one before instead of zero (Teed & Deng 2020,
            §3.3); pairs then go one by one on every device.

    Raises:
        InputError: as of :class:`modalities.flow.estimators.raft.Raft`.
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
        self.name, self.iterations = check_choice("fast RAFT", name, FAST), check_iterations(iterations)
        network, self.weights, self.device = build_raft(FAST[name], weights, device)
        self.warm_start, self.dtype = warm_start, precision_of(self.device)
        self.network = InferenceRaft(network).to(self.device, self.dtype).to(memory_format=torch.channels_last).eval()
        self._batch = torch.compile(self.network, dynamic=False) if self.batched else self.network

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
        return {"estimator": self.name, "settings": settings, **self.weights, "versions": versions()}

    def open(self) -> FlowOfVideo:
        return self._in_batches if self.batched else _OneByOne(self)

    def __call__(self, frames: np.ndarray) -> np.ndarray:
        return self.open()(frames)

    @torch.inference_mode()
    def _in_batches(self, frames: np.ndarray) -> np.ndarray:
        num, height, width = check_frames(frames)
        pads = pads_of(height, width)
        pairs = pairs_within(GPU_VALUES, pads, height, width, most=GPU_PAIRS)
        fields = []
        for begin in range(0, num - 1, pairs):
            some = frames[begin : begin + pairs + 1]
            missing = pairs + 1 - len(some)  # compiled for one size; the last frame stands in
            whole = np.concatenate([some, np.repeat(some[-1:], missing, axis=0)])
            found = self._batch(to_pictures(whole, pads, self.device), self.iterations)
            fields.append(to_fields(found[: len(some) - 1], pads))
        return np.concatenate(fields)


class _OneByOne:
    """The flow of one video, pair by pair; features of the last frame and its flow wait for the next call."""

    def __init__(self, raft: FastRaft) -> None:
        self.raft = raft
        self.maps: Tensor | None = None
        self.flow: Tensor | None = None

    @torch.inference_mode()
    def __call__(self, frames: np.ndarray) -> np.ndarray:
        num, height, width = check_frames(frames)
        pads, network = pads_of(height, width), self.raft.network
        fields = np.empty((num - 1, height, width, 2), np.float32)
        picture = to_pictures(frames[:1], pads, self.raft.device)
        maps = network.maps(picture) if self.maps is None else self.maps
        for number in range(num - 1):
            following = to_pictures(frames[number + 1 : number + 2], pads, self.raft.device)
            second = network.maps(following)
            start = None if self.flow is None or not self.raft.warm_start else propagate_flow(self.flow)
            flow, hidden = network.refined(picture, maps, second, iterations=self.raft.iterations, start=start)
            fields[number : number + 1] = to_fields(network.upsampled(flow, hidden), pads)
            picture, maps, self.flow = following, second, flow
        self.maps = maps
        return fields


def precision_of(device: torch.device) -> torch.dtype:
    """bfloat16 where the device has instructions for it; elsewhere it would be slower than float32."""
    if device.type == "cuda":
        has = torch.cuda.is_bf16_supported(including_emulation=False)
    else:
        able = torch.cpu.get_capabilities()
        has = bool(able.get("avx512_bf16") or able.get("amx_bf16"))
    return torch.bfloat16 if has else torch.float32
