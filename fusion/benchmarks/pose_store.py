"""Benchmark of the packed skeleton store on simulated clips as many as in NTU RGB+D 120.

References are unpickled annotations in memory, and one file a clip.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.utils.data import DataLoader

from triad.fusion.benchmarks.result import BenchmarkResult
from triad.fusion.benchmarks.timing import measure_pair, measure_seconds
from triad.fusion.data import ActionDataset, collate
from triad.fusion.index import load_index, write_index
from triad.modalities.atomic_files import read_arrays, write_arrays
from triad.modalities.skeleton import PoseReader, Poses, PoseStore, write_store

NUM_CLIPS = 113_945
NUM_CLASSES = 120
LAYOUT = "ntu25"
NUM_FRAMES = 64

NUM_READ = 10_000
"""Random clips that are read from the store."""

NUM_FILES = 2_000
"""First clips of the dataset, which are also written as single files."""

Annotations = list[dict[str, Any]]


def bench_pose_store(folder: Path) -> list[BenchmarkResult]:
    """Measure start-up time, memory of a worker, and clips per second; writes about 5 GB of files to ``folder``."""
    _simulate_in_child(folder)
    store_path = folder / "skeleton.safetensors"
    annotations: Annotations = []
    index_seconds = measure_seconds(lambda: load_index(folder))
    open_seconds = measure_seconds(lambda: PoseStore(store_path))
    batch_seconds = measure_seconds(lambda: _load_first_batch(folder))
    store_mb = _private_memory_mb(_build_reading(folder))  # before this process holds the annotations
    unpickle_seconds = measure_seconds(lambda: annotations.extend(_unpickle(folder)))
    annotations_mb = _private_memory_mb(lambda: _unpickle_and_read(folder))
    store = PoseStore(store_path)
    seconds, memory_seconds = _compare_with_memory(store, annotations)
    packed_seconds, file_seconds = _compare_with_files(store, folder)
    note = f"{NUM_CLIPS} simulated clips, {LAYOUT}, float16"
    unpickled = "reference: unpickled annotations"
    name = "skeleton store"
    return [
        BenchmarkResult(
            "index of NTU-120's size: load", "cpu", index_seconds, unpickle_seconds, "s", limit=2.0, note=note
        ),
        BenchmarkResult(f"{name}: open", "cpu", open_seconds, unpickle_seconds, "s", limit=1.0, note=unpickled),
        BenchmarkResult(
            f"{name}: first batch of one worker", "cpu", batch_seconds, unpickle_seconds, "s", limit=3.0
        ),
        BenchmarkResult(
            f"{name}: private memory of 10,000 clips", "cpu", store_mb, annotations_mb, "MB", limit=50.0
        ),
        BenchmarkResult(
            f"{name}: read, against slices of memory", "cpu", NUM_READ / seconds, NUM_READ / memory_seconds,
            "clips/s", 0.8,
        ),
        BenchmarkResult(
            f"{name}: read, against a file a clip", "cpu", NUM_FILES / packed_seconds, NUM_FILES / file_seconds,
            "clips/s", 10.0,
        ),
    ]  # fmt: skip


def simulate_dataset(folder: Path) -> None:
    """Write noise of NTU-120's size as index, store and annotation pickle, and the first clips as single files."""
    if (folder / "index.json").is_file():
        return
    rng = np.random.default_rng(0)
    noise = rng.normal(0, 1, (2, 4096, 25, 3)).astype(np.float32)
    records = []
    annotations = []
    with write_store(folder / "skeleton.safetensors", layout=LAYOUT, dtype="float16") as store:
        for clip in range(NUM_CLIPS):
            num_persons = 1 + int(rng.random() < 0.2)
            num_frames = int(rng.integers(40, 121))
            start = int(rng.integers(0, 3900))
            keypoints = np.ascontiguousarray(noise[:num_persons, start : start + num_frames])
            scores = np.ones(keypoints.shape[:3], np.float32)
            name = (
                f"S{clip % 32 + 1:03d}C{clip % 3 + 1:03d}P{clip % 106 + 1:03d}R001A{clip % NUM_CLASSES + 1:03d}_{clip}"
            )
            stored_clip = store.add(name, Poses(keypoints, scores, LAYOUT))
            records.append(
                {
                    "id": name,
                    "label": clip % NUM_CLASSES,
                    "sources": {
                        "skeleton": {
                            "path": "skeleton.safetensors",
                            "clip": stored_clip,
                            "num": num_frames,
                            "fps": 30.0,
                        }
                    },
                    "subject": f"s{clip % 20 + 1:02d}",
                    "camera": f"c{clip % 3 + 1}",
                }
            )
            half_keypoints = keypoints.astype(np.float16)
            half_scores = scores.astype(np.float16)
            annotations.append(
                {
                    "frame_dir": name,
                    "label": clip % NUM_CLASSES,
                    "total_frames": num_frames,
                    "keypoint": half_keypoints,
                    "keypoint_score": half_scores,
                }
            )
            if clip < NUM_FILES:
                write_arrays(folder / f"files/{clip}.npz", keypoints=half_keypoints, scores=half_scores)
    with (folder / "annotations.pkl").open("wb") as file:
        pickle.dump(annotations, file, protocol=5)
    streams = {"skeleton": {"modality": "skeleton", "layout": LAYOUT, "channels": 3}}
    classes = [f"A{number + 1}" for number in range(NUM_CLASSES)]
    write_index(folder / "index.json", {"dataset": "minihome", "classes": classes, "streams": streams}, records)


