"""Training and testing of a built config with mmengine's Runner."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import torch
from mmengine.config import Config
from mmengine.config.lazy import LazyObject
from mmengine.dist import broadcast_object_list
from mmengine.optim import OptimWrapper

from triad.fusion.data import ActionDataset, FrameDataset, collate
from triad.fusion.models import Recognizer, stream_costs
from triad.fusion.predictions import Predictions, groups_of
from triad.fusion.training.checkpoints import check_weights, checkpoint_of, unwrap
from triad.fusion.training.gpu_settings import save_less_often, set_workers
from triad.fusion.training.log_folder import log_folder
from triad.fusion.training.trained_classes import fit_num_classes, score_columns
from triad.fusion.training.triad_runner import TriadRunner
from triad.modalities.atomic_files import sha256_of
from triad.modalities.checks import fail
from triad.modalities.device import describe_hardware
from triad.modalities.weights import skip_loading


def build_runner(config: Config, *, amp: bool | None = None, workers: int | None = None) -> TriadRunner:
    """Build the runner of a config that :func:`triad.fusion.training.config.build_config` returned.

    Args:
        config: the config.
        amp: whether to compute in bfloat16; None does so on a GPU.
        workers: number of processes that read for each loader, see
            :func:`~triad.fusion.training.gpu_settings.set_workers`.

    Raises:
        InputError: If mixed precision is asked for without a GPU.
    """
    has_gpu = torch.cuda.is_available()
    if amp and not has_gpu:
        fail("--amp", "be used with a GPU", "none", "leave it out")
    if has_gpu if amp is None else amp:
        use_bfloat16(config)
    set_workers(config, workers)
    if has_gpu:
        save_less_often(config)
    with skip_loading() if config.get("resume") else nullcontext():  # the checkpoint overwrites what it started from
        return TriadRunner.from_cfg(config)


def use_bfloat16(config: Config) -> None:
    """Let a plain optimizer wrapper compute in bfloat16, which needs no loss scaling (that would wait)."""
    if config.optim_wrapper["type"] is OptimWrapper:
        wrapper = LazyObject("mmengine.optim", "AmpOptimWrapper")  # a class itself would not be written down as code
        config.optim_wrapper.update(type=wrapper, dtype="bfloat16", loss_scale={"enabled": False})


def evaluate(config: Config, checkpoint: str | Path, split: str) -> Predictions:
    """Run a trained model over one split.

    Args:
        config: config of :func:`triad.fusion.training.config.build_config`; it is changed.
        checkpoint: path of a checkpoint, or of a work folder, of which the best one is taken; the log goes to the
            folder ``test`` beside it, where that can be written.
        split: name of the split.

    Returns:
        Predictions over the classes of the dataset, which are matched by name with those of the checkpoint.

    Raises:
        InputError: If the checkpoint does not fit the config, or was not trained on a class of the dataset.
    """
    if "streams" not in config:
        fail(f"config '{config.filename}'", "be of a recognizer", "one of an estimator", "see triad evaluate")
    checkpoint = checkpoint_of(checkpoint)
    fit_num_classes(config, checkpoint)
    config.test_dataloader["dataset"]["split"] = split
    config.load_from = str(checkpoint)
    config.resume = False
    set_workers(config)
    for key in ("train_dataloader", "train_cfg", "optim_wrapper", "param_scheduler", "auto_scale_lr"):
        config[key] = None
    for key in ("val_dataloader", "val_cfg", "val_evaluator"):
        config[key] = None
    with log_folder(checkpoint.parent / "test") as folder:
        config.work_dir = str(folder)
        with skip_loading():
            runner = TriadRunner.from_cfg(config)
        check_weights(runner.model, checkpoint)
        dataset = runner.test_dataloader.dataset
        model: Any = unwrap(runner.model)
        meta = meta_of(config, model, dataset, split)  # before the work, so that what fails, fails early
        meta["checkpoint"] = sha256_of(checkpoint)
        metrics = runner.test_evaluator.metrics
        metrics[0].columns = score_columns(checkpoint, dataset)
        runner.test()
    gathered: list[Any] = [getattr(metrics[0], "predictions", None)]
    broadcast_object_list(gathered)  # only the main process has them
    predictions: Predictions = gathered[0]
    return replace(predictions, groups=_groups(dataset, predictions.ids.tolist()), meta=meta)


def _groups(dataset: ActionDataset, ids: Sequence[str]) -> dict[str, np.ndarray]:
    """Return the groups of predictions by name; of labels of every step ``source_video`` is their video."""
    if not isinstance(dataset, FrameDataset):
        return groups_of(dataset.records, ids)
    videos = [name.rpartition("@")[0] for name in ids]
    return {**groups_of(dataset.records, videos), "source_video": np.array(videos)}


def meta_of(config: Config, model: Recognizer, dataset: ActionDataset, split: str) -> dict[str, Any]:
    """Return the origin of predictions and the cost of a sample, as a predictions file stores them.

    Raises:
        InputError: If the split is empty.
    """
    if len(dataset) == 0:
        fail(f"split '{split}' of '{dataset.index.root}'", "hold at least one sample", "none")
    return {
        "dataset": dataset.index.dataset,
        "protocol": config.data["protocol"],
        "split": split,
        "seed": config.randomness["seed"],
        "config": str(config.filename),
        "version": version("triad"),
        "hardware": describe_hardware(),
        "cost": stream_costs(model, collate([dataset[0]])),
    }
