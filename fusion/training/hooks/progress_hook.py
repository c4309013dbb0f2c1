"""Hook that draws one progress bar for the whole training."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from mmengine.dist import is_main_process
from mmengine.hooks import Hook
from mmengine.runner import Runner
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from triad.modalities.registry import HOOKS


@HOOKS.register_module()
class ProgressHook(Hook):
    """Draws epoch, loss, last validation, rate and remaining time on a terminal.

    Elsewhere (a pipe, a log file) it draws nothing: there the lines of mmengine's ``LoggerHook`` are printed, see
    :class:`triad.fusion.training.triad_runner.TriadRunner`.

    Args:
        interval: iterations from one reading of the loss to the next; reading waits for the device.
    """

    def __init__(self, *, interval: int = 10) -> None:
        self.interval = interval
        self.bar: Progress | None = None

    def before_train(self, runner: Runner) -> None:
        if not (is_main_process() and sys.stderr.isatty()):
            return
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        self.bar = Progress(*columns, TimeElapsedColumn(), TimeRemainingColumn(), console=Console(file=sys.stderr))
        self.bar.start()
        self.task = self.bar.add_task("training", total=runner.max_iters, completed=runner.iter)
        self.loss = ""
        self.validation = ""

    def after_train_iter(
        self, runner: Runner, batch_idx: int, data_batch: Any = None, outputs: Mapping[str, Any] | None = None
    ) -> None:
        if self.bar is None:
            return
        if outputs and self.every_n_train_iters(runner, self.interval):
            self.loss = f" loss {outputs['loss'].item():.3f}"
        text = f"epoch {runner.epoch + 1}/{runner.max_epochs}{self.loss}{self.validation}"
        self.bar.update(self.task, completed=runner.iter + 1, description=text)

    def after_val_epoch(self, runner: Runner, metrics: dict[str, float] | None = None) -> None:
        if metrics and self.bar is not None:
            self.validation = f" val {next(iter(metrics.values())):.3f}"
            values = ", ".join(f"{name} {value:.3f}" for name, value in metrics.items())
            self.bar.console.print(f"epoch {runner.epoch}: validation {values}")

    def after_train(self, runner: Runner) -> None:
        self.close()

    def close(self) -> None:
        """Give the console back, also when training fails: an error must not be drawn over."""
        if self.bar is not None:
            self.bar.stop()
            self.bar = None