def _simulate_in_child(folder: Path) -> None:
    """Simulate in a child process, whose memory is not measured."""
    process = multiprocessing.get_context("fork").Process(target=simulate_dataset, args=(folder,))
    process.start()
    process.join()
    os.sync()  # the kernel counts pages of a file as private memory until they are on disk


def _compare_with_memory(store: PoseStore, annotations: Annotations) -> tuple[float, float]:
    """Return the seconds of reading random clips from the store, and of slicing them in memory."""
    rng = np.random.default_rng(1)
    clips = rng.integers(0, len(store), NUM_READ).tolist()
    times = {clip: np.sort(rng.integers(0, store.num(clip), NUM_FRAMES)) for clip in clips}

    def read_store() -> None:
        for clip in clips:
            store.arrays(clip, times[clip])

    def slice_arrays() -> None:
        for clip in clips:
            for key in ("keypoint", "keypoint_score"):
                torch.from_numpy(annotations[clip][key][:, times[clip]]).float().numpy()

    return measure_pair(read_store, slice_arrays, rounds=5)


def _compare_with_files(store: PoseStore, folder: Path) -> tuple[float, float]:
    """Return the seconds of reading the first clips from the store, and from single files."""
    paths = [folder / f"files/{clip}.npz" for clip in range(NUM_FILES)]

    def read_store() -> None:
        for clip in range(NUM_FILES):
            store.arrays(clip)

    def read_files() -> None:
        for path in paths:
            arrays = read_arrays(path, cure="run bench again")
            arrays["keypoints"].astype(np.float32), arrays["scores"].astype(np.float32)

    return measure_pair(read_store, read_files, rounds=3)


def _build_dataset(folder: Path) -> ActionDataset:
    streams = {"skeleton": {"reader": PoseReader(layout=LAYOUT, frame_size=(1, 1)), "num_frames": NUM_FRAMES}}
    return ActionDataset(index=folder, protocol="cross_subject", split="train", streams=streams)


def _load_first_batch(folder: Path) -> None:
    next(iter(DataLoader(_build_dataset(folder), batch_size=64, num_workers=1, collate_fn=collate)))


def _build_reading(folder: Path) -> Callable[[], None]:
    """Build a function that reads random samples of a dataset whose caches are filled."""
    dataset = _build_dataset(folder)
    dataset[0]  # fills what is cached at the first read
    positions = np.random.default_rng(2).integers(0, len(dataset), NUM_READ).tolist()

    def read_samples() -> None:
        for position in positions:
            dataset[position]

    return read_samples


def _unpickle(folder: Path) -> Annotations:
    with (folder / "annotations.pkl").open("rb") as file:
        return pickle.load(file)


def _unpickle_and_read(folder: Path) -> Annotations:
    annotations = _unpickle(folder)
    sum(int(annotation["label"]) for annotation in annotations)
    return annotations


def _private_memory_mb(call: Callable[[], object]) -> float:
    """Return the megabytes of private memory that ``call`` and its result add to a forked worker."""
    context = multiprocessing.get_context("fork")
    reader, writer = context.Pipe(duplex=False)

    def measure() -> None:
        before = _private_memory_kb()
        result = call()
        writer.send(_private_memory_kb() - before)
        del result  # alive until the memory is measured

    process = context.Process(target=measure)
    process.start()
    added_kb = reader.recv()
    process.join()
    return max(added_kb, 1) / 1024


def _private_memory_kb() -> int:
    """Return the private memory of this process: pages copied after the fork count, those of mapped files do not."""
    text = Path("/proc/self/smaps_rollup").read_text("ascii")
    return int(re.search(r"Private_Dirty:\s+(\d+) kB", text)[1])  # type: ignore[index]
