"""Training of one process under a launcher, and of small batches whose gradients are accumulated."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
import torch
from brief_training import BRIEF, LEAF
from killed_training import differences
from mmengine.runner import Runner

from triad.fusion.training.config import build_config
from triad.fusion.training.runner import build_runner


def train(data: Path, work_dir: Path, *options: str, launcher: str = "none", workers: int = 0) -> Runner:
    config = build_config(LEAF, options=(*BRIEF, *options), data=data, work_dir=work_dir, launcher=launcher)
    runner = build_runner(config, workers=workers)
    runner.train()
    return runner


def state_of(work_dir: Path) -> dict:
    checkpoint = torch.load(work_dir / "epoch_2.pth", weights_only=True)
    return {key: checkpoint[key] for key in ("state_dict", "optimizer", "param_schedulers")}


@pytest.fixture
def world_of_one(monkeypatch):
    """Variables of a launcher's only process; afterwards its group is left."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    torchrun = {"RANK": "0", "WORLD_SIZE": "1", "LOCAL_RANK": "0", "MASTER_ADDR": "127.0.0.1"}
    slurm = {"SLURM_PROCID": "0", "SLURM_NTASKS": "1", "SLURM_LOCALID": "0", "SLURM_NODELIST": "localhost"}

    def start(launcher: str) -> None:
        for name in (*torchrun, *slurm):
            monkeypatch.delenv(name, raising=False)
        variables = torchrun if launcher == "pytorch" else slurm | {"MASTER_ADDR": "127.0.0.1"}
        for name, value in (variables | {"MASTER_PORT": str(port), "MKL_NUM_THREADS": "1"}).items():
            monkeypatch.setenv(name, value)

    yield start
    if torch.distributed.is_initialized():
        torch.distributed.destroy_process_group()


@pytest.mark.parametrize("launcher", ["pytorch", "slurm"])
def test_world_of_one_equals_one_process(launcher, world_of_one, tiny, tmp_path):
    train(tiny, tmp_path / "alone")
    world_of_one(launcher)
    runner = train(tiny, tmp_path / "world", launcher=launcher, workers=1)
    assert (runner.distributed, runner.world_size) == (True, 1)
    assert differences(state_of(tmp_path / "alone"), state_of(tmp_path / "world")) == []


PLAIN = (
    "optim_wrapper.optimizer={'type': 'SGD', 'lr': 0.1}",
    "param_scheduler=[]",
    "train_dataloader.sampler.length=16",
    "train_cfg.max_epochs=1",
)


def test_accumulated_gradients_equal_larger_batch(tiny, tmp_path, monkeypatch):
    """Without batch statistics and dropout, two batches of four are one of eight."""
    states = []
    for name, size, counts in (("large", 8, 1), ("accumulated", 4, 2), ("small", 4, 1)):
        options = (f"train_dataloader.batch_size={size}", f"optim_wrapper.accumulative_counts={counts}", *PLAIN)
        config = build_config(LEAF, options=(*BRIEF, *options), data=tiny, work_dir=tmp_path / name)
        runner = build_runner(config)
        model = runner.model.eval()
        monkeypatch.setattr(model, "train", lambda mode=True, model=model: model)  # statistics stay as they are
        runner.train()
        states.append(torch.cat([value.flatten() for value in runner.model.state_dict().values()]))
    torch.testing.assert_close(states[0], states[1], rtol=1e-4, atol=1e-6)
    assert (states[0] - states[2]).abs().max() > 1e-3  # twice as many steps


def test_rate_follows_accumulated_batches(tiny, tmp_path, capfd):
    """Two batches of four are half of the sixteen samples that the leaf's rate is for."""
    options = ("auto_scale_lr.enable=True", "train_dataloader.batch_size=4", "optim_wrapper.accumulative_counts=2")
    runner = train(tiny, tmp_path, *options)
    assert "learning rate 0.003 for batches of 16 → 0.0015 for batches of 8\n" in capfd.readouterr().err
    assert runner.optim_wrapper.optimizer.param_groups[0]["max_lr"] == pytest.approx(1.5e-3)
