"""Building and running mmengine's Runner from a completed config."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import torch
from mmengine.config import Config
from mmengine.config.lazy import LazyObject
from mmengine.dist import broadcast_object_list
from mmengine.model import is_model_wrapper
from mmengine.optim import OptimWrapper
from mmengine.runner import Runner

from fusion.data.collate import collate
from fusion.data.dataset import ActionDataset
from fusion.models import Recognizer
from fusion.models.cost import stream_costs
from fusion.predictions import Predictions
from fusion.training.config.config_checks import check_fields
from fusion.training.triad_runner import TriadRunner, check_weights, checkpoint_of
from modalities.atomic_files import sha256_of
from modalities.checks import fail


def build_runner(config: Config) -> Runner:
    """A runner, on the GPU in bfloat16 where there is one.

    Raises:
        InputError: if a field of the config does not fit its class.
    """
    if torch.cuda.is_available():
        use_bfloat16(config)
    check_fields(config)
    return TriadRunner.from_cfg(config)


def use_bfloat16(config: Config) -> None:
    """Let a plain optimizer wrapper compute in bfloat16, which needs no loss scaling."""
    if config.optim_wrapper["type"] is OptimWrapper:
        wrapper = LazyObject("mmengine.optim", "AmpOptimWrapper")  # a class itself would not be written down as code
        config.optim_wrapper.update(type=wrapper, dtype="bfloat16", loss_scale=1.0)


def evaluate(config: Config, checkpoint: str | Path, split: str) -> Predictions:
    """Run a trained model over one split.

    Raises:
        InputError: if the checkpoint does not fit the config.
    """
    if "streams" not in config:
        fail(f"config '{config.filename}'", "be of a recognizer", "one of an estimator", "see tools/evaluate.py")
    checkpoint = checkpoint_of(checkpoint)
    config.test_dataloader["dataset"]["split"] = split
    config.load_from, config.resume = str(checkpoint), False
    config.work_dir = str(checkpoint.parent / "test")
    for key in ("train_dataloader", "train_cfg", "optim_wrapper", "param_scheduler"):
        config[key] = None
    for key in ("val_dataloader", "val_cfg", "val_evaluator"):
        config[key] = None
    check_fields(config)
    runner = TriadRunner.from_cfg(config)
    check_weights(runner.model, checkpoint)
    model = runner.model.module if is_model_wrapper(runner.model) else runner.model
    dataset = runner.test_dataloader.dataset
    meta = meta_of(config, model, dataset, split)  # before the work, so that what fails, fails early
    meta["checkpoint"] = sha256_of(checkpoint)
    runner.test()
    found: list[Any] = [getattr(runner.test_evaluator.metrics[0], "predictions", None)]
    broadcast_object_list(found)  # only the main process has them
    predictions: Predictions = found[0]
    return replace(predictions, groups=groups_of(dataset.records, predictions.ids.tolist()), meta=meta)


def meta_of(config: Config, model: Recognizer, dataset: ActionDataset, split: str) -> dict[str, Any]:
    """What predictions say about how they came to be, and what a sample costs.

    Raises:
        InputError: if the split is empty.
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
        "cost": stream_costs(model, collate([dataset[0]])),
    }


def groups_of(records: Sequence[dict[str, Any]], ids: Sequence[str]) -> dict[str, np.ndarray]:
    """What may not be split by a cross-validation: subjects or source videos, one name a sample."""
    by_id = {record["id"]: record for record in records}
    return {
        field: np.array([by_id[name][field] for name in ids])
        for field in ("subject", "source_video")
        if all(field in record for record in records)
    }
