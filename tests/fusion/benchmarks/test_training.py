"""The benchmark of trainings, on a CPU with readings of a script in place of a GPU's."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests.fusion.benchmarks.test_gpu_utilization import write_nvidia_smi
from triad.fusion.benchmarks import simulated_datasets, training
from triad.fusion.benchmarks.training import TimeLimitHook, Training, measure_training, videos_of
from triad.fusion.index import load_index
from triad.modalities.checks import InputError


def test_training_ends_in_time(monkeypatch):
    clock = iter([0.0, 10.0, 20.0, 24.0, 26.0, 28.0])
    monkeypatch.setattr(training.time, "perf_counter", lambda: next(clock))
    runner = SimpleNamespace(train_loop=SimpleNamespace(stop_training=False))
    hook = TimeLimitHook(7.0)
    hook.before_train_epoch(runner)
    hook.after_train_epoch(runner)
    hook.before_train_epoch(runner)
    hook.after_train_epoch(runner)
    assert not runner.train_loop.stop_training  # 4 s
    assert hook.seconds_per_epoch == 4.0
    hook.before_train_epoch(runner)
    hook.after_train_epoch(runner)
    assert runner.train_loop.stop_training
    assert hook.seconds_per_epoch == 6.0  # with the validation between them


def test_without_gpu_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(training.torch.cuda, "is_available", lambda: False)
    with pytest.raises(InputError, match="GPU"):
        next(training.bench_training(tmp_path))


def test_recipe_is_extrapolated(tmp_path, monkeypatch):
    write_nvidia_smi(tmp_path, "50, 100\\n" * 1000)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setattr(training.torch.cuda, "get_device_name", lambda: "card")
    monkeypatch.setattr(training, "NUM_WORKERS", 1)
    monkeypatch.setattr(simulated_datasets, "NUCLA_CLIPS", {"v01": 20, "v02": 4, "v03": 4})
    simulated_datasets.write_nucla(tmp_path)
    monkeypatch.setattr(training.GpuUtilization, "median_after", lambda self, start: 50.0)
    short = Training("skeleton/stgcnpp_nucla", "nucla", 0.0, minutes=1.0, percent=60.0)
    utilization, recipe = measure_training(short, tmp_path, tmp_path / "work", "simulated data")
    assert (utilization.ours, utilization.ratio, utilization.keeps_promise) == (50.0, 0.5, False)
    assert "2 iterations an epoch" in utilization.note
    assert recipe.name.endswith("all 60 epochs")
    assert recipe.reference == pytest.approx(recipe.ours / 2)
    assert "from 1 epochs" in recipe.note


def test_simulated_jhmdb_shares_videos(tmp_path, monkeypatch):
    monkeypatch.setattr(simulated_datasets, "NUM_CLIPS", 2)
    monkeypatch.setattr(simulated_datasets, "JHMDB_CLIPS", {"train": 3, "val": 1, "test": 1})
    simulated_datasets.write_jhmdb(tmp_path)
    index = load_index(tmp_path)
    assert len(index.records) == 5
    assert {path.name for path in videos_of(tmp_path, 5)} == {"clip000.avi", "clip001.avi"}
