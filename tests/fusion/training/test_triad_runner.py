"""Leaves run on mmengine's own Runner, with its hooks, backends and options."""

from __future__ import annotations

import gc
import multiprocessing
import time
from pathlib import Path

import pytest
import torch
from brief_training import BRIEF, LEAF
from mmengine.config import Config
from mmengine.logging import MessageHub
from mmengine.optim import OptimWrapper
from mmengine.runner import Runner

from triad.fusion.training.config import build_config
from triad.fusion.training.device_prefetcher import DevicePrefetcher, begin_next_epoch
from triad.fusion.training.runner import build_runner
from triad.fusion.training.stop_workers import stop_workers
from triad.fusion.training.triad_runner import TriadRunner, log_gradients_later
from triad.modalities.checks import InputError
from triad.modalities.registry import MODELS


def train(data: Path, work_dir: Path, *options: str) -> Runner:
    runner = build_runner(build_config(LEAF, options=(*BRIEF, *options), data=data, work_dir=work_dir))
    runner.train()
    return runner


def plain_config(data: Path, work_dir: Path) -> Config:
    """Return a leaf as mmengine's own tools read and change it."""
    config = Config.fromfile(LEAF, format_python_code=False)  # yapf would take seconds
    options = {
        "work_dir": str(work_dir),
        "train_cfg.max_epochs": 1,
        "train_cfg.val_interval": 1,
        "model.num_classes": 3,
    }
    for loader in ("train_dataloader", "val_dataloader", "test_dataloader"):
        options |= {f"{loader}.dataset.index": str(data), f"{loader}.num_workers": 0}
        options |= {f"{loader}.dataset.streams.skeleton.num_frames": 4}
    options |= {"train_dataloader.persistent_workers": False, "data.index": str(data)}
    options |= {"streams.skeleton.num_frames": 4, "model.streams.skeleton.num_frames": 4}
    config.merge_from_dict(options)
    return config


def test_mmengine_runner_trains_and_tests_leaf(tiny, tmp_path):
    runner = Runner.from_cfg(plain_config(tiny, tmp_path))
    runner.train()
    metrics = runner.test()
    assert set(metrics) == {"mean_class_accuracy", "top1", "top5"}
    checkpoint = torch.load(tmp_path / "epoch_1.pth", weights_only=True)
    assert checkpoint["meta"]["layouts"] == {"skeleton": "minihome16"}


def test_mmengine_runner_refuses_unequal_streams(tiny, tmp_path):
    config = plain_config(tiny, tmp_path)
    config.merge_from_dict({"train_dataloader.dataset.streams.skeleton.num_frames": 8})
    with pytest.raises(InputError, match=r"'train_dataloader\.dataset\.streams' must be 'streams' of the config"):
        Runner.from_cfg(config).train()
    config = plain_config(tiny, tmp_path)
    config.merge_from_dict({"data.protocol": "cross_view"})
    with pytest.raises(InputError, match=r"protocol' must be 'cross_view' as data\.protocol, got 'cross_subj"):
        Runner.from_cfg(config).train()


def test_types_may_be_strings(tiny, tmp_path):
    config = build_config(LEAF, data=tiny, work_dir=tmp_path)
    config.streams.skeleton["reader"]["type"] = "PoseReader"
    config.streams.skeleton["encoder"]["type"] = "StGcnPlusPlus"
    model = MODELS.build({**config.model, "type": "Recognizer"})
    assert type(model.encoders["skeleton"]).__name__ == "StGcnPlusPlus"


def test_ema_and_early_stopping_hooks(tiny, tmp_path):
    hooks = "[{'type': 'EMAHook'}, {'type': 'EarlyStoppingHook', 'monitor': 'top1', 'rule': 'greater', 'patience': 1}]"
    runner = train(tiny, tmp_path, f"custom_hooks={hooks}", "train_cfg.max_epochs=6", "optim_wrapper.optimizer.lr=0.0")
    assert runner.epoch < 6  # a learning rate near 0 improves nothing
    checkpoint = torch.load(tmp_path / f"epoch_{runner.epoch}.pth", weights_only=True)
    assert "ema_state_dict" in checkpoint


