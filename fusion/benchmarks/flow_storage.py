"""What it costs to store flow: error added, bytes, and how fast fields are read again, each way beside the others."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from fusion.benchmarks.flow_codecs import CODECS, Stored, store_jpeg
from fusion.benchmarks.row import Row
from fusion.datasets.minihome import Clip, perform
from fusion.datasets.minihome.render import add_noise, draw_frames
from fusion.index.index import Index, Record
from modalities.checks import fail
from modalities.flow import FlowFile, FlowWriter
from modalities.flow.estimators import FlowEstimator, build_estimator
from modalities.seeding import derive_rng
from modalities.video import iter_frames

READ = 16
"""Fields of a clip that are read at random, as a network's sample takes them."""
RATE, REAL_TIMES = 30.0, 10.0
BENCH_HW, BENCH_CLIPS = (240, 320), 4


def flow_of_records(
    index: Index,
    estimator: FlowEstimator,
    *,
    clips: int,
    track: Callable[[Sequence[Record]], Iterable[Record]] = iter,
) -> Iterable[np.ndarray]:
    """Flow that was never stored, of ``clips`` videos evenly out of a dataset; float32 ``[T, H, W, 2]`` each.

    Raises:
        InputError: if no record has a video of two frames.
    """
    filmed = [record for record in index.records if record["sources"].get("rgb", {}).get("num", 0) > 1]
    if not filmed:
        fail(f"records of '{index.root}'", "have videos", "none")
    chosen = [filmed[place] for place in np.unique(np.linspace(0, len(filmed) - 1, clips).astype(int))]
    for record in track(chosen):
        yield estimator(np.stack(list(iter_frames(index.root / record["sources"]["rgb"]["path"]))))


def storage_document(clips: Iterable[np.ndarray], *, seed: int = 0) -> dict[str, Any]:
    """Every codec on the same clips.

    Returns:
        ``fields``, ``height``, ``width`` (of the first clip), and ``codecs``: ``{name: row}`` of ``bytes`` a field;
        the end-point error added, ``error_mean``, ``error_999`` (99.9 % of vectors are below) and ``error_max``,
        pixels; ``encode``, ``sequential`` and ``random`` (16 fields of a clip), fields a second of one core's time.
    """
    rng = derive_rng(seed, "storage")
    sums: dict[str, dict[str, list[Any]]] = {name: {} for name in CODECS}
    shape, num = (0, 0), 0
    for fields in clips:
        shape = shape if num else (fields.shape[1], fields.shape[2])
        num += len(fields)
        some = np.sort(rng.choice(len(fields), min(READ, len(fields)), replace=False)).tolist()
        for name, store in CODECS.items():
            for key, value in _measure(fields, store, some).items():
                sums[name].setdefault(key, []).append(value)
    if not num:
        fail("clips to store", "be there", "none")
    rows = {name: _row(found) for name, found in sums.items()}
    return {"fields": num, "height": shape[0], "width": shape[1], "codecs": rows}


def _measure(fields: np.ndarray, store: Callable[[np.ndarray], Stored], some: Sequence[int]) -> dict[str, Any]:
    stored, encode = _timed(lambda: store(fields))
    stored.read(some[:1])  # what is loaded once
    read, sequential = _timed(lambda: stored.read(range(len(fields))))
    _, random = _timed(lambda: stored.read(some))
    error = np.linalg.norm(read - fields, axis=-1).ravel()
    return {
        "count": len(fields),
        "some": len(some),
        "bytes": stored.size,
        "seconds": (encode, sequential, random),
        "errors": (float(error.mean()), float(np.quantile(error, 0.999)), float(error.max())),
    }


def _row(found: dict[str, list[Any]]) -> dict[str, float]:
    count, some = sum(found["count"]), sum(found["some"])
    encode, sequential, random = np.sum(found["seconds"], axis=0)
    errors = np.array(found["errors"])
    mean, high = np.average(errors[:, :2], axis=0, weights=found["count"])
    return {
        "bytes": sum(found["bytes"]) / count,
        "error_mean": float(mean),
        "error_999": float(high),
        "error_max": float(errors[:, 2].max()),
        "encode": count / encode,
        "sequential": count / sequential,
        "random": some / random,
    }


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """What ``work`` gives, and the seconds that processors spent on it, whoever else they worked for meanwhile."""
    start = time.process_time()
    result = work()
    return result, max(time.process_time() - start, 1e-9)


def bench_flow_storage(folder: Path) -> list[Row]:
    """Reading flow files as training does: 16 fields at random, against the clip's own duration and a JPEG pair."""
    estimator = build_estimator("dis")
    files, jpegs = [], []
    for number in range(BENCH_CLIPS):
        clip = Clip(0, 4 * number, "s01", 1)
        frames = add_noise(draw_frames(perform(clip).scene), clip.own_rng("camera noise"))
        fields = estimator(np.stack([cv2.resize(frame, BENCH_HW[::-1]) for frame in frames]))
        with FlowWriter(path := folder / f"{clip.id}.flow") as writer:
            writer.add(fields)
        files.append(FlowFile(path))
        jpegs.append(store_jpeg(fields))
    some = np.sort(derive_rng(0, "bench storage").choice(files[0].num, READ, replace=False))
    read = len(files) * READ
    ours = min(_timed(lambda: [file.read(some) for file in files])[1] for _ in range(5))
    whole = min(_timed(lambda: [file.read(np.arange(file.num)) for file in files])[1] for _ in range(5))
    theirs = min(_timed(lambda: [jpeg.read(some.tolist()) for jpeg in jpegs])[1] for _ in range(5))
    every = sum(file.num for file in files)
    made = f"DIS of MiniHome at {BENCH_HW[1]}×{BENCH_HW[0]}; one core's own time"
    real = "reference: real time at 30 frames a second"
    return [
        Row(
            "flow store: 16 fields at random", "cpu", read / ours, RATE, "fields/s", REAL_TIMES, note=f"{made}; {real}"
        ),
        Row("flow store: all fields in turn", "cpu", every / whole, RATE, "fields/s", REAL_TIMES, note=real),
        Row("flow store: at random, against JPEG pairs", "cpu", read / ours, read / theirs, "fields/s", note="±20 px"),
    ]
