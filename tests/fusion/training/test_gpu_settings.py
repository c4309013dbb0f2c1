"""Settings that keep a GPU busy: numbers of workers, and how often checkpoints are written."""

from __future__ import annotations

import pytest
import torch
from brief_training import LEAF

from triad.fusion.training.config import build_config
from triad.fusion.training.gpu_settings import default_workers, save_less_often, set_workers
from triad.modalities.checks import InputError


@pytest.fixture
def config(tiny, tmp_path):
    return build_config(LEAF, data=tiny, work_dir=tmp_path)


def workers_of(config):
    return [config[f"{name}_dataloader"]["num_workers"] for name in ("train", "val", "test")]


@pytest.fixture
def gpu_with_six_cores(monkeypatch):
    monkeypatch.setattr("triad.fusion.training.gpu_settings.available_cores", lambda: 6)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.delenv("LOCAL_WORLD_SIZE", raising=False)


def test_workers_are_set_for_all_loaders(config):
    set_workers(config, 3)
    assert workers_of(config) == [3, 3, 3]
    assert [config[f"{name}_dataloader"]["persistent_workers"] for name in ("train", "val", "test")] == [
        True, True, False,
    ]  # fmt: skip


def test_no_workers_are_not_persistent(config):
    set_workers(config, 0)
    assert workers_of(config) == [0, 0, 0]
    assert config.train_dataloader["persistent_workers"] is False


def test_cpu_keeps_workers_of_config(config, monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    set_workers(config)
    assert workers_of(config) == [1, 1, 1]


def test_gpu_gets_workers_for_its_cores(config, gpu_with_six_cores):
    config.val_dataloader["num_workers"] = 2  # somebody's choice
    set_workers(config)
    assert workers_of(config) == [6, 2, 6]


def test_processes_of_a_machine_share_cores(gpu_with_six_cores, monkeypatch):
    monkeypatch.setenv("LOCAL_WORLD_SIZE", "2")
    assert default_workers() == 3
    monkeypatch.setenv("LOCAL_WORLD_SIZE", "8")
    assert default_workers() == 1


def test_negative_workers_are_refused(config):
    with pytest.raises(InputError, match="number of workers must be at least 0, got -1"):
        set_workers(config, -1)


def test_checkpoints_get_a_share(config):
    save_less_often(config)
    assert config.default_hooks.checkpoint["max_share"] == 0.05
    config.default_hooks.checkpoint.update(type="triad.SafeCheckpointHook", max_share=0.5)
    save_less_often(config)
    assert config.default_hooks.checkpoint["max_share"] == 0.5
