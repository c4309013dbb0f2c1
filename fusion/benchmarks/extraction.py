"""Benchmark of extracting flow and poses in one pass over each video, against one pass for each of them.

A shared pass saves one decode and, where a video has several cores to itself, extracts both streams at once: at best
twice as fast, where both take equally long. Both sides use this project's extraction and write the same files, with DIS
for flow and YOLOX-nano with SimplePose for poses. Poses of a small video take several times as long as its flow, so
little can be gained; with a detection on every fourth frame only, they take about half as long.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path

import cv2

from triad.fusion.benchmarks.result import BenchmarkResult
from triad.fusion.benchmarks.timing import measure_pair
from triad.modalities.extraction import Job, StreamStore, Task
from triad.modalities.extraction.one_video import extract_video
from triad.modalities.extraction.workers import one_thread
from triad.modalities.flow import FlowExtractor
from triad.modalities.flow.estimators import build_estimator
from triad.modalities.processes import available_cores
from triad.modalities.skeleton.pose_estimation import PoseExtractor, build_pose_estimator
from triad.modalities.video import iter_frames, write_video

DATA_VARIABLE = "TRIAD_DATA"
"""Environment variable with the folder of ``jhmdb14/videos`` and ``weights``."""

VIDEOS = "jhmdb14/videos/*/*.avi"
POSE_WEIGHTS = "weights/simplepose_coco17.onnx"
DETECTOR = "weights/yolox_nano.onnx"

NUM_CLIPS = 4
NUM_FRAMES = 32

FRAME_SIZES = ((240, 320), (480, 640))
"""Height and width: those of J-HMDB and of Toyota Smarthome."""

DETECTION_INTERVALS = (1, 4)
"""Frames from one detection of persons to the next."""


def bench_extraction(folder: Path) -> list[BenchmarkResult]:
    """Time one video at a time on all cores, and one core a worker, as where there are many videos.

    Returns no result where the environment variable ``TRIAD_DATA`` does not name a folder with videos and weights.
    """
    data = Path(os.environ.get(DATA_VARIABLE) or "/nonexistent")
    videos = sorted(data.glob(VIDEOS))
    if not (videos and (data / POSE_WEIGHTS).is_file() and (data / DETECTOR).is_file()):
        logging.warning(
            "extraction is not measured: set %s to a folder with %s, %s and %s",
            DATA_VARIABLE, VIDEOS, POSE_WEIGHTS, DETECTOR,
        )  # fmt: skip
        return []
    flow_extractor = FlowExtractor(build_estimator("dis"))
    results = []
    for frame_size in FRAME_SIZES:
        tasks = [_write_task(path, frame_size, folder) for path in videos[:: len(videos) // NUM_CLIPS][:NUM_CLIPS]]
        for interval in DETECTION_INTERVALS:
            estimator = build_pose_estimator(
                f"every{interval}", weights=data / POSE_WEIGHTS, detector=data / DETECTOR, every=interval
            )
            extractors = (flow_extractor, PoseExtractor(estimator))
            stores = [StreamStore.to_write(extractor, folder) for extractor in extractors]
            for store in stores:
                store.prepare()
            height, width = frame_size
            name = f"flow and poses in one pass, {width}×{height}, a detection every {interval}"
            results += [_compare_passes(name, tasks, stores, threads=threads) for threads in (True, False)]
    return results


def _compare_passes(name: str, tasks: Sequence[Task], stores: list[StreamStore], *, threads: bool) -> BenchmarkResult:
    seconds, reference_seconds = measure_pair(
        _build_passes(tasks, [stores], threads), _build_passes(tasks, [stores[:1], stores[1:]], threads), rounds=2
    )
    num_frames = sum(task.num_frames for task in tasks)
    return BenchmarkResult(
        f"{name}, a video at a time" if threads else f"{name}, a core a worker",
        "cpu",
        num_frames / seconds,
        num_frames / reference_seconds,
        "frames/s",
        required=1.4 if threads else None,
        note=f"{available_cores()} cores; both streams at once; reference: a pass for flow, then one for poses"
        if threads
        else "only the decode is shared, so its share of the work bounds the ratio",
    )


def _write_task(path: Path, frame_size: tuple[int, int], folder: Path) -> Task:
    """Write the first frames of a clip in another size and return them as a task."""
    height, width = frame_size
    frames = [
        cv2.resize(frame, (width, height), interpolation=cv2.INTER_CUBIC)
        for frame in islice(iter_frames(path), NUM_FRAMES)
    ]
    name = f"{path.stem}_{width}"
    write_video(folder / f"{name}.mp4", frames, fps=30)
    return Task(name, folder / f"{name}.mp4", len(frames))


def _build_passes(tasks: Sequence[Task], passes: Sequence[Sequence[StreamStore]], threads: bool) -> Callable[[], None]:
    """Build a function in which every pass reads all videos and extracts the streams of its stores."""

    def run_passes() -> None:
        with one_thread():
            for stores in passes:
                for task in tasks:
                    extract_video(Job(task, tuple(store.stream for store in stores)), stores, threads=threads)

    return run_passes
