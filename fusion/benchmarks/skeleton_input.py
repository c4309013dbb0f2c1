"""Benchmark of the skeleton input pipeline, from the store to an augmented batch, against mmaction2's, on one core."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch

from triad.fusion.benchmarks.result import BenchmarkResult
from triad.fusion.benchmarks.timing import measure_pair
from triad.fusion.data import ActionDataset, TemporalSampler, collate
from triad.fusion.index import write_index
from triad.modalities.augmentation import RandomSpatialAugmentation
from triad.modalities.openmmlab import import_mmaction
from triad.modalities.prepared_view import prepare_view
from triad.modalities.skeleton import PoseReader, Poses, write_store
from triad.modalities.skeleton.transforms import AlignView, CenterOnRoot, SkeletonTransform

NUM_CLIPS = 512
BATCH_SIZE = 16
NUM_FRAMES = 100
LAYOUT = "ntu25"
FRAME_SIZE = (1, 1)


def bench_skeleton_input(folder: Path) -> list[BenchmarkResult]:
    """Time the pipelines on two persons, 40–120 frames, 25 joints.

    Both centre the body, turn it to the axes and take 100 random times.
    """
    annotations = _simulate_dataset(folder)
    num_threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        seconds, reference_seconds = measure_pair(
            _build_pipeline(folder), _build_reference_pipeline(annotations), rounds=5
        )
    finally:
        torch.set_num_threads(num_threads)
    note = "one thread; ours also rotates and scales at random; reference: mmaction2's ST-GCN++ 3D training pipeline"
    rate = NUM_CLIPS / seconds
    reference_rate = NUM_CLIPS / reference_seconds
    return [BenchmarkResult("skeleton input pipeline", "cpu", rate, reference_rate, "clips/s", 8.0, note=note)]


def _simulate_dataset(folder: Path) -> list[dict[str, Any]]:
    """Write an index and a store of random skeletons, and return the same clips as mmaction2's annotations."""
    rng = np.random.default_rng(0)
    records = []
    annotations = []
    with write_store(folder / "skeleton.safetensors", layout=LAYOUT, dtype="float16") as store:
        for clip in range(NUM_CLIPS):
            num_frames = int(rng.integers(40, 121))
            keypoints = rng.normal(0, 1, (2, num_frames, 25, 3)).astype(np.float16).astype(np.float32)
            scores = np.ones(keypoints.shape[:3], np.float32)
            stored_clip = store.add(f"c{clip}", Poses(keypoints, scores, LAYOUT))
            source = {"path": "skeleton.safetensors", "clip": stored_clip, "num": num_frames, "fps": 30.0}
            records.append({"id": f"c{clip}", "label": 0, "subject": "s01", "sources": {"skeleton": source}})
            annotations.append(
                {"keypoint": keypoints.astype(np.float16), "total_frames": num_frames, "label": 0, "start_index": 0}
            )
    streams = {"skeleton": {"modality": "skeleton", "layout": LAYOUT, "channels": 3}}
    write_index(folder / "index.json", {"dataset": "minihome", "classes": ["x"], "streams": streams}, records)
    return annotations


def _build_pipeline(folder: Path) -> Callable[[], None]:
    dataset = ActionDataset(
        index=folder,
        protocol="cross_subject",
        split="train",
        streams={"skeleton": {"reader": PoseReader(layout=LAYOUT, frame_size=FRAME_SIZE), "num_frames": NUM_FRAMES}},
        temporal_sampler=TemporalSampler(min_span_ratio=0.5),
        augmentation=RandomSpatialAugmentation(rotate=30.0),
    )
    transform = SkeletonTransform(layout=LAYOUT, frame_size=FRAME_SIZE, steps=[AlignView(), CenterOnRoot()])

    def load_batches() -> None:
        for start in range(0, NUM_CLIPS, BATCH_SIZE):
            batch = collate([dataset[row] for row in range(start, start + BATCH_SIZE)])
            transform(batch["skeleton"], prepare_view(batch["view"]))

    return load_batches


def _build_reference_pipeline(annotations: list[dict[str, Any]]) -> Callable[[], None]:
    import_mmaction()
    from mmaction.datasets.transforms import FormatGCNInput, GenSkeFeat, PackActionInputs, PoseDecode, PreNormalize3D
    from mmaction.datasets.transforms import UniformSampleFrames as Sample
    from mmcv.transforms import Compose
    from mmengine.dataset import pseudo_collate

    steps = [PreNormalize3D(), GenSkeFeat(dataset="nturgb+d", feats=["j"]), Sample(clip_len=NUM_FRAMES), PoseDecode()]
    pipeline = Compose([*steps, FormatGCNInput(num_person=2), PackActionInputs()])

    def load_batches() -> None:
        for start in range(0, NUM_CLIPS, BATCH_SIZE):
            samples = [pipeline(dict(annotation)) for annotation in annotations[start : start + BATCH_SIZE]]
            torch.stack(pseudo_collate(samples)["inputs"])

    return load_batches
