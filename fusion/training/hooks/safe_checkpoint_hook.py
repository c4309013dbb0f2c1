"""Checkpoint hook that removes an old checkpoint only after the new one is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mmengine.fileio import LocalBackend
from mmengine.hooks import CheckpointHook
from mmengine.runner import Runner

from modalities.registry import HOOKS


@HOOKS.register_module()
class SafeCheckpointHook(CheckpointHook):
    """mmengine's CheckpointHook with outdated checkpoints removed last.

    mmengine 0.10.7 removes first: on a full disk the last checkpoint, or the best, is then lost.
    """

    def before_train(self, runner: Runner) -> None:
        super().before_train(runner)
        self.file_backend = _DeferredRemoval()

    def after_train_epoch(self, runner: Runner) -> None:
        super().after_train_epoch(runner)
        self.file_backend.remove_outdated()

    def after_val_epoch(self, runner: Runner, metrics: Mapping[str, Any] | None = None) -> None:
        super().after_val_epoch(runner, metrics)
        if isinstance(self.file_backend, _DeferredRemoval):  # otherwise validation runs alone
            self.file_backend.remove_outdated()


class _DeferredRemoval(LocalBackend):
    def __init__(self) -> None:
        super().__init__()
        self.outdated: list[str] = []

    def remove(self, filepath: str) -> None:
        self.outdated.append(filepath)

    def remove_outdated(self) -> None:
        while self.outdated:
            super().remove(self.outdated.pop())
