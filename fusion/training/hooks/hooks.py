"""What makes resume exact and progress visible."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from mmengine.dist import get_rank, is_main_process
from mmengine.hooks import Hook
from mmengine.logging import HistoryBuffer
from mmengine.runner import Runner
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from modalities.seeding import derive_seed

PLAIN = (str, int, float, bool, type(None))


class SeedHook(Hook):
    """Sets all randomness from where training stands, so that a resumed run draws what it would have drawn.

    Views and clocks come from the dataset's epoch. Dropout comes from torch's generator, seeded anew in every
    iteration: once an epoch would not do, because making a dataloader's iterator draws from it too.
    """

    def before_train_epoch(self, runner: Runner) -> None:
        runner.train_dataloader.dataset.set_epoch(runner.epoch)

    def before_train_iter(self, runner: Runner, batch_idx: int, data_batch: Any = None) -> None:
        torch.manual_seed(derive_seed(runner.seed, runner.iter, get_rank()))


class PlainCheckpointHook(Hook):
    """Keeps checkpoints loadable under ``weights_only=True``: the message hub travels as tensors and plain values.

    mmengine 0.10.7 stores HistoryBuffer objects with bound methods, which a safe load refuses.
    """

    def before_save_checkpoint(self, runner: Runner, checkpoint: dict[str, Any]) -> None:
        hub = checkpoint["message_hub"]
        scalars = {name: [torch.as_tensor(part) for part in buffer.data] for name, buffer in hub["log_scalars"].items()}
        info = {name: plain(value) for name, value in hub["runtime_info"].items() if is_plain(plain(value))}
        kept = {*scalars, *info}
        resumed = {name: bool(flag) for name, flag in hub["resumed_keys"].items() if name in kept}
        checkpoint["message_hub"] = {"log_scalars": scalars, "runtime_info": info, "resumed_keys": resumed}
        # a scheduler's functions are made anew when it is built
        checkpoint["param_schedulers"] = [
            {name: value for name, value in state.items() if not callable(value)}
            for state in checkpoint.get("param_schedulers", [])
        ]

    def after_load_checkpoint(self, runner: Runner, checkpoint: dict[str, Any]) -> None:
        hub = checkpoint.get("message_hub")
        if hub is not None:
            hub["log_scalars"] = {
                name: HistoryBuffer(*(part.numpy() for part in parts)) for name, parts in hub["log_scalars"].items()
            }


def plain(value: Any) -> Any:
    """A numpy number as Python's (``np.float64`` passes for a float, but is stored as a numpy object)."""
    return value.item() if isinstance(value, np.generic) else value


def is_plain(value: Any) -> bool:
    return isinstance(value, PLAIN) or (isinstance(value, list) and all(map(is_plain, value)))


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
        loss = f" loss {outputs['loss'].item():.3f}" if outputs else ""
        text = f"epoch {runner.epoch + 1}/{runner.max_epochs}{loss}{self.validated}"
        self.bar.update(self.task, completed=runner.iter + 1, description=text)

    def after_val_epoch(self, runner: Runner, metrics: dict[str, float] | None = None) -> None:
        if metrics and hasattr(self, "bar"):
            self.validated = f" val {next(iter(metrics.values())):.3f}"
            if is_main_process():
                shown = ", ".join(f"{name} {value:.3f}" for name, value in metrics.items())
                self.bar.console.print(f"epoch {runner.epoch}: validation {shown}")

    def after_train(self, runner: Runner) -> None:
        self.close()

    def close(self) -> None:
        """Give the console back, also when training fails: an error must not be drawn over."""
        if hasattr(self, "bar"):
            self.bar.stop()
