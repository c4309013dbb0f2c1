"""Checkpoint hook that loses nothing when training is killed or the disk is full."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PureWindowsPath
from time import perf_counter
from typing import Any

from mmengine.dist import broadcast_object_list, is_main_process
from mmengine.hooks import CheckpointHook
from mmengine.logging import MessageHub
from mmengine.runner import EpochBasedTrainLoop, Runner

from triad.fusion.training.checkpoints import read_checkpoint, time_of
from triad.fusion.training.hooks.outdated_files import OutdatedFiles
from triad.fusion.training.last_checkpoint import POINTER
from triad.modalities.atomic_files import atomic_write
from triad.modalities.checks import InputError, fail
from triad.modalities.partial_files import PARTIAL_NAME
from triad.modalities.registry import HOOKS

VALIDATED = "last_validated"
"""Entry of a checkpoint's message hub: the last epoch (or iteration) that was validated."""


@HOOKS.register_module()
class SafeCheckpointHook(CheckpointHook):
    """mmengine's CheckpointHook, after which a training goes on exactly wherever it was killed.

    mmengine 0.10.7 removes outdated checkpoints before the new one is written, writes ``last_checkpoint`` in place, and
    does not say whether the epoch of a checkpoint was validated. Here outdated files go last, and their names travel
    with the checkpoint, so that a resumed training removes what the killed one left; every checkpoint of a validated
    epoch is written again after validation (so that schedules that follow the validation go on too); and a resumed
    training first validates an epoch that still has to be.

    Args:
        *args, **options: arguments of mmengine's CheckpointHook.
        max_share: largest share of the time that checkpoints may take, 0–1, besides the best ones: those that come too
            soon after the one before are left out, and the state at the end is written then. It counts where one
            checkpoint is kept. None writes every checkpoint.
    """

    def __init__(self, *args: Any, max_share: float | None = None, **options: Any) -> None:
        if max_share is not None and not 0 < max_share <= 1:
            fail("SafeCheckpointHook.max_share", "be above 0, to 1, or None", max_share)
        super().__init__(*args, **options)
        self.max_share = max_share
        self.saved_at: float | None = None
        """Time at which the last checkpoint was finished, on the clock of ``perf_counter``."""
        self.save_seconds = 0.0
        self.is_postponed = False
        """Whether a checkpoint was left out since the last one was written."""

    def before_train(self, runner: Runner) -> None:
        super().before_train(runner)
        self.file_backend = OutdatedFiles(runner.message_hub)
        if runner._resume and runner.train_loop.iter > 0:
            self._take_over(runner)
        if is_main_process():
            self._remove_partial_checkpoints()
        if _is_validation_due(runner):
            runner.logger.info("The epoch of the checkpoint was not validated: this is done first")
            runner.val_loop.run()

    def after_load_checkpoint(self, runner: Runner, checkpoint: dict[str, Any]) -> None:
        self.resumed_time = time_of(checkpoint)

    def after_train_epoch(self, runner: Runner) -> None:
        super().after_train_epoch(runner)
        self._remove_outdated()

    def after_train(self, runner: Runner) -> None:
        if self.is_postponed:
            step = runner.epoch if self.by_epoch else runner.iter
            self._write_checkpoint(runner, step, {"epoch": runner.epoch, "iter": runner.iter})
            self._remove_outdated()
        super().after_train(runner)

    def _remove_outdated(self) -> None:
        """Remove outdated files, unless the last checkpoint still names one of them as the best."""
        if not self.is_postponed:
            self.file_backend.remove_outdated()

    def _comes_too_soon(self) -> bool:
        """Return whether a checkpoint now would take more than its share; all processes take the first one's answer."""
        if self.max_share is None or self.max_keep_ckpts != 1:
            return False
        answer = [
            self.saved_at is not None and perf_counter() - self.saved_at < self.save_seconds * (1 / self.max_share - 1)
        ]
        broadcast_object_list(answer)
        return answer[0]

    def after_train_iter(self, runner: Runner, batch_idx: int, data_batch: Any = None, outputs: Any = None) -> None:
        super().after_train_iter(runner, batch_idx, data_batch, outputs)
        if not self.by_epoch:
            self._remove_outdated()

    def after_val_epoch(self, runner: Runner, metrics: Mapping[str, Any] | None = None) -> None:
        if not isinstance(getattr(self, "file_backend", None), OutdatedFiles):  # validation runs alone
            return
        step = runner.epoch if self.by_epoch else runner.iter
        runner.message_hub.update_info(VALIDATED, step)
        self.is_saved = False
        super().after_val_epoch(runner, metrics)
        name = PureWindowsPath(str(self.last_ckpt)).name
        if not self.is_saved and name == self.filename_tmpl.format(step):
            self._save_checkpoint_with_step(runner, step, {"epoch": runner.epoch, "iter": runner.iter})
        self._remove_outdated()

    def _save_checkpoint_with_step(self, runner: Runner, step: int, meta: dict[str, Any]) -> None:
        """Write a checkpoint, or leave it out because it comes too soon."""
        if self._comes_too_soon():
            self.is_postponed = True
        else:
            self._write_checkpoint(runner, step, meta)

    def _write_checkpoint(self, runner: Runner, step: int, meta: dict[str, Any]) -> None:
        """Write the checkpoint, then ``last_checkpoint``; note which one is outdated by it."""
        if self.max_keep_ckpts > 0 and step not in self.keep_ckpt_ids:
            if len(self.keep_ckpt_ids) == self.max_keep_ckpts:
                outdated = self.filename_tmpl.format(self.keep_ckpt_ids.popleft())
                self.file_backend.remove(str(Path(self.out_dir) / outdated))
            self.keep_ckpt_ids.append(step)
            runner.message_hub.update_info("keep_ckpt_ids", list(self.keep_ckpt_ids))
        filename = self.filename_tmpl.format(step)
        self.last_ckpt = str(Path(self.out_dir) / filename)
        runner.message_hub.update_info("last_ckpt", self.last_ckpt)
        start = perf_counter()
        runner.save_checkpoint(
            self.out_dir,
            filename,
            save_optimizer=self.save_optimizer,
            save_param_scheduler=self.save_param_scheduler,
            meta=meta,
            by_epoch=self.by_epoch,
            **self.args,
        )
        self.is_saved = True
        self.is_postponed = False
        if is_main_process():
            with atomic_write(Path(runner.work_dir) / POINTER, durable=True) as temporary:
                temporary.write_text(self.last_ckpt, "utf-8")
        self.saved_at = perf_counter()
        self.save_seconds = self.saved_at - start

    def _take_over(self, runner: Runner) -> None:
        """Take over the files of the training that is resumed, also where its folder was moved."""
        folder = Path(self.out_dir)
        info = runner.message_hub.runtime_info
        for key in [key for key in info if key == "last_ckpt" or key.startswith("best_ckpt")]:
            runner.message_hub.update_info(key, str(folder / PureWindowsPath(str(info[key])).name))
        self.last_ckpt = info.get("last_ckpt")
        best = {key: value for key, value in info.items() if key.startswith("best_ckpt")}
        if self.save_best is not None and len(self.key_indicators) == 1:
            self.best_ckpt_path = best.get("best_ckpt")
        elif self.save_best is not None:
            self.best_ckpt_path_dict = {name: best.get(f"best_ckpt_{name}") for name in self.key_indicators}
        if not is_main_process():
            return
        kept = {Path(path).name for path in [*best.values(), self.last_ckpt] if path}
        self.file_backend.take_over(folder, kept)
        for file in folder.glob("best_*.pth"):
            if file.name not in kept and self._is_of_resumed_training(file):
                file.unlink()  # of an epoch whose validation is repeated

    def _is_of_resumed_training(self, file: Path) -> bool:
        """Return True if a file is newer than the checkpoint that is resumed; an earlier training's are older."""
        try:
            return time_of(read_checkpoint(file)) >= self.resumed_time
        except InputError:
            return False

    def _remove_partial_checkpoints(self) -> None:
        """Remove the half-written checkpoints of killed trainings, also of other machines: this one has the folder."""
        for path in Path(self.out_dir).glob(".*.partial*"):
            if PARTIAL_NAME.match(path.name) and (path.suffix == ".pth" or path.name.startswith(f".{POINTER}.")):
                path.unlink(missing_ok=True)


def _is_validation_due(runner: Runner) -> bool:
    """Return True if the checkpoint that is resumed was written before its validation."""
    loop = runner.train_loop
    if runner.val_loop is None or not runner._resume:
        return False
    is_epoch_based = isinstance(loop, EpochBasedTrainLoop)
    step, last = (loop.epoch, loop.max_epochs) if is_epoch_based else (loop.iter, loop.max_iters)
    loop._decide_current_val_interval()
    is_planned = step >= max(loop.val_begin, 1) and (step % loop.val_interval == 0 or step == last)
    hub: MessageHub = runner.message_hub
    return is_planned and hub.runtime_info.get(VALIDATED) != step
