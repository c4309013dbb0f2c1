"""Benchmark of the flow input pipeline, from stored flow to an augmented batch, against mmaction2's from JPEG pairs.

The ratio stays below 2: of about 0.45 ms a field of 320×240, 0.35 are zlib's inflating, as long as mmaction2 takes for
a pair with all that follows. JPEG pairs are a third of the size and lose ten times as much, see
:mod:`triad.modalities.flow.storage.field_codec`. A faster entropy coder would be another file format and dependency.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from triad.fusion.benchmarks.flow_codecs import JPEG_RANGE
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
from triad.modalities.flow import FlowReader, FlowWriter
from triad.modalities.flow.estimators import build_estimator
from triad.modalities.flow.transforms import FlowTransform
from triad.modalities.video import iter_frames, probe

ROUNDS = 5
REQUIRED_RATIO = 2.0
JPEG_NAME = "flow_{}_{:05d}.jpg"
"""Name of an image as denseflow, TSN and mmaction2 have it, counted from 0 here."""


def bench_flow_input(folder: Path) -> list[BenchmarkResult]:
    """Time both pipelines on the same fields: scaled, cropped to 50–100 % of the area, flipped and normalised.

    The videos are found or written as by :func:`triad.fusion.benchmarks.video_input.bench_video_input`; their flow is
    DIS.
    """
    paths, origin = given_videos(folder)
    sources = []
    pairs = []
    for path in paths:
        flow_path, pair_folder = _write_flow(path, folder / "flow" / path.stem)
        pairs.append({"frame_dir": str(pair_folder), "filename_tmpl": JPEG_NAME, "modality": "Flow"})
        info = probe(path)
        sources.append({"path": str(flow_path.relative_to(folder)), "num": info.num_frames - 1, "fps": info.fps})
    results = []
    with one_thread():
        for input_size in SIZES:
            transform = FlowTransform(size=(input_size.size, input_size.size), bound=JPEG_RANGE)
            reader = FlowReader(frame_size=input_size.frame_size, crop_mode="center")
            stage = {"type": FlowTransform, "size": transform.size}
            dataset = build_dataset(folder, {"modality": "flow"}, sources, reader, input_size.num_frames, stage)
            fields = entries_of(dataset, "flow")
            reference = build_mmaction_pipeline(
                ["RawFrameDecode"], pairs, fields, input_size, mean=[127.5] * 2, std=[127.5] * 2
            )
            seconds, reference_seconds = measure_cpu_pair(
                build_pipeline(dataset, "flow", transform), reference, rounds=ROUNDS
            )
            name = f"flow input pipeline, {input_size.num_frames}×{input_size.size}²"
            note = f"DIS of {origin}; CPU time of one core; reference: mmaction2's pipeline with JPEG pairs, ±20 px"
            rates = len(paths) / seconds, len(paths) / reference_seconds
            results.append(BenchmarkResult(name, "cpu", *rates, "clips/s", REQUIRED_RATIO, note=note))
    return results


def _write_flow(video: Path, stem: Path) -> tuple[Path, Path]:
    """Write the DIS flow of a video as a flow file and as JPEG pairs, unless it is there; return the paths of both."""
    flow_path = stem.with_suffix(".flow")
    if not flow_path.is_file():
        stem.mkdir(parents=True, exist_ok=True)
        fields = build_estimator("dis")(np.stack(list(iter_frames(video))))
        codes = np.rint((fields.clip(-JPEG_RANGE, JPEG_RANGE) / JPEG_RANGE + 1) * 127.5).astype(np.uint8)
        for number, field in enumerate(codes):
            for axis, letter in enumerate("xy"):
                cv2.imwrite(str(stem / JPEG_NAME.format(letter, number)), np.ascontiguousarray(field[..., axis]))
        with FlowWriter(flow_path) as writer:
            writer.add(fields)
    return flow_path, stem
