"""A training step of every leaf never lets the host wait for a GPU, tried on a GPU that has shapes and no values."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from waiting_steps import fake_gpu, move_to_fake_gpu, to_fake_gpu

from triad.fusion.data import collate
from triad.fusion.data.dataset import Sample
from triad.fusion.training.config import build_config
from triad.fusion.training.zoo import blank_clips, build_without_weights, fill_clip, find_leaves, max_persons_of
from triad.modalities.augmentation import SpatialAugmentation
from triad.modalities.clips import Span

CONFIGS = Path(__file__).resolve().parents[2] / "configs"
LEAVES = find_leaves(CONFIGS)
BATCH_SIZE = 3
EXCEPTIONS = {
    "rgb/mvit_v2_s_jhmdb": "torchvision computes the relative positions of MViTv2 on the host",
    "rgb/gru_jhmdb": "torch has no shapes alone for a GRU; on the CPU its step is tried in test_leaves.py",
}
SLOW = ("jhmdb", "ntu60", "smarthome")
"""Datasets of leaves that are tried in the slow tests; the others are small and have every kind of module."""


def batch_of(config) -> dict:
    """A batch of blank clips, each stream of which another sample lacks, with all augmentation."""
    samples = []
    is_multi_label = config.train_dataloader["dataset"].get("multi_label", False)
    label = np.eye(config.model["num_classes"], dtype=int)[0] if is_multi_label else 0
    blank = blank_clips(config)
    for number in range(BATCH_SIZE):
        clips = {name: fill_clip(clip, max_persons_of(config)) for name, clip in blank.items()}
        view = SpatialAugmentation(
            x=0.1, width=0.8, flip=number == 1, rotate=0.1, scale=1.1, brightness=1.2, noise=0.1, noise_seed=number
        )
        present = {name: number != position % BATCH_SIZE for position, name in enumerate(clips)}
        samples.append(Sample(f"s{number}", label, 0, Span(0.0, 1.0), view, clips, present))
    return collate(samples)


def name_of(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def each_leaf_without_exception() -> list:
    paths = [path for path in LEAVES if name_of(path) not in EXCEPTIONS]
    slow = [pytest.mark.slow]
    return [
        pytest.param(path, id=name_of(path), marks=slow if any(name in path.stem for name in SLOW) else [])
        for path in paths
    ]


def test_exceptions_are_leaves():
    assert {*EXCEPTIONS} <= {name_of(path) for path in LEAVES}


@pytest.mark.parametrize("path", each_leaf_without_exception())
def test_training_step_of_leaf_never_waits(path):
    config = build_config(path)
    model = build_without_weights(config).train()
    on_host = model.data_preprocessor.to_device(batch_of(config))
    with fake_gpu() as mode:
        move_to_fake_gpu(mode, model)
        batch = model.data_preprocessor.transform(to_fake_gpu(mode, on_host))
        loss, _ = model.parse_losses(model(batch=batch, mode="loss"))
    assert loss.device.type == "cuda"
