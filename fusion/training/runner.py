"""Building and running mmengine's Runner from a completed config."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from mmengine.config import Config
from mmengine.logging import MMLogger
from mmengine.runner import Runner

from fusion.evaluation.predictions import Predictions
from modalities.checks import InputError, check_file, fail, nearest


class QuietRunner(Runner):
    """mmengine's Runner with its log in the file only; errors still reach the console."""

    def build_logger(self, *args: Any, **kwargs: Any) -> MMLogger:
        logger = super().build_logger(*args, **kwargs)
        for handler in logger.handlers:
            if not isinstance(handler, logging.FileHandler):
                handler.setLevel(logging.ERROR)
        return logger


def build_runner(config: Config) -> Runner:
    """A runner, on the GPU in bfloat16 where there is one.

    Raises:
        InputError: if a field of the config does not fit its class.
    """
    if torch.cuda.is_available() and config.optim_wrapper["type"].__name__ == "OptimWrapper":
        from mmengine.optim import AmpOptimWrapper

        config.optim_wrapper.update(type=AmpOptimWrapper, dtype="bfloat16", loss_scale=1.0)
    try:
        return QuietRunner.from_cfg(config)
    except TypeError as error:
        raise InputError(f"config: {_unknown_field(str(error))}") from error


def _unknown_field(message: str) -> str:
    """mmengine's ``… X.__init__() got an unexpected keyword argument 'y'``, with the nearest right one."""
    if "unexpected keyword argument" not in message:
        return message
    from modalities.registry import DATASETS, MODELS, TRANSFORMS

    name, wrong = message.split(".__init__()")[0].split()[-1], message.rsplit("'", 2)[1]
    found = next((cls for registry in (MODELS, TRANSFORMS, DATASETS) if (cls := registry.module_dict.get(name))), None)
    known = list(found.__init__.__annotations__) if found is not None else []  # type: ignore[misc]
    return f"{name} has no field '{wrong}'{nearest(wrong, known)}"


def checkpoint_of(path: str | Path) -> Path:
    """A checkpoint file, or the last one of a work folder.

    Raises:
        InputError: if there is none.
    """
    path = Path(path)
    if path.is_dir():
        pointer = check_file("last checkpoint", path / "last_checkpoint", "train the config first")
        path = path / Path(pointer.read_text().strip()).name
    return check_file("checkpoint", path, "train the config first (python tools/train.py)")


def evaluate(config: Config, checkpoint: str | Path, split: str) -> Predictions:
    """Run a trained model over one split.

    Raises:
        InputError: if the checkpoint does not fit the config.
    """
    checkpoint = checkpoint_of(checkpoint)
    config.test_dataloader["dataset"]["split"] = split
    config.load_from, config.resume = str(checkpoint), False
    for key in ("train_dataloader", "train_cfg", "optim_wrapper", "param_scheduler"):
        config[key] = None
    for key in ("val_dataloader", "val_cfg", "val_evaluator"):
        config[key] = None
    runner = build_evaluation_runner(config)
    check_weights(runner.model, checkpoint)
    runner.test()
    predictions: Predictions = runner.test_evaluator.metrics[0].predictions
    dataset = runner.test_dataloader.dataset
    return replace(
        predictions,
        groups=groups_of(dataset.records, predictions.ids.tolist()),
        meta={
            "dataset": dataset.index.dataset,
            "protocol": config.data["protocol"],
            "split": split,
            "seed": config.randomness["seed"],
            "config": str(config.filename),
        },
    )


def build_evaluation_runner(config: Config) -> Runner:
    try:
        return QuietRunner.from_cfg(config)
    except TypeError as error:
        raise InputError(f"config: {_unknown_field(str(error))}") from error


def check_weights(model: torch.nn.Module, checkpoint: Path) -> None:
    """Refuse a checkpoint of another model: mmengine would load what fits and say little about the rest."""
    weights = torch.load(checkpoint, map_location="cpu", weights_only=True).get("state_dict", {})
    own = model.state_dict()
    wrong = [key for key in own if key not in weights or weights[key].shape != own[key].shape]
    if wrong:
        fail(f"checkpoint '{checkpoint}'", "fit the config", f"no '{wrong[0]}' of shape {list(own[wrong[0]].shape)}")


def groups_of(records: Sequence[dict[str, Any]], ids: Sequence[str]) -> dict[str, np.ndarray]:
    """What may not be split by a cross-validation: subjects or source videos, one name a sample."""
    by_id = {record["id"]: record for record in records}
    return {
        field: np.array([by_id[name][field] for name in ids])
        for field in ("subject", "source_video")
        if all(field in record for record in records)
    }
