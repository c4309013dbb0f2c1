"""From the store to a sampled, normalised, augmented batch, against mmaction2's skeleton pipeline, one core each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch

from fusion.benchmarks.row import Row, compare
from fusion.data.collate import collate
from fusion.data.dataset import ActionDataset
from fusion.data.temporal_sampler import TemporalSampler
from fusion.index.index import write_index
from modalities.augmentation import RandomSpatialAugmentation
from modalities.openmmlab import import_mmaction
from modalities.skeleton.pose_store_writer import write_store
from modalities.skeleton.poses import Poses
from modalities.skeleton.reader import PoseReader
from modalities.skeleton.transforms import AlignView, CenterOnRoot, SkeletonTransform

CLIPS, BATCH, TIMES, LAYOUT, CANVAS = 512, 16, 100, "ntu25", (1, 1)


def bench_skeleton_input(folder: Path) -> list[Row]:
    """Two persons, 40–120 frames, 25 joints; both centre, turn the body to the axes and take 100 random times."""
    annotations = _simulate(folder)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        ours, theirs = compare(_ours(folder), _theirs(annotations), rounds=5)
    finally:
        torch.set_num_threads(threads)
    note = "one thread; ours also rotates and scales at random; reference: mmaction2's ST-GCN++ 3D training pipeline"
    return [Row("skeleton input pipeline", "cpu", CLIPS / ours, CLIPS / theirs, "clips/s", 8.0, note=note)]


def _simulate(folder: Path) -> list[dict[str, Any]]:
    rng = np.random.default_rng(0)
    records, annotations = [], []
    with write_store(folder / "skeleton.safetensors", layout=LAYOUT, dtype="float16") as store:
        for clip in range(CLIPS):
            num = int(rng.integers(40, 121))
            points = rng.normal(0, 1, (2, num, 25, 3)).astype(np.float16).astype(np.float32)
            number = store.add(f"c{clip}", Poses(points, np.ones(points.shape[:3], np.float32), LAYOUT))
            source = {"path": "skeleton.safetensors", "clip": number, "num": num, "fps": 30.0}
            records.append({"id": f"c{clip}", "label": 0, "subject": "s01", "sources": {"skeleton": source}})
            annotations.append(
                {"keypoint": points.astype(np.float16), "total_frames": num, "label": 0, "start_index": 0}
            )
    streams = {"skeleton": {"modality": "skeleton", "layout": LAYOUT, "channels": 3}}
    write_index(folder / "index.json", {"dataset": "minihome", "classes": ["x"], "streams": streams}, records)
    return annotations


def _ours(folder: Path) -> Any:
    dataset = ActionDataset(
        index=folder,
        protocol="cross_subject",
        split="train",
        streams={"skeleton": {"reader": PoseReader(layout=LAYOUT, frame_size=CANVAS), "num_frames": TIMES}},
        temporal_sampler=TemporalSampler(min_span_ratio=0.5),
        augmentation=RandomSpatialAugmentation(rotate=30.0),
    )
    transform = SkeletonTransform(layout=LAYOUT, frame_size=CANVAS, steps=[AlignView(), CenterOnRoot()])

    def work() -> None:
        for first in range(0, CLIPS, BATCH):
            batch = collate([dataset[row] for row in range(first, first + BATCH)])
            transform(batch["skeleton"], batch["view"])

    return work


def _theirs(annotations: list[dict[str, Any]]) -> Any:
    import_mmaction()
    from mmaction.datasets.transforms import FormatGCNInput, GenSkeFeat, PackActionInputs, PoseDecode, PreNormalize3D
    from mmaction.datasets.transforms import UniformSampleFrames as Sample
    from mmcv.transforms import Compose
    from mmengine.dataset import pseudo_collate

    steps = [PreNormalize3D(), GenSkeFeat(dataset="nturgb+d", feats=["j"]), Sample(clip_len=TIMES), PoseDecode()]
    pipeline = Compose([*steps, FormatGCNInput(num_person=2), PackActionInputs()])

    def work() -> None:
        for first in range(0, CLIPS, BATCH):
            samples = [pipeline(dict(annotation)) for annotation in annotations[first : first + BATCH]]
            torch.stack(pseudo_collate(samples)["inputs"])

    return work
