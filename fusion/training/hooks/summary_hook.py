"""Hook that says what is trained, and after it what came out and what to type next."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path, PureWindowsPath
from typing import Any

from mmengine.dist import is_main_process
from mmengine.hooks import Hook
from mmengine.runner import Runner

from triad.fusion.training.last_checkpoint import number_in
from triad.modalities.registry import HOOKS


@HOOKS.register_module()
class SummaryHook(Hook):
    """Prints a line before the training (device, clips, streams, folder) and one after it (best epoch, what next)."""

    priority = "LOWEST"

    def before_train(self, runner: Runner) -> None:
        dataset: Any = runner.train_dataloader.dataset
        classes = getattr(dataset, "metainfo", {}).get("classes")
        samples = f"{len(dataset)} clips" + (f" of {len(classes)} classes" if classes else " or samples")
        streams = runner.cfg.get("streams")
        read = f", streams {', '.join(streams)}" if streams else ""
        device = getattr(runner.model, "device", None) or next(runner.model.parameters()).device
        begun = f" from epoch {runner.epoch + 1}" if runner.epoch else ""
        length = f"{runner.max_epochs} epochs" if runner.max_epochs is not None else f"{runner.max_iters} iterations"
        paths = f"config '{_config(runner)}', folder '{runner.work_dir}'"
        _say(runner, f"training on {device}: {samples}{read}; {length}{begun}; {paths}")

    def after_train(self, runner: Runner) -> None:
        info = runner.message_hub.runtime_info
        best = info.get("best_ckpt")
        if isinstance(info.get("best_score"), float) and best:
            name = PureWindowsPath(str(best)).name
            measure = name.removeprefix("best_").partition("_epoch_")[0]
            result = f"the best on validation is epoch {number_in(Path(name))} with {measure} {info['best_score']:.3f}"
        else:
            result = "there was no validation; the last epoch is the result"
        trained_config = Path(runner.work_dir) / Path(_config(runner)).name  # mmengine's copy, with options and data
        words = ["triad", "test", str(trained_config), str(runner.work_dir)]
        next_command = f"; next: {shlex.join(words)}" if runner.cfg.get("streams") else ""
        _say(runner, f"trained: {result}{next_command}")


def _config(runner: Runner) -> str:
    return str(runner.cfg.filename or "config")


def _say(runner: Runner, line: str) -> None:
    """Write a line to the log file and, in the first process, on standard error."""
    runner.logger.info(line)
    if is_main_process():
        print(line, file=sys.stderr, flush=True)
