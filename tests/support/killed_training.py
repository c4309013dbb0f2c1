"""A small skeleton training that can be killed at named points, and what it leaves."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import torch
from mmengine.config import Config
from mmengine.runner import ValLoop
from tool_runs import CONFIGS

from triad.fusion.training.config import build_config
from triad.fusion.training.hooks.outdated_files import OutdatedFiles
from triad.fusion.training.last_checkpoint import resume_from
from triad.fusion.training.runner import build_runner

SCORES = {1: 0.25, 2: 0.75, 3: 0.5}
"""Validation score of each epoch: the second is the best."""


class Killed(BaseException):
    """Raised where a process would be killed."""


def killable_config(data: Path, work_dir: Path, *, max_epochs: int = 3) -> Config:
    """Return the config of a training of a few seconds, with validation in every epoch."""
    config = build_config(CONFIGS["skeleton"], data=data, work_dir=work_dir)
    config.streams.skeleton["num_frames"] = 4
    config.streams.skeleton["encoder"].update(widths=(16, 16, 16), dropout=0.2)
    config.train_cfg.update(max_epochs=max_epochs, val_interval=1)
    for loader in (config.train_dataloader, config.val_dataloader):
        loader.update(num_workers=0, persistent_workers=False)
    return config


def train_on(config: Config) -> None:
    """Train, from the last checkpoint of the work folder if there is one."""
    resume_from(config, config.work_dir)
    build_runner(config).train()


def files_of(work_dir: Path) -> list[str]:
    """Return the names of all files of a work folder that are not logs."""
    return sorted(path.name for path in work_dir.iterdir() if path.is_file() and path.suffix != ".py")


def result_of(work_dir: Path) -> dict[str, Any]:
    """Return what must be the same after a killed and an uninterrupted training: files, states and scores."""
    result: dict[str, Any] = {"files": files_of(work_dir)}
    for path in sorted(work_dir.glob("*.pth")):
        checkpoint = torch.load(path, weights_only=True)
        info = checkpoint["message_hub"]["runtime_info"]
        result[path.name] = {
            "position": (checkpoint["meta"]["epoch"], checkpoint["meta"]["iter"]),
            "best": (Path(info["best_ckpt"]).name, info["best_score"]) if "best_ckpt" in info else None,
            "validated": info.get("last_validated"),
            "outdated": info.get("outdated_files", []) if path.name.startswith("epoch") else None,
            **{key: checkpoint.get(key) for key in ("state_dict", "optimizer", "param_schedulers")},
        }
    return result


def differences(left: Any, right: Any, name: str = "") -> list[str]:
    """Return the places at which two nested results differ; tensors are compared bit for bit."""
    if isinstance(left, dict) and isinstance(right, dict):
        keys = sorted({*left, *right}, key=str)
        return [line for key in keys for line in differences(left.get(key), right.get(key), f"{name}/{key}")]
    if isinstance(left, torch.Tensor) and isinstance(right, torch.Tensor):
        return [] if torch.equal(left, right) else [name]
    if isinstance(left, list | tuple) and isinstance(right, list | tuple) and len(left) == len(right):
        pairs = enumerate(zip(left, right, strict=True))
        return [line for number, (a, b) in pairs for line in differences(a, b, f"{name}/{number}")]
    return [] if left == right else [f"{name}: {left} != {right}"]


@contextmanager
def events(handle: Callable[[str], None]) -> Iterator[None]:
    """Call ``handle`` with a name before and after each file appears or goes, and within each validation.

    Validation is replaced by :data:`SCORES`.
    """

    def replace(source: Any, target: Any) -> None:
        handle(f"before {Path(target).name}")
        real_replace(source, target)
        handle(f"after {Path(target).name}")

    def remove_outdated(self: OutdatedFiles) -> None:
        names = ", ".join(Path(path).name for path in self.paths)
        handle(f"before removing {names}")
        real_remove(self)
        handle(f"after removing {names}")

    def validate(self: ValLoop) -> None:
        handle(f"validating epoch {self.runner.epoch}")
        metrics = {"mean_class_accuracy": SCORES[self.runner.epoch]}
        self.runner.call_hook("after_val_epoch", metrics=metrics)

    real_replace = os.replace
    real_remove = OutdatedFiles.remove_outdated
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "replace", replace)
        patch.setattr(OutdatedFiles, "remove_outdated", remove_outdated)
        patch.setattr(ValLoop, "run", validate)
        yield
