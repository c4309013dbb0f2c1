"""Benchmark of fast RAFT-small on video against torchvision's network pair by pair: time, memory and error."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch

from triad.fusion.benchmarks.operations import count_operations
from triad.fusion.benchmarks.raft_inputs import (
    FlowClip,
    enlarge_clip,
    find_weights,
    render_clip,
    resize_frames,
)
from triad.fusion.benchmarks.raft_reference import PairwiseRaft
from triad.fusion.benchmarks.raft_start import bench_raft_start
from triad.fusion.benchmarks.result import BenchmarkResult
from triad.fusion.benchmarks.roofline import compare_with_bound, count_work, measure_peaks
from triad.fusion.benchmarks.timing import measure_pair, measure_seconds
from triad.modalities.device import best_device
from triad.modalities.flow import end_point_error
from triad.modalities.flow.estimators.raft import Raft
from triad.modalities.flow.estimators.raft_fast import FastRaft
from triad.modalities.flow.networks.raft_preprocessing import raft_padding

ITERATIONS = 12
OPERATIONS_BEFORE = 712
"""Operations of a pass with 12 refinements at commit ad59a18e, counted by :func:`count_raft_operations`."""
EVALUATED_CLASSES = ("drink_from_cup", "get_up", "put_on_hat", "stir_pot")
ROUNDS = {"cpu": 5, "cuda": 3}


class FrameSize(NamedTuple):
    """Frame size that is measured.

    Attributes:
        width: width, pixels.
        height: height, pixels.
        num_pairs: number of pairs of a call.
        num_reference_pairs: number of pairs of the reference.
        required: smallest promised speed-up, or None.
    """

    width: int
    height: int
    num_pairs: int
    num_reference_pairs: int
    required: float | None


SIZES = {
    "cpu": (FrameSize(160, 120, 8, 8, 1.5), FrameSize(320, 240, 8, 8, 1.5)),
    "cuda": (
        FrameSize(160, 120, 32, 8, 20.0),
        FrameSize(320, 240, 32, 8, 20.0),
        FrameSize(640, 480, 32, 4, None),
        FrameSize(1920, 1080, 4, 2, None),
    ),
}
ERROR_FACTORS = {"cpu": (1,), "cuda": (1, 2)}
"""Factors of MiniHome's frame size, 160×120, at which the error is measured."""
REQUIRED_ERROR_RATIO = 1 / 1.02
"""The error of the fast network may be 2 % larger than the reference's."""
MAX_GIGABYTES = 8.0
"""Memory of the device that a pass may take."""


def bench_raft(folder: Path) -> Iterator[BenchmarkResult]:
    """Compare time to first results, speed, memory of a GPU and, with trained weights, error.

    All estimators read uint8 frames and return float32 fields after 12 refinements.
    """
    device = best_device()
    device_name = torch.cuda.get_device_name() if device == "cuda" else "cpu"
    weights = find_weights()
    sizes = SIZES[device]
    yield BenchmarkResult(
        "operations of RAFT-small with 12 refinements",
        "cpu",
        count_raft_operations(),
        OPERATIONS_BEFORE,
        "operations",
        note="what a GPU is told of, unless it is captured; reference: this project at ad59a18e",
    )
    yield from bench_raft_start(device, device_name, weights=weights, num_pairs=sizes[0].num_pairs)
    clips = [render_clip(folder, class_name) for class_name in EVALUATED_CLASSES]
    measure_size = partial(bench_raft_size, clips[0][0], device, device_name, weights=weights)
    for size in sizes[:2]:
        yield from measure_size(size)
    for factor in ERROR_FACTORS[device]:
        yield from bench_raft_error(clips, factor, device, device_name, weights=weights)
    for size in sizes[2:]:
        yield from measure_size(size)


def count_raft_operations() -> int:
    """Return the operations of one pass of the fast network, in bfloat16, as on a GPU."""
    network = FastRaft("raft_small_fast", weights="random:0").network.bfloat16()
    images = torch.zeros(2, 3, 128, 128)
    with torch.no_grad():
        return count_operations(lambda: network(images, ITERATIONS))


