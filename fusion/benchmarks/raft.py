"""Fast RAFT-small on video against torchvision's called pair by pair, in frames per second and in error."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import nn

from fusion.benchmarks.roofline import measure_peaks, roofline_row, work_of
from fusion.benchmarks.row import Row, compare, seconds_of
from fusion.datasets.minihome import CLASSES, DENSE_SUBJECTS, Clip, paths, write_clip
from modalities.atomic_files import read_arrays
from modalities.device import best_device
from modalities.flow import end_point_error
from modalities.flow.estimators.raft import Raft
from modalities.flow.estimators.raft_fast import FastRaft
from modalities.flow.networks.raft_preprocessing import raft_padding, to_fields, to_images
from modalities.video import iter_frames

ITERATIONS = 12
JUDGED = ("drink_from_cup", "get_up", "put_on_hat", "stir_pot")
FACTORS = (1, 2)
"""MiniHome's own size, and twice that, about the size of the field's clips."""
ROUNDS, PAIRS = 5, {"cpu": 8, "cuda": 28}
WITHIN = 1 / 1.02
HUB_FILES = ("raft-small.pth", "raft_small_C_T_V2-01064c6d.pth")


def bench_raft(folder: Path) -> list[Row]:
    """Both read uint8 frames and give float32 fields; 12 refinements each. Errors need trained weights."""
    device = best_device()
    name = torch.cuda.get_device_name() if device == "cuda" else "cpu"
    weights = find_weights()
    fast = FastRaft("raft_small_fast", weights=weights, iterations=ITERATIONS, device=device)
    theirs = PairByPair(Raft("raft_small", weights=weights, iterations=ITERATIONS, device=device))
    clips = [film(folder, label) for label in JUDGED]
    rows = []
    for factor in FACTORS:
        frames = scaled(clips[0][0], factor)[: PAIRS[device] + 1]
        height, width = frames.shape[1:3]
        found = compare(partial(fast, frames), partial(theirs, frames), rounds=ROUNDS)
        ours, reference = ((len(frames) - 1) / seconds for seconds in found)
        what, required = f"RAFT-small {width}×{height}", 8.0 if device == "cuda" else 1.5
        how = f"{str(fast.dtype).removeprefix('torch.')}, {torch.get_num_threads()} threads; weights {weights}"
        note = f"{ITERATIONS} refinements, {len(frames) - 1} pairs; {how}; reference: torchvision pair by pair, float32"
        rows.append(Row(what, name, ours, reference, "frames/s", required, note=note))
        rows.append(bound_row(what, name, fast, frames))
    if not str(weights).startswith("random:"):
        ours, reference = (mean_error(estimator, clips) for estimator in (fast, theirs))
        note = f"mean of {len(clips)} MiniHome clips with true flow; weights {weights}"
        rows.append(Row("RAFT-small end-point error", name, ours, reference, "px", WITHIN, note=note))
    return rows


def find_weights() -> str:
    """RAFT-small's weights where torch keeps what it downloads, or random ones, which are as fast."""
    hub = Path(torch.hub.get_dir()) / "checkpoints"
    return next((str(hub / file) for file in HUB_FILES if (hub / file).is_file()), "random:0")


def film(folder: Path, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Frames ``[T, H, W, 3]`` as decoded from a video file, and their true flow ``[T − 1, H, W, 2]``."""
    clip = Clip(0, CLASSES.index(name), DENSE_SUBJECTS[0], 1)
    write_clip(clip, folder)
    files = paths(clip)
    truth = read_arrays(folder / files["truth"], cure="run the benchmark again")["flow"].astype(np.float32)
    return np.stack(list(iter_frames(folder / files["rgb"]))), truth


def scaled(frames: np.ndarray, factor: int) -> np.ndarray:
    """Frames enlarged by a whole factor."""
    return np.stack([cv2.resize(frame, None, fx=factor, fy=factor) for frame in frames])


class PairByPair:
    """Torchvision's network as its documentation calls it, on one pair after another.

    Args:
        raft: whose network and refinements are used.
    """

    def __init__(self, raft: Raft) -> None:
        self.network: nn.Module = raft.network
        self.iterations, self.device = raft.iterations, raft.device

    @torch.inference_mode()
    def __call__(self, frames: np.ndarray) -> np.ndarray:
        pads, fields = raft_padding(*frames.shape[1:3]), []
        for first, second in pairwise(frames):
            pictures = to_images(np.stack([first, second]), pads, self.device)
            flows = self.network(pictures[:1], pictures[1:], num_flow_updates=self.iterations)
            fields.append(to_fields(flows[-1], pads))
        return np.concatenate(fields)


def mean_error(estimator: FastRaft | PairByPair, clips: list[tuple[np.ndarray, np.ndarray]]) -> float:
    """End-point error, pixels, over the mean of clips."""
    return float(np.mean([end_point_error(estimator(frames), truth) for frames, truth in clips]))


def bound_row(what: str, name: str, fast: FastRaft, frames: np.ndarray) -> Row:
    """How near the fast path comes to what the machine can do."""
    with torch.no_grad():  # in inference mode convolutions are called under names that are not counted
        pictures = to_images(frames, raft_padding(*frames.shape[1:3]), fast.device)
        work = work_of(lambda: fast.network(pictures, fast.iterations))
    peaks = measure_peaks(fast.device, fast.dtype)
    fast(frames)
    seconds = min(seconds_of(lambda: fast(frames)) for _ in range(ROUNDS))
    return roofline_row(what, name, seconds, work, peaks)
