"""Benchmark of the RGB input pipeline, from video files to an augmented batch, against mmaction2's, on one core.

Of about 5.5 ms a clip of 16×112² of J-HMDB, 4.0 are the decoding of 31 MPEG-4 frames, of which decord spares none
either; 0.6 crop and resize, 0.5 convert colours, 0.2 each sample, collate and standardise. Ratios of 1.7 to 2 were
measured there, 2.4 to 4.6 with 32×224², where the reference makes new memory for every clip.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from triad.fusion.benchmarks.input_videos import (
    SIZES,
    build_dataset,
    build_pipeline,
    entries_of,
    given_videos,
)
from triad.fusion.benchmarks.mmaction_pipeline import build_mmaction_pipeline
from triad.fusion.benchmarks.result import BenchmarkResult
from triad.fusion.benchmarks.timing import measure_cpu_pair, one_thread
from triad.modalities.checks import fail
from triad.modalities.rgb.reader import RgbReader
from triad.modalities.rgb.transforms import RgbTransform
from triad.modalities.video import probe, read_frames

ROUNDS = 5
REQUIRED_RATIO = 2.0
MAX_PIXEL_DIFFERENCE = 2.0
"""Largest mean difference of the decoded frames of both pipelines, of 255."""


def bench_video_input(folder: Path) -> list[BenchmarkResult]:
    """Time both pipelines on the same frames: scaled, cropped to 50–100 % of the area, flipped and normalised.

    The videos are those in the subfolder ``videos``, which may be a link; where there is none, videos like J-HMDB's are
    written there.
    """
    paths, origin = given_videos(folder)
    sources = []
    videos = [{"filename": str(path), "modality": "RGB"} for path in paths]
    for path in paths:
        info = probe(path)
        sources.append({"path": str(path.relative_to(folder)), "num": info.num_frames, "fps": info.fps})
    results = []
    with one_thread():
        for input_size in SIZES:
            reader = RgbReader(frame_size=input_size.frame_size, crop_mode="center")
            transform = RgbTransform(size=(input_size.size, input_size.size))
            stage = {"type": RgbTransform, "size": transform.size}
            dataset = build_dataset(folder, {"modality": "rgb"}, sources, reader, input_size.num_frames, stage)
            frames = entries_of(dataset, "rgb")
            _check_frames(paths[0], frames[0])
            reference = build_mmaction_pipeline(
                ["DecordInit", "DecordDecode"],
                videos,
                frames,
                input_size,
                mean=[123.675, 116.28, 103.53],
                std=[58.395, 57.12, 57.375],
            )
            seconds, reference_seconds = measure_cpu_pair(
                build_pipeline(dataset, "rgb", transform), reference, rounds=ROUNDS
            )
            name = f"video input pipeline, {input_size.num_frames}×{input_size.size}²"
            note = f"{origin}; CPU time of one core; reference: mmaction2's pipeline with decord"
            rates = len(paths) / seconds, len(paths) / reference_seconds
            results.append(BenchmarkResult(name, "cpu", *rates, "clips/s", REQUIRED_RATIO, note=note))
    return results


def _check_frames(path: Path, numbers: np.ndarray) -> None:
    """Check that both decoders show the same pictures.

    Raises:
        InputError: If they differ, on average, by more than ``MAX_PIXEL_DIFFERENCE``.
    """
    import decord

    reference = decord.VideoReader(str(path), num_threads=1).get_batch(numbers).asnumpy()
    difference = np.abs(read_frames(path, numbers).astype(np.int16) - reference).mean()
    if difference > MAX_PIXEL_DIFFERENCE:
        fail(
            f"frames of '{path}'", f"be those of decord within {MAX_PIXEL_DIFFERENCE:g}", f"{difference:.1f} on average"
        )
