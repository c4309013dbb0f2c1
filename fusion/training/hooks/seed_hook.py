"""Hook that makes resumed training draw what uninterrupted training would have drawn."""

from __future__ import annotations

from typing import Any

import torch
from mmengine.dist import get_rank
from mmengine.hooks import Hook
from mmengine.runner import Runner

from triad.modalities.registry import HOOKS
from triad.modalities.seeding import derive_seed


@HOOKS.register_module()
class SeedHook(Hook):
    """Sets all randomness from the runner's seed and the position of training.

    Spans and augmentations come from seed and epoch of the dataset. Dropout comes from torch's generator, seeded anew
    in every iteration: once an epoch would not do, because making a dataloader's iterator draws from it too.
    """

    def before_train_epoch(self, runner: Runner) -> None:
        runner.train_dataloader.dataset.set_epoch(runner.epoch, runner.seed)

    def before_val_epoch(self, runner: Runner) -> None:
        runner.val_dataloader.dataset.set_epoch(0, runner.seed)

    def before_test_epoch(self, runner: Runner) -> None:
        runner.test_dataloader.dataset.set_epoch(0, runner.seed)

    def before_train_iter(self, runner: Runner, batch_idx: int, data_batch: Any = None) -> None:
        torch.manual_seed(derive_seed(runner.seed, runner.iter, get_rank()))
