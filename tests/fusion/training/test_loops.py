from __future__ import annotations

from pathlib import Path

import pytest
import torch

from triad.fusion.training.config import build_config
from triad.fusion.training.runner import build_runner, evaluate
from triad.modalities.checks import InputError

LEAF = """
from mmengine.config import read_base
from triad.fusion.models import Recognizer

with read_base():
    from configs._base_.datasets.minihome import *
    from configs._base_.runtime import *
    from configs._base_.schedules.linear_probe import *
    from configs._base_.streams.skeleton import *

skeleton.encoder.update(widths=(16,))
skeleton.update(num_frames=4)
streams = dict(skeleton=skeleton)
model = dict(type=Recognizer, streams=streams, num_classes=16, frozen=("skeleton",), pooling=("mean", "std"))
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
"""
IN_PROCESS = (
    "train_dataloader.num_workers=0",
    "train_dataloader.persistent_workers=False",
    "val_dataloader.num_workers=0",
    "test_dataloader.num_workers=0",
)


def test_heads_are_fitted_and_encoders_stay(tiny: Path, tmp_path: Path):
    (tmp_path / "probe.py").write_text(LEAF)
    options = (*IN_PROCESS, "train_cfg.passes=2", "train_cfg.strengths=[100.0]", f"experiment_name={tmp_path.name}")
    config = build_config(tmp_path / "probe.py", options=options, data=tiny, work_dir=tmp_path / "work")
    runner = build_runner(config)
    before = {key: value.clone() for key, value in runner.model.state_dict().items()}
    runner.train()
    state = torch.load(tmp_path / "work/epoch_1.pth", weights_only=True)["state_dict"]
    changed = {key for key, value in before.items() if not torch.equal(value, state[key])}
    assert changed == {"heads.skeleton.fc.weight", "heads.skeleton.fc.bias"}
    assert runner.iter == 2 * len(runner.train_dataloader)
    assert list((tmp_path / "work").glob("best_mean_class_accuracy*.pth"))
    predictions = evaluate(build_config(tmp_path / "probe.py", options=options, data=tiny), tmp_path / "work", "train")
    accuracy = (predictions.scores["skeleton"].argmax(1) == predictions.labels).mean()
    assert accuracy > 0.7  # the classifier that was fitted is the one that predicts


def test_passes_below_one_are_refused(tiny: Path, tmp_path: Path):
    (tmp_path / "probe.py").write_text(LEAF)
    options = (*IN_PROCESS, "train_cfg.passes=0")
    config = build_config(tmp_path / "probe.py", options=options, data=tiny, work_dir=tmp_path / "work")
    with pytest.raises(InputError, match=r"LinearProbeLoop\.passes must be at least 1, got 0"):
        build_runner(config).train()