def test_load_from_starts_at_checkpoint(tiny, tmp_path):
    weight = next(name for name, _ in MODELS.build(build_config(LEAF, options=BRIEF).model).named_parameters())
    first = train(tiny, tmp_path / "first").model.state_dict()
    options = (f"load_from={tmp_path / 'first/epoch_2.pth'}", "optim_wrapper.optimizer.lr=0.0", "param_scheduler=[]")
    second = train(tiny, tmp_path / "second", *options).model.state_dict()
    assert torch.equal(first[weight], second[weight])


def test_runners_of_one_second_share_nothing(tiny, tmp_path, monkeypatch):
    monkeypatch.setattr("mmengine.runner.runner.time.time", lambda: 1.8e9)
    runners = [
        build_runner(build_config(LEAF, options=BRIEF, data=tiny, work_dir=tmp_path / name)) for name in ("a", "b")
    ]
    runners[0].message_hub.update_info("best_score", 1.0)
    assert "best_score" not in runners[1].message_hub.runtime_info
    log_files = [handler.baseFilename for handler in runners[1].logger.handlers if hasattr(handler, "baseFilename")]
    assert [Path(file).is_relative_to(tmp_path / "b") for file in log_files] == [True]


def test_tensorboard_backend_writes_events(tiny, tmp_path):
    train(tiny, tmp_path, "visualizer.vis_backends=[{'type': 'TensorboardVisBackend'}]")
    assert list(tmp_path.rglob("events.out.tfevents.*"))


def test_auto_scale_lr_scales_peak_too(tiny, tmp_path):
    config = build_config(LEAF, options=BRIEF, data=tiny, work_dir=tmp_path)
    config.auto_scale_lr["enable"] = True
    config.train_dataloader["batch_size"] = 8  # half of the 16 that the rate is for
    runner = build_runner(config)
    runner.train()
    assert runner.optim_wrapper.optimizer.param_groups[0]["max_lr"] == pytest.approx(1.5e-3)


def test_rate_may_rise_for_one_iteration(tiny, tmp_path):
    """In two epochs of two iterations, a quarter is one iteration, at which mmengine divides by zero."""
    runner = train(tiny, tmp_path, "param_scheduler.0.pct_start=0.25")
    rates = runner.message_hub.get_scalar("train/lr").data[0]
    assert len(rates) == 4
    assert rates.argmax() == 1
    assert rates[1] == pytest.approx(3e-3 * 0.75, rel=1e-4)  # a third of the way down from the peak


def test_amp_without_gpu_is_refused(tiny, tmp_path):
    if torch.cuda.is_available():
        pytest.skip("needs a machine without a GPU")
    with pytest.raises(InputError, match="--amp must be used with a GPU, got none; leave it out"):
        build_runner(build_config(LEAF, data=tiny, work_dir=tmp_path), amp=True)


def test_best_checkpoint_follows_mean_class_accuracy(tiny, tmp_path):
    train(tiny, tmp_path)
    assert list(tmp_path.glob("best_mean_class_accuracy_epoch_*.pth"))


def test_one_cycle_keeps_rates_of_groups(tiny, tmp_path):
    """mmengine alone gives all groups the same peak."""
    first = "encoders.skeleton.blocks.0"
    option = f"optim_wrapper.paramwise_cfg={{'custom_keys': {{'{first}': {{'lr_mult': 0.25}}}}}}"
    runner = train(tiny, tmp_path / "rates", option, "train_cfg.max_epochs=1")
    names = [name for name, _ in runner.model.named_parameters()]
    groups = runner.optim_wrapper.optimizer.param_groups
    rates = {name: group["max_lr"] for name, group in zip(names, groups, strict=True)}
    peak = rates["heads.skeleton.fc.weight"]
    assert {rates[name] for name in names if name.startswith(f"{first}.")} == {0.25 * peak}
    assert {rates[name] for name in names if not name.startswith(f"{first}.")} == {peak}