def bench_raft_size(
    clip: np.ndarray, device: str, device_name: str, size: FrameSize, *, weights: str
) -> Iterator[BenchmarkResult]:
    """Compare fast and exact RAFT-small with torchvision's at one frame size.

    Args:
        clip: frames, which are scaled to the size.
        device: ``cpu`` or ``cuda``.
        device_name: name of the device.
        size: frame size.
        weights: file or seed of the weights.
    """
    name = f"RAFT-small {size.width}×{size.height}"
    frames = resize_frames(clip, (size.width, size.height), size.num_pairs + 1)
    reference_frames = frames[: size.num_reference_pairs + 1]
    build_fast = partial(FastRaft, "raft_small_fast", weights=weights, iterations=ITERATIONS, device=device)
    build_exact = partial(Raft, "raft_small", weights=weights, iterations=ITERATIONS, device=device)
    if device == "cuda":
        yield compare_memory(
            name, device_name, lambda: build_fast()(frames), lambda: PairwiseRaft(build_exact())(reference_frames)
        )
    fast = build_fast()
    exact = build_exact()

    def compare(
        what: str, ours: FastRaft | Raft, reference: PairwiseRaft, required: float | None = None
    ) -> BenchmarkResult:
        seconds, reference_seconds = measure_pair(
            partial(ours, frames), partial(reference, reference_frames), rounds=ROUNDS[device]
        )
        dtype, reference_dtype = (
            str(getattr(estimator, "dtype", torch.float32)).removeprefix("torch.") for estimator in (ours, reference)
        )
        note = (
            f"{ITERATIONS} refinements, {size.num_pairs} pairs; {dtype}, {torch.get_num_threads()} threads; weights "
            f"{weights}; reference: torchvision, {size.num_reference_pairs} pairs one by one, {reference_dtype}"
        )
        rate = size.num_pairs / seconds
        reference_rate = size.num_reference_pairs / reference_seconds
        return BenchmarkResult(f"{name}{what}", device_name, rate, reference_rate, "frames/s", required, note=note)

    yield compare("", fast, PairwiseRaft(exact), size.required)
    yield compare_raft_with_bound(name, device_name, fast, frames)
    if device == "cuda":
        yield compare(", both in bfloat16", fast, PairwiseRaft(exact, dtype=torch.bfloat16))
        yield compare(", both in float32", exact, PairwiseRaft(exact))


def compare_memory(
    name: str, device_name: str, ours: Callable[[], object], reference: Callable[[], object]
) -> BenchmarkResult:
    """Compare the largest memory of the GPU that two calls take, the libraries' own left out.

    Each call builds its network, which ends with it: networks keep what they have computed or captured.
    """
    gigabytes, reference_gigabytes = (_peak_gigabytes(call) for call in (ours, reference))
    return BenchmarkResult(
        f"{name}: memory", device_name, gigabytes, reference_gigabytes, "GB", limit=MAX_GIGABYTES, note="kept by torch"
    )


def _peak_gigabytes(call: Callable[[], object]) -> float:
    gc.collect()
    torch.cuda.empty_cache()
    torch.cuda.reset_peak_memory_stats()
    call()
    return torch.cuda.max_memory_reserved() / 1e9


def bench_raft_error(
    clips: list[FlowClip], factor: int, device: str, device_name: str, *, weights: str
) -> Iterator[BenchmarkResult]:
    """Compare the end-point errors of the fast network and of torchvision's; random weights give none.

    Args:
        clips: clips with true flow.
        factor: factor by which they are enlarged.
        device: ``cpu`` or ``cuda``.
        device_name: name of the device.
        weights: file or seed of the weights.
    """
    if weights.startswith("random:"):
        return
    enlarged_clips = clips if factor == 1 else [enlarge_clip(clip, factor) for clip in clips]
    height, width = enlarged_clips[0][0].shape[1:3]
    fast = FastRaft("raft_small_fast", weights=weights, iterations=ITERATIONS, device=device)
    reference = PairwiseRaft(Raft("raft_small", weights=weights, iterations=ITERATIONS, device=device))
    yield BenchmarkResult(
        f"RAFT-small {width}×{height} end-point error",
        device_name,
        mean_error(fast, enlarged_clips),
        mean_error(reference, enlarged_clips),
        "px",
        REQUIRED_ERROR_RATIO,
        note=f"mean of {len(clips)} MiniHome clips with true flow; weights {weights}",
    )


def mean_error(estimator: FastRaft | PairwiseRaft, clips: list[FlowClip]) -> float:
    """Return the mean end-point error over clips, pixels."""
    return float(np.mean([end_point_error(estimator(frames), true_flow) for frames, true_flow in clips]))


def compare_raft_with_bound(name: str, device_name: str, fast: FastRaft, frames: np.ndarray) -> BenchmarkResult:
    """Time the fast network on frames against the roofline bound of its work."""
    padding = raft_padding(*frames.shape[1:3])
    height = frames.shape[1] + padding.top + padding.bottom
    width = frames.shape[2] + padding.left + padding.right
    network = deepcopy(fast.network).to("meta")  # the work depends on shapes alone, and takes no memory there
    images = torch.empty((len(frames), 3, height, width), device="meta")
    with torch.no_grad():  # inference mode calls convolutions by names that are not counted
        work = count_work(lambda: network(images, fast.iterations))
    peaks = measure_peaks(fast.device, fast.dtype)
    fast(frames)
    seconds = min(measure_seconds(lambda: fast(frames)) for _ in range(ROUNDS[fast.device.type]))
    return compare_with_bound(name, device_name, seconds, work, peaks)
