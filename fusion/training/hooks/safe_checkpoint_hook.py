"""Checkpoints that are never given up before what replaces them is there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mmengine.fileio import LocalBackend
from mmengine.hooks import CheckpointHook
from mmengine.runner import Runner

from modalities.registry import HOOKS


@HOOKS.register_module()
class SafeCheckpointHook(CheckpointHook):
    """mmengine's hook, but what is outdated is removed after the new checkpoint is written.

    mmengine 0.10.7 removes first: a disk that is full then costs the last checkpoint, or the best.
    """

    def before_train(self, runner: Runner) -> None:
        super().before_train(runner)
        self.file_backend = _RemoveLater()

    def after_train_epoch(self, runner: Runner) -> None:
        super().after_train_epoch(runner)
        self.file_backend.sweep()

    def after_val_epoch(self, runner: Runner, metrics: Mapping[str, Any] | None = None) -> None:
        super().after_val_epoch(runner, metrics)
        if isinstance(self.file_backend, _RemoveLater):  # not while validating alone
            self.file_backend.sweep()


class _RemoveLater(LocalBackend):
    def __init__(self) -> None:
        super().__init__()
        self.outdated: list[str] = []

    def remove(self, filepath: str) -> None:
        self.outdated.append(filepath)

    def sweep(self) -> None:
        while self.outdated:
            super().remove(self.outdated.pop())
