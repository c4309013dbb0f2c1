"""Benchmark of the flow input pipeline, from stored flow to an augmented batch, against mmaction2's from JPEG pairs.

The ratio stays below 2: of about 0.45 ms a field of 320×240, 0.35 are zlib's inflating, as long as mmaction2 takes for
a pair with all that follows. JPEG pairs are a third of the size and lose ten times as much, see
:mod:`modalities.flow.storage.field_codec`. A faster entropy coder would be another file format and dependency.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import numpy as np

from fusion.benchmarks.flow_codecs import JPEG_RANGE
from fusion.benchmarks.input_videos import (
    BATCH_SIZE,
    SIZES,
    InputSize,
    build_dataset,
    build_pipeline,
    entries_of,
    given_videos,
)
from fusion.benchmarks.result import BenchmarkResult
from fusion.benchmarks.timing import measure_cpu_pair, one_thread
from modalities.flow import FlowReader, FlowWriter
from modalities.flow.estimators import build_estimator
from modalities.flow.transforms import FlowTransform
from modalities.openmmlab import import_mmaction
from modalities.video import iter_frames, probe

ROUNDS = 5
REQUIRED_RATIO = 2.0
JPEG_NAME = "flow_{}_{:05d}.jpg"
"""Name of an image as denseflow, TSN and mmaction2 have it, counted from 0 here."""


def bench_flow_input(folder: Path) -> list[BenchmarkResult]:
    """Time both pipelines on the same fields: scaled, cropped to 50–100 % of the area, flipped and normalised.

    The videos are found or written as by :func:`fusion.benchmarks.video_input.bench_video_input`; their flow is DIS.
    """
    paths, origin = given_videos(folder)
    sources = []
    pair_folders = []
    for path in paths:
        flow_path, pairs = _write_flow(path, folder / "flow" / path.stem)
        pair_folders.append(pairs)
        info = probe(path)
        sources.append({"path": str(flow_path.relative_to(folder)), "num": info.num_frames - 1, "fps": info.fps})
    results = []
    with one_thread():
        for input_size in SIZES:
            transform = FlowTransform(size=(input_size.size, input_size.size), bound=JPEG_RANGE)
            reader = FlowReader(frame_size=input_size.frame_size, crop_mode="center")
            stage = {"type": FlowTransform, "size": transform.size}
            dataset = build_dataset(folder, {"modality": "flow"}, sources, reader, input_size.num_frames, stage)
            reference = _build_reference(pair_folders, entries_of(dataset, "flow"), input_size)
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


def _build_reference(folders: Sequence[Path], fields: Sequence[np.ndarray], size: InputSize) -> Callable[[], None]:
    import_mmaction()
    from mmaction.datasets import transforms
    from mmaction.models.data_preprocessors import ActionDataPreprocessor
    from mmcv.transforms import Compose
    from mmengine.dataset import pseudo_collate

    pipeline = Compose(
        [
            transforms.RawFrameDecode(),
            transforms.Resize(scale=(-1, size.frame_size[0])),
            transforms.RandomResizedCrop(area_range=(0.5, 1.0), aspect_ratio_range=(1.0, 1.0)),
            transforms.Resize(scale=(size.size, size.size), keep_ratio=False),
            transforms.Flip(flip_ratio=0.5),
            transforms.FormatShape(input_format="NCTHW"),
            transforms.PackActionInputs(),
        ]
    )
    normalize = ActionDataPreprocessor(mean=[127.5, 127.5], std=[127.5, 127.5], format_shape="NCTHW")
    annotations = [
        {
            "frame_dir": str(folder),
            "filename_tmpl": JPEG_NAME,
            "frame_inds": numbers,
            "label": 0,
            "clip_len": size.num_frames,
            "num_clips": 1,
            "frame_interval": 1,
            "modality": "Flow",
        }
        for folder, numbers in zip(folders, fields, strict=True)
    ]

    def load_batches() -> None:
        for start in range(0, len(annotations), BATCH_SIZE):
            samples = [pipeline(dict(annotation)) for annotation in annotations[start : start + BATCH_SIZE]]
            normalize(pseudo_collate(samples), training=True)

    return load_batches
