"""Inputs of RAFT's benchmark: weights, and MiniHome clips with their true flow in any size."""

from __future__ import annotations

import os
from pathlib import Path

import cv2
import numpy as np
import torch

from triad.fusion.benchmarks.extraction import DATA_VARIABLE
from triad.fusion.datasets.minihome import CLASSES, DENSE_SUBJECTS, ClipSpec, clip_paths, write_clip
from triad.modalities.atomic_files import read_arrays
from triad.modalities.video import iter_frames

FILES = ("raft-small.pth", "raft_small_C_T_V2-01064c6d.pth")
"""Official and torchvision's file."""

FlowClip = tuple[np.ndarray, np.ndarray]
"""Frames uint8 ``[T, H, W, 3]`` and their true flow ``[T − 1, H, W, 2]``."""


def find_weights() -> str:
    """Return the path of RAFT-small's weights, or random weights, which are as fast.

    They are looked for in torch's download folder and in ``weights`` of the folder that ``TRIAD_DATA`` names.
    """
    folders = [Path(torch.hub.get_dir()) / "checkpoints"]
    if os.environ.get(DATA_VARIABLE):
        folders.append(Path(os.environ[DATA_VARIABLE]) / "weights")
    paths = [folder / file for folder in folders for file in FILES]
    return next((str(path) for path in paths if path.is_file()), "random:0")


def render_clip(folder: Path, class_name: str) -> FlowClip:
    """Write a MiniHome clip of a class and return its frames, decoded from the video file, and its true flow."""
    clip = ClipSpec(0, CLASSES.index(class_name), DENSE_SUBJECTS[0], 1)
    write_clip(clip, folder)
    files = clip_paths(clip)
    true_flow = read_arrays(folder / files["truth"], cure="run the benchmark again")["flow"].astype(np.float32)
    return np.stack(list(iter_frames(folder / files["rgb"]))), true_flow


def resize_frames(frames: np.ndarray, size: tuple[int, int], num: int) -> np.ndarray:
    """Return ``num`` frames ``[T, H, W, 3]`` of another ``(width, height)``; a shorter clip is repeated."""
    return np.stack([cv2.resize(frames[number % len(frames)], size) for number in range(num)])


def enlarge_clip(clip: FlowClip, factor: int) -> FlowClip:
    """Enlarge a clip and its true flow by a whole factor."""
    frames, true_flow = clip
    height, width = frames.shape[1:3]
    enlarged_flow = true_flow.repeat(factor, axis=1).repeat(factor, axis=2) * np.float32(factor)
    return resize_frames(frames, (factor * width, factor * height), len(frames)), enlarged_flow
