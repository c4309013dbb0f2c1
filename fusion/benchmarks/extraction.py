"""Flow and poses of real clips in one pass over each video, against a pass for flow and a pass for poses.

A pass that is shared saves one decode, and, where a video has cores to itself, makes both streams at once: at best
twice as fast, where both take equally long. Both sides are the engine's own and write the same files; DIS and
YOLOX-nano with SimplePose make them. Poses of a small video take several times as long as its flow, so that little is
left to gain; with people detected on every fourth frame alone they take about half as long.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path

import cv2

from fusion.benchmarks.row import Row, compare
from modalities.extraction import Job, StreamStore, Task
from modalities.extraction.one_video import extract_video
from modalities.extraction.workers import one_thread
from modalities.flow import FlowExtractor
from modalities.flow.estimators import build_estimator
from modalities.processes import available_cores
from modalities.skeleton.pose_estimation import build_pose_estimator
from modalities.skeleton.pose_estimation.extractor import PoseExtractor
from modalities.video import iter_frames, write_video

DATA = "TRIAD_DATA"
"""Names the folder with ``jhmdb14/videos`` and ``weights``; without them nothing is measured."""
CLIPS, FRAMES = 4, 32
SIZES = ((240, 320), (480, 640))
"""Height and width: J-HMDB's own, and that of Toyota Smarthome's videos."""
EVERY = (1, 4)
"""Frames from one detection to the next."""


def bench_extraction(folder: Path) -> list[Row]:
    """One video at a time on two cores or more; and a core a worker, as where there are many videos."""
    data = Path(os.environ.get(DATA, "../shared/data"))
    weights, detector = data / "weights/simplepose_coco17.onnx", data / "weights/yolox_nano.onnx"
    videos = sorted(data.glob("jhmdb14/videos/*/*.avi"))
    if not (weights.is_file() and detector.is_file() and videos):
        logging.warning("extraction is left out: name the folder with jhmdb14 and weights by %s", DATA)
        return []
    flow = FlowExtractor(build_estimator("dis"))
    rows = []
    for size in SIZES:
        tasks = [_task(path, size, folder) for path in videos[:: len(videos) // CLIPS][:CLIPS]]
        for every in EVERY:
            pose = build_pose_estimator(f"every{every}", weights=weights, detector=detector, every=every)
            stores = [StreamStore.to_write(each, folder) for each in (flow, PoseExtractor(pose))]
            for store in stores:
                store.prepare()
            what = f"flow and poses in one pass, {size[1]}×{size[0]}, a detection every {every}"
            rows += [_row(what, tasks, stores, threads=threads) for threads in (True, False)]
    return rows


def _row(what: str, tasks: Sequence[Task], stores: list[StreamStore], *, threads: bool) -> Row:
    ours, apart = compare(
        _passes(tasks, [stores], threads), _passes(tasks, [stores[:1], stores[1:]], threads), rounds=2
    )
    if threads:
        name, required = f"{what}, a video at a time", 1.4
        note = f"{available_cores()} cores; streams are made at once; reference: a pass for flow, then one for poses"
    else:
        name, required = f"{what}, a core a worker", None
        note = "all that is shared is the decode: bound by its share of the work"
    frames = sum(task.num_frames for task in tasks)
    return Row(name, "cpu", frames / ours, frames / apart, "frames/s", required, note=note)


def _task(path: Path, size: tuple[int, int], folder: Path) -> Task:
    """The first frames of a clip at another size."""
    frames = [
        cv2.resize(frame, size[::-1], interpolation=cv2.INTER_CUBIC) for frame in islice(iter_frames(path), FRAMES)
    ]
    name = f"{path.stem}_{size[1]}"
    write_video(folder / f"{name}.mp4", frames, fps=30)
    return Task(name, folder / f"{name}.mp4", len(frames))


def _passes(tasks: Sequence[Task], passes: Sequence[Sequence[StreamStore]], threads: bool) -> Callable[[], None]:
    """Every pass over all videos makes the streams of its stores."""

    def work() -> None:
        with one_thread():
            for stores in passes:
                for task in tasks:
                    extract_video(Job(task, tuple(store.stream for store in stores)), stores, threads=threads)

    return work
