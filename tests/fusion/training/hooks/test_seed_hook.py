"""Training that is stopped after an epoch and resumed gives the weights of uninterrupted training, bit for bit."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from mmengine.config import Config
from mmengine.hooks import Hook

from triad.fusion.training.config import build_config
from triad.fusion.training.runner import build_runner

ROOT = Path(__file__).parents[4]


class Stopped(Exception):
    """Raised in place of a killed job."""


class StopHook(Hook):
    def __init__(self, num_epochs: int) -> None:
        self.num_epochs = num_epochs

    def after_train_epoch(self, runner):
        if runner.epoch + 1 == self.num_epochs:
            raise Stopped


def small_config(data: Path, work_dir: Path) -> Config:
    config = build_config(ROOT / "configs/skeleton/stgcnpp_minihome.py", data=data)
    config.work_dir = str(work_dir)
    config.streams.skeleton["num_frames"] = 8
    config.streams.skeleton["encoder"].update(widths=(16, 16, 32), dropout=0.2)
    config.train_cfg.update(max_epochs=3, val_interval=3)
    config.train_dataloader["num_workers"] = 1  # a worker process must see the epoch change
    return config


def train(config: Config, *, stop_after: int | None = None) -> dict[str, torch.Tensor]:
    runner = build_runner(config)
    if stop_after is not None:
        runner.register_hook(StopHook(stop_after), priority="LOWEST")  # after the checkpoint of that epoch is written
    runner.train()
    return runner.model.state_dict()


def test_resumed_training_equals_uninterrupted(tiny, tmp_path):
    uninterrupted = train(small_config(tiny, tmp_path / "uninterrupted"))
    with pytest.raises(Stopped):
        train(small_config(tiny, tmp_path / "stopped"), stop_after=1)
    config = small_config(tiny, tmp_path / "stopped")
    config.resume = True
    resumed = train(config)
    assert all(torch.equal(uninterrupted[name], resumed[name]) for name in uninterrupted)
    config = small_config(tiny, tmp_path / "seed 1")
    config.randomness["seed"] = 1
    other_seed = train(config)
    assert any(not torch.equal(uninterrupted[name], other_seed[name]) for name in uninterrupted)
