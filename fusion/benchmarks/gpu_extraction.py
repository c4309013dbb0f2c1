"""Benchmark of extraction on a GPU: several videos at once against one, and the memory of frames of high definition."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from shutil import copyfile
from time import perf_counter

import numpy as np
import torch

from triad.fusion.benchmarks.extraction import DATA_VARIABLE, DETECTOR, POSE_WEIGHTS
from triad.fusion.benchmarks.gpu_utilization import GpuUtilization
from triad.fusion.benchmarks.input_videos import FPS, NUM_FRAMES, write_videos
from triad.fusion.benchmarks.raft_inputs import find_weights, resize_frames
from triad.fusion.benchmarks.result import BenchmarkResult
from triad.modalities.checks import check_file, fail
from triad.modalities.device import best_device
from triad.modalities.extraction import Extractor, ExtractorFactory, LocalWorkers, SharedWorker, Task, Workers, open_run
from triad.modalities.flow import FlowExtractor
from triad.modalities.flow.estimators import build_estimator
from triad.modalities.onnx_model import provider_of
from triad.modalities.skeleton.pose_estimation import PoseExtractor, build_pose_estimator
from triad.modalities.video import iter_frames, write_video

NUM_VIDEOS = 24
REPEATS = 6
"""Times that the videos are extracted from where several are worked on at once."""
LARGE_SIZE = (1920, 1080)
NUM_LARGE_VIDEOS = 4
MAX_GIGABYTES = 8.0


def bench_gpu_extraction(folder: Path) -> Iterator[BenchmarkResult]:
    """Extract flow by fast RAFT-small and, where onnxruntime has CUDA, poses by YOLOX-nano and SimplePose.

    Raises:
        InputError: If there is no GPU, or one that onnxruntime cannot use, which only the last rows need.
    """
    device = best_device()
    if device != "cuda":
        fail("extraction on a GPU", "have one", "none")
    device_name = torch.cuda.get_device_name()
    build_flow = partial(build_flow_extractors, find_weights(), device)
    videos = write_videos(folder / "videos", num=NUM_VIDEOS)
    yield compare_videos_at_once("flow by fast RAFT-small, 320×240", device_name, videos, build_flow, folder / "flow")
    yield measure_memory(
        device_name, write_large_videos(videos[0], folder / "large"), build_flow, folder / "large_flow"
    )
    provider_of(device, subject="ONNX files")
    data = Path(os.environ.get(DATA_VARIABLE, ""))
    cure = f"set {DATA_VARIABLE} to a folder with it"
    weights = check_file("weights of SimplePose", data / POSE_WEIGHTS, cure)
    detector = check_file("weights of YOLOX", data / DETECTOR, cure)
    build_poses = partial(build_pose_extractors, weights, detector, device)
    yield compare_videos_at_once("poses, 320×240", device_name, videos, build_poses, folder / "poses")


def build_flow_extractors(weights: str, device: str) -> list[Extractor]:
    """Build the extractor of flow; every worker builds its own."""
    return [FlowExtractor(build_estimator("raft_small_fast", weights=weights, device=device))]


def build_pose_extractors(weights: Path, detector: Path, device: str) -> list[Extractor]:
    """Build the extractor of poses; every worker builds its own."""
    return [PoseExtractor(build_pose_estimator("gpu", weights=weights, detector=detector, device=device))]


def write_large_videos(video: Path, folder: Path) -> list[Path]:
    """Write copies of a video in high definition."""
    folder.mkdir(exist_ok=True)
    frames = resize_frames(np.stack(list(iter_frames(video))), LARGE_SIZE, NUM_FRAMES)
    paths = [folder / f"{number}.mp4" for number in range(NUM_LARGE_VIDEOS)]
    write_video(paths[0], list(frames), fps=FPS)
    for path in paths[1:]:
        copyfile(paths[0], path)
    return paths


def compare_videos_at_once(
    name: str, device_name: str, videos: Sequence[Path], build: ExtractorFactory, root: Path
) -> BenchmarkResult:
    """Compare the rate of one process that works on several videos at once with that of one video at a time.

    Args:
        name: name of the streams and the frame size.
        device_name: name of the device.
        videos: paths of the videos.
        build: constructor of the extractors.
        root: folder of the files.
    """
    shared = SharedWorker()
    rate = extraction_rate(make_tasks(videos, REPEATS), build, root / "shared", shared)
    reference = extraction_rate(make_tasks(videos, 1), build, root / "single", LocalWorkers(1))
    note = f"{shared.num_workers} videos at once, from the first {shared.num_workers} finished ones on"
    return BenchmarkResult(f"extraction of {name}", device_name, rate, reference, "frames/s", note=note)


def make_tasks(videos: Sequence[Path], repeats: int) -> list[Task]:
    """Return tasks of videos of ``NUM_FRAMES`` frames, each ``repeats`` times under ids of its own."""
    return [Task(f"{path.stem}_{number}", path, NUM_FRAMES) for number in range(repeats) for path in videos]


def extraction_rate(tasks: Sequence[Task], build: ExtractorFactory, root: Path, workers: Workers) -> float:
    """Return the frames per second of an extraction once every worker has finished a video.

    Raises:
        InputError: If a video fails, or there are not more videos than workers.
    """
    root.mkdir(parents=True, exist_ok=True)
    times = []
    with open_run(tasks, build, root, workers=workers) as run:
        for outcome in run:
            times.append(perf_counter())
            for stream, reason in outcome.errors.items():
                fail(f"{stream} of '{outcome.task.video}'", "be extracted", f"'{reason}'")
    num_warm = workers.num_workers
    if len(times) <= num_warm:
        fail("videos of the benchmark", f"be more than {num_warm}, the workers", len(times))
    return NUM_FRAMES * (len(times) - num_warm) / (times[-1] - times[num_warm - 1])


def measure_memory(device_name: str, videos: Sequence[Path], build: ExtractorFactory, root: Path) -> BenchmarkResult:
    """Measure the memory of the GPU that several videos of high definition take, that of this process included."""
    torch.cuda.empty_cache()
    with GpuUtilization() as utilization:
        rate = extraction_rate(make_tasks(videos, 2), build, root, SharedWorker(NUM_LARGE_VIDEOS))
    gigabytes = max(utilization.megabytes, default=0) / 1e3
    note = f"{rate:.3g} frames/s, {NUM_LARGE_VIDEOS} videos at once; reference: what was taken before"
    before = (utilization.megabytes or [0])[0] / 1e3
    name = "extraction of flow by fast RAFT-small, 1920×1080: memory"
    return BenchmarkResult(name, device_name, gigabytes, before, "GB", limit=MAX_GIGABYTES, note=note)
