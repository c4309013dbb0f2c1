"""Benchmark of fast RAFT-small on video against torchvision's network pair by pair: frames per second and error."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import nn

from triad.fusion.benchmarks.result import BenchmarkResult
from triad.fusion.benchmarks.roofline import compare_with_bound, count_work, measure_peaks
from triad.fusion.benchmarks.timing import measure_pair, measure_seconds
from triad.fusion.datasets.minihome import CLASSES, DENSE_SUBJECTS, ClipSpec, clip_paths, write_clip
from triad.modalities.atomic_files import read_arrays
from triad.modalities.device import best_device
from triad.modalities.flow import end_point_error
from triad.modalities.flow.estimators.raft import Raft
from triad.modalities.flow.estimators.raft_fast import FastRaft
from triad.modalities.flow.networks.raft_preprocessing import raft_padding, to_fields, to_images
from triad.modalities.video import iter_frames

ITERATIONS = 12
EVALUATED_CLASSES = ("drink_from_cup", "get_up", "put_on_hat", "stir_pot")

SCALES = (1, 2)
"""Factors of the frame size: MiniHome's own, and about that of the public datasets."""

ROUNDS = 5
NUM_PAIRS = {"cpu": 8, "cuda": 28}
REQUIRED_SPEEDUP = {"cpu": 1.5, "cuda": 8.0}

REQUIRED_ERROR_RATIO = 1 / 1.02
"""The error of the fast network may be 2 % larger than the reference's."""

HUB_FILES = ("raft-small.pth", "raft_small_C_T_V2-01064c6d.pth")

FlowClip = tuple[np.ndarray, np.ndarray]
"""Frames uint8 ``[T, H, W, 3]`` and their true flow ``[T − 1, H, W, 2]``."""


def bench_raft(folder: Path) -> list[BenchmarkResult]:
    """Compare speed and, with trained weights, error.

    Both estimators read uint8 frames and return float32 fields after 12 refinements.
    """
    device = best_device()
    device_name = torch.cuda.get_device_name() if device == "cuda" else "cpu"
    weights = find_weights()
    fast = FastRaft("raft_small_fast", weights=weights, iterations=ITERATIONS, device=device)
    reference = PairwiseRaft(Raft("raft_small", weights=weights, iterations=ITERATIONS, device=device))
    clips = [render_clip(folder, class_name) for class_name in EVALUATED_CLASSES]
    results = []
    for scale in SCALES:
        frames = enlarge(clips[0][0], scale)[: NUM_PAIRS[device] + 1]
        num_pairs = len(frames) - 1
        height, width = frames.shape[1:3]
        name = f"RAFT-small {width}×{height}"
        seconds, reference_seconds = measure_pair(partial(fast, frames), partial(reference, frames), rounds=ROUNDS)
        dtype = str(fast.dtype).removeprefix("torch.")
        note = (
            f"{ITERATIONS} refinements, {num_pairs} pairs; {dtype}, {torch.get_num_threads()} threads; "
            f"weights {weights}; reference: torchvision pair by pair, float32"
        )
        results.append(
            BenchmarkResult(
                name,
                device_name,
                num_pairs / seconds,
                num_pairs / reference_seconds,
                "frames/s",
                REQUIRED_SPEEDUP[device],
                note=note,
            )
        )
        results.append(compare_raft_with_bound(name, device_name, fast, frames))
    if not weights.startswith("random:"):
        error = mean_error(fast, clips)
        reference_error = mean_error(reference, clips)
        note = f"mean of {len(clips)} MiniHome clips with true flow; weights {weights}"
        results.append(
            BenchmarkResult(
                "RAFT-small end-point error",
                device_name,
                error,
                reference_error,
                "px",
                REQUIRED_ERROR_RATIO,
                note=note,
            )
        )
    return results


def find_weights() -> str:
    """Return the path of RAFT-small's weights in torch's download folder, or random weights, which are as fast."""
    checkpoints = Path(torch.hub.get_dir()) / "checkpoints"
    downloaded = (str(checkpoints / file) for file in HUB_FILES if (checkpoints / file).is_file())
    return next(downloaded, "random:0")


def render_clip(folder: Path, class_name: str) -> FlowClip:
    """Write a MiniHome clip of a class and return its frames, decoded from the video file, and its true flow."""
    clip = ClipSpec(0, CLASSES.index(class_name), DENSE_SUBJECTS[0], 1)
    write_clip(clip, folder)
    files = clip_paths(clip)
    true_flow = read_arrays(folder / files["truth"], cure="run the benchmark again")["flow"].astype(np.float32)
    return np.stack(list(iter_frames(folder / files["rgb"]))), true_flow


def enlarge(frames: np.ndarray, scale: int) -> np.ndarray:
    """Enlarge frames ``[T, H, W, 3]`` by a whole factor."""
    return np.stack([cv2.resize(frame, None, fx=scale, fy=scale) for frame in frames])


class PairwiseRaft:
    """Torchvision's network, called as in its documentation, on one pair of frames after another.

    Args:
        raft: estimator whose network and number of refinements are used.
    """

    def __init__(self, raft: Raft) -> None:
        self.network: nn.Module = raft.network
        self.iterations = raft.iterations
        self.device = raft.device

    @torch.inference_mode()
    def __call__(self, frames: np.ndarray) -> np.ndarray:
        padding = raft_padding(*frames.shape[1:3])
        fields = []
        for first, second in pairwise(frames):
            images = to_images(np.stack([first, second]), padding, self.device)
            flows = self.network(images[:1], images[1:], num_flow_updates=self.iterations)
            fields.append(to_fields(flows[-1], padding))
        return np.concatenate(fields)


def mean_error(estimator: FastRaft | PairwiseRaft, clips: list[FlowClip]) -> float:
    """Return the mean end-point error over clips, pixels."""
    return float(np.mean([end_point_error(estimator(frames), true_flow) for frames, true_flow in clips]))


def compare_raft_with_bound(name: str, device_name: str, fast: FastRaft, frames: np.ndarray) -> BenchmarkResult:
    """Time the fast network on frames against the roofline bound of its work."""
    with torch.no_grad():  # inference mode calls convolutions by names that are not counted
        images = to_images(frames, raft_padding(*frames.shape[1:3]), fast.device)
        work = count_work(lambda: fast.network(images, fast.iterations))
    peaks = measure_peaks(fast.device, fast.dtype)
    fast(frames)
    seconds = min(measure_seconds(lambda: fast(frames)) for _ in range(ROUNDS))
    return compare_with_bound(name, device_name, seconds, work, peaks)
