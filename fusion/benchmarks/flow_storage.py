"""Benchmark of flow storage: added error, size and reading speed of this project's codec and of others."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from triad.fusion.benchmarks.flow_codecs import CODECS, EncodedClip, encode_jpeg_pairs
from triad.fusion.benchmarks.result import BenchmarkResult
from triad.fusion.datasets.minihome import ClipSpec, add_noise, draw_frames, perform
from triad.fusion.index import Index, Record
from triad.modalities.checks import fail
from triad.modalities.flow import FlowFile, FlowWriter
from triad.modalities.flow.estimators import FlowEstimator, build_estimator
from triad.modalities.seeding import derive_rng
from triad.modalities.video import iter_frames

NUM_READ = 16
"""Fields of a clip that are read at random, as one training sample takes them."""

REAL_TIME_FPS = 30.0
REQUIRED_SPEED = 10.0
FRAME_SIZE = (240, 320)
NUM_CLIPS = 4
ROUNDS = 5


def estimate_flow(
    index: Index,
    estimator: FlowEstimator,
    *,
    num_clips: int,
    track: Callable[[Sequence[Record]], Iterable[Record]] = iter,
) -> Iterable[np.ndarray]:
    """Estimate the flow of videos that are spread evenly over a dataset, one array float32 ``[T, H, W, 2]`` a video.

    Args:
        index: index of the dataset.
        estimator: estimator of flow.
        num_clips: number of videos.
        track: wrapper of the list of records that shows progress.

    Raises:
        InputError: If no record has a video of two frames.
    """
    records = [record for record in index.records if record["sources"].get("rgb", {}).get("num", 0) > 1]
    if not records:
        fail(f"records of '{index.root}'", "have videos", "none")
    positions = np.unique(np.linspace(0, len(records) - 1, num_clips).astype(int))
    for record in track([records[position] for position in positions]):
        yield estimator(np.stack(list(iter_frames(index.root / record["sources"]["rgb"]["path"]))))


def compare_codecs(clips: Iterable[np.ndarray], *, seed: int = 0) -> dict[str, Any]:
    """Measure every codec on the same clips.

    Args:
        clips: flow fields float32 ``[T, H, W, 2]`` of each clip.
        seed: seed of the fields that are read at random.

    Returns:
        JSON values ``fields``, ``height``, ``width`` (of the first clip) and ``codecs``: ``{name: row}`` with ``bytes``
        a field; the added end-point error in pixels, ``error_mean``, ``error_999`` (99.9 % of the vectors are below)
        and ``error_max``; and ``encode``, ``sequential`` and ``random`` (16 fields of a clip), fields a second of one
        core.
    """
    rng = derive_rng(seed, "storage")
    measured: dict[str, dict[str, list[Any]]] = {name: {} for name in CODECS}
    num_fields = 0
    height = width = 0
    for fields in clips:
        if num_fields == 0:
            height, width = fields.shape[1:3]
        num_fields += len(fields)
        random_indices = np.sort(rng.choice(len(fields), min(NUM_READ, len(fields)), replace=False)).tolist()
        for name, encode in CODECS.items():
            for key, value in _measure_codec(fields, encode, random_indices).items():
                measured[name].setdefault(key, []).append(value)
    if not num_fields:
        fail("clips to store", "be there", "none")
    codecs = {name: _summarize_codec(values) for name, values in measured.items()}
    return {"fields": num_fields, "height": height, "width": width, "codecs": codecs}


def _measure_codec(
    fields: np.ndarray, encode: Callable[[np.ndarray], EncodedClip], random_indices: Sequence[int]
) -> dict[str, Any]:
    encoded, encode_seconds = _time_cpu(lambda: encode(fields))
    encoded.read(random_indices[:1])  # loads what is loaded once
    decoded, sequential_seconds = _time_cpu(lambda: encoded.read(range(len(fields))))
    _, random_seconds = _time_cpu(lambda: encoded.read(random_indices))
    error = np.linalg.norm(decoded - fields, axis=-1).ravel()
    return {
        "num_fields": len(fields),
        "num_random": len(random_indices),
        "bytes": encoded.size,
        "seconds": (encode_seconds, sequential_seconds, random_seconds),
        "errors": (float(error.mean()), float(np.quantile(error, 0.999)), float(error.max())),
    }


def _summarize_codec(values: dict[str, list[Any]]) -> dict[str, float]:
    num_fields = sum(values["num_fields"])
    encode_seconds, sequential_seconds, random_seconds = np.sum(values["seconds"], axis=0)
    errors = np.array(values["errors"])
    mean_error, high_error = np.average(errors[:, :2], axis=0, weights=values["num_fields"])
    return {
        "bytes": sum(values["bytes"]) / num_fields,
        "error_mean": float(mean_error),
        "error_999": float(high_error),
        "error_max": float(errors[:, 2].max()),
        "encode": num_fields / encode_seconds,
        "sequential": num_fields / sequential_seconds,
        "random": sum(values["num_random"]) / random_seconds,
    }


def _time_cpu(call: Callable[[], Any]) -> tuple[Any, float]:
    """Return the result of a call and its CPU seconds, which do not depend on other load of the machine."""
    start = time.process_time()
    result = call()
    return result, max(time.process_time() - start, 1e-9)


def bench_flow_storage(folder: Path) -> list[BenchmarkResult]:
    """Time the reading of flow files as training does: 16 random fields, against real time and JPEG pairs."""
    files, jpeg_clips = _write_clips(folder)
    indices = np.sort(derive_rng(0, "bench storage").choice(files[0].num, NUM_READ, replace=False))

    def least_seconds(call: Callable[[], Any]) -> float:
        return min(_time_cpu(call)[1] for _ in range(ROUNDS))

    num_random = len(files) * NUM_READ
    num_fields = sum(file.num for file in files)
    random_rate = num_random / least_seconds(lambda: [file.read(indices) for file in files])
    sequential_rate = num_fields / least_seconds(lambda: [file.read(np.arange(file.num)) for file in files])
    jpeg_rate = num_random / least_seconds(lambda: [clip.read(indices.tolist()) for clip in jpeg_clips])
    unit = "fields/s"
    real_time = "reference: real time at 30 frames a second"
    return [
        BenchmarkResult(
            "flow store: 16 fields at random", "cpu", random_rate, REAL_TIME_FPS, unit, REQUIRED_SPEED,
            note=f"DIS of MiniHome at {FRAME_SIZE[1]}×{FRAME_SIZE[0]}; one core's own time; {real_time}",
        ),
        BenchmarkResult(
            "flow store: all fields in turn", "cpu", sequential_rate, REAL_TIME_FPS, unit, REQUIRED_SPEED,
            note=real_time,
        ),
        BenchmarkResult(
            "flow store: at random, against JPEG pairs", "cpu", random_rate, jpeg_rate, unit, note="±20 px"
        ),
    ]  # fmt: skip


def _write_clips(folder: Path) -> tuple[list[FlowFile], list[EncodedClip]]:
    """Write DIS flow of MiniHome clips as flow files, and encode the same flow as JPEG pairs."""
    estimator = build_estimator("dis")
    files = []
    jpeg_clips = []
    for number in range(NUM_CLIPS):
        clip = ClipSpec(0, 4 * number, "s01", 1)
        frames = add_noise(draw_frames(perform(clip).scene), clip.clip_rng("camera noise"))
        fields = estimator(np.stack([cv2.resize(frame, FRAME_SIZE[::-1]) for frame in frames]))
        path = folder / f"{clip.id}.flow"
        with FlowWriter(path) as writer:
            writer.add(fields)
        files.append(FlowFile(path))
        jpeg_clips.append(encode_jpeg_pairs(fields))
    return files, jpeg_clips