def test_gradient_norms_are_logged_as_before(tiny, tmp_path):
    """The history of mmengine's own Runner, whose every value is read in its iteration."""
    config = plain_config(tiny, tmp_path / "mmengine")
    config.optim_wrapper["clip_grad"] = {"max_norm": 0.5}
    histories = []
    for runner_class in (Runner, TriadRunner):
        config.work_dir = str(tmp_path / runner_class.__name__)
        config.experiment_name = f"{tmp_path.name}_{runner_class.__name__}"
        runner = runner_class.from_cfg(config)
        runner.train()
        histories.append(runner.message_hub.log_scalars)
        assert MessageHub.get_current_instance() is runner.message_hub
    reference, ours = histories
    assert list(ours) == list(reference)
    for key in ("train/grad_norm", "train/loss", "train/loss_skeleton", "train/lr"):
        assert len(ours[key].data[0]) > 0
        assert ours[key].data[0].tolist() == reference[key].data[0].tolist()


def test_own_clipping_is_left_alone():
    class OwnWrapper(OptimWrapper):
        def _clip_grad(self) -> None: ...

    wrapper = OwnWrapper(torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1), clip_grad={"max_norm": 1})
    log_gradients_later(wrapper, MessageHub("own wrapper"))
    assert wrapper.clip_func is torch.nn.utils.clip_grad_norm_


def test_epochs_begun_early_are_the_same(tiny, tmp_path):
    """Order, times and augmentation of an epoch do not depend on when its reading begins."""
    options = (*BRIEF, "train_cfg.max_epochs=3", "train_cfg.val_interval=2", "train_dataloader.batch_size=4")
    states = []
    for name in ("as_asked", "early"):
        config = build_config(LEAF, options=options, data=tiny, work_dir=tmp_path / name)
        runner = build_runner(config, workers=1)
        loop = runner.build_train_loop(runner._train_loop)
        if name == "early":
            loop.dataloader = DevicePrefetcher(
                loop.dataloader,
                lambda batch: batch,
                device=torch.device("cpu"),
                begin_next=lambda loop=loop, seed=runner.seed: begin_next_epoch(loop, seed),
            )
        runner._train_loop = loop
        runner.train()
        states.append(runner.model.state_dict())
    assert all(torch.equal(value, states[1][key]) for key, value in states[0].items())


def test_workers_end_with_the_training(tiny, tmp_path):
    options = [
        option
        for option in BRIEF
        if not option.startswith(("train_dataloader.num_workers", "train_dataloader.persistent", "val_dataloader.num"))
    ]
    config = build_config(
        LEAF,
        options=(*options, "train_dataloader.num_workers=2", "val_dataloader.num_workers=2"),
        data=tiny,
        work_dir=tmp_path,
    )
    runner = build_runner(config)
    before = set(multiprocessing.active_children())
    start = time.monotonic()
    runner.train()
    assert set(multiprocessing.active_children()) == before
    trained = time.monotonic()
    del runner
    gc.collect()
    assert time.monotonic() - trained < 4  # not 5 s for a worker that nobody told to end
    assert trained - start < 60


def test_loaders_may_be_read_after_the_training(tiny, tmp_path):
    options = [option for option in BRIEF if "persistent" not in option and "train_dataloader.num" not in option]
    runner = build_runner(
        build_config(LEAF, options=(*options, "train_dataloader.num_workers=1"), data=tiny, work_dir=tmp_path)
    )
    runner.train()
    loader = runner.train_loop.dataloader
    assert len(list(loader)) == len(loader)
    stop_workers(loader)
    assert len(list(loader)) == len(loader)
    stop_workers(loader)
