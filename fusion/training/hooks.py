"""What makes resume exact and progress visible."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import torch
from mmengine.dist import get_rank, is_main_process
from mmengine.hooks import Hook
from mmengine.logging import HistoryBuffer
from mmengine.runner import Runner
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from modalities.seeding import seed_of

PLAIN = (str, int, float, bool, type(None))


class EpochSeedHook(Hook):
    """Before every epoch, sets all randomness from ``(seed, epoch, rank)``.

    A resumed run then draws what an uninterrupted one would have drawn: dropout from torch's generator, views and
    clocks from the dataset's epoch.
    """

    def before_train_epoch(self, runner: Runner) -> None:
        torch.manual_seed(seed_of(runner.seed, runner.epoch, get_rank()))
        runner.train_dataloader.dataset.set_epoch(runner.epoch)


class PlainCheckpointHook(Hook):
    """Keeps checkpoints loadable under ``weights_only=True``: the message hub travels as tensors and plain values.

    mmengine 0.10.7 stores HistoryBuffer objects with bound methods, which a safe load refuses.
    """

    def before_save_checkpoint(self, runner: Runner, checkpoint: dict[str, Any]) -> None:
        hub = checkpoint["message_hub"]
        scalars = {name: [torch.as_tensor(part) for part in buffer.data] for name, buffer in hub["log_scalars"].items()}
        info = {name: value for name, value in hub["runtime_info"].items() if isinstance(value, PLAIN)}
        kept = {*scalars, *info}
        resumed = {name: bool(flag) for name, flag in hub["resumed_keys"].items() if name in kept}
        checkpoint["message_hub"] = {"log_scalars": scalars, "runtime_info": info, "resumed_keys": resumed}

    def after_load_checkpoint(self, runner: Runner, checkpoint: dict[str, Any]) -> None:
        hub = checkpoint.get("message_hub")
        if hub is not None:
            hub["log_scalars"] = {
                name: HistoryBuffer(*(part.numpy() for part in parts)) for name, parts in hub["log_scalars"].items()
            }


class ProgressHook(Hook):
    """One bar for the whole training: epoch, loss, last validation, rate and time remaining; quiet on other ranks."""

    def before_train(self, runner: Runner) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        self.bar = Progress(
            *columns,
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=Console(file=sys.stderr),
            disable=not is_main_process(),
        )
        self.bar.start()
        self.task = self.bar.add_task("training", total=runner.max_iters, completed=runner.iter)
        self.validated = ""

    def after_train_iter(
        self, runner: Runner, batch_idx: int, data_batch: Any = None, outputs: Mapping[str, Any] | None = None
    ) -> None:
        loss = f" loss {float(outputs['loss']):.3f}" if outputs and "loss" in outputs else ""
        text = f"epoch {runner.epoch + 1}/{runner.max_epochs}{loss}{self.validated}"
        self.bar.update(self.task, completed=runner.iter + 1, description=text)

    def after_val_epoch(self, runner: Runner, metrics: dict[str, float] | None = None) -> None:
        if metrics and hasattr(self, "bar"):
            self.validated = f" val {metrics['mean_class_accuracy']:.3f}"
            if is_main_process():
                shown = ", ".join(f"{name} {value:.3f}" for name, value in metrics.items())
                self.bar.console.print(f"epoch {runner.epoch}: validation {shown}")

    def after_train(self, runner: Runner) -> None:
        self.bar.stop()
