"""Training stopped after an epoch and resumed gives the weights of training through, bit for bit."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from mmengine.config import Config

from fusion.training.config import build_config
from fusion.training.runner import build_runner

ROOT = Path(__file__).parents[4]


class Stopped(Exception):
    """What a killed job looks like from inside."""


def settings(data: Path, work: Path) -> Config:
    config = build_config(ROOT / "configs/skeleton/stgcnpp_minihome.py", data=data)
    config.work_dir = str(work)
    config.streams.skeleton["num_frames"] = 8
    config.streams.skeleton["encoder"].update(widths=(16, 16, 32), dropout=0.2)
    config.train_cfg.update(max_epochs=3, val_interval=3)
    config.train_dataloader["num_workers"] = 1  # a worker process must see the epoch change
    return config


def train(config: Config, *, stop_after: int | None = None) -> dict[str, torch.Tensor]:
    runner = build_runner(config)
    if stop_after is not None:
        from mmengine.hooks import Hook

        class Stop(Hook):
            priority = "LOWEST"  # after the checkpoint of that epoch is written

            def after_train_epoch(self, runner):
                if runner.epoch + 1 == stop_after:
                    raise Stopped

        runner.register_hook(Stop(), priority="LOWEST")
    runner.train()
    return runner.model.state_dict()


def test_resume_is_exact(tiny, tmp_path):
    through = train(settings(tiny, tmp_path / "through"))
    with pytest.raises(Stopped):
        train(settings(tiny, tmp_path / "stopped"), stop_after=1)
    resumed = settings(tiny, tmp_path / "stopped")
    resumed.resume = True
    again = train(resumed)
    assert all(torch.equal(through[name], again[name]) for name in through)
    other = settings(tiny, tmp_path / "other")
    other.randomness["seed"] = 1
    different = train(other)
    assert any(not torch.equal(through[name], different[name]) for name in through)
