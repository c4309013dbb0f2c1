"""mmengine's Runner with a short console log, gloo without a GPU, and checkpoints that appear whole or not at all."""

from __future__ import annotations

import logging
import os
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from functools import partial
from pathlib import Path
from typing import Any

import torch
from mmengine.config import Config
from mmengine.dist import is_main_process
from mmengine.logging import MessageHub, MMLogger
from mmengine.model import MMDistributedDataParallel
from mmengine.optim import OptimWrapper, OptimWrapperDict
from mmengine.runner import EpochBasedTrainLoop, Runner
from torch import nn
from torch.utils.data import DataLoader

from triad.fusion.models import Preprocessor
from triad.fusion.training.checkpoints import check_weights, read_checkpoint, unwrap
from triad.fusion.training.device_prefetcher import DevicePrefetcher, begin_next_epoch
from triad.fusion.training.fused_optimizer import fuse
from triad.fusion.training.graphed_step import GraphedStep, is_recorded_unasked, obstacle_to_recording
from triad.fusion.training.hooks import ProgressHook
from triad.fusion.training.launchers import prepare_environment
from triad.fusion.training.pending_message_hub import PendingMessageHub
from triad.fusion.training.stop_workers import stop_workers
from triad.modalities.atomic_files import atomic_write, to_storage_error
from triad.modalities.checks import fail
from triad.modalities.registry import RUNNERS
from triad.modalities.strided_convolutions import safe_gradients

_NUM_RUNNERS: Counter[str] = Counter()
"""Number of runners that this process has built in each second."""
_logger = logging.getLogger(__name__)


@RUNNERS.register_module()
class TriadRunner(Runner):
    """mmengine's Runner as the tools of this project use it.

    The whole log goes to the log file. The console gets errors; where it is no terminal, also the lines of mmengine's
    ``LoggerHook`` (epoch, iteration, learning rate, time, ETA, loss), because no progress bar is drawn there. Without a
    GPU, processes communicate through gloo (mmengine 0.10.7 asks for a GPU in every process).
    """

    @classmethod
    def from_cfg(cls, cfg: Config) -> TriadRunner:
        with _naming_unwritable_files(cfg.work_dir):
            return super().from_cfg(cfg)

    def build_logger(self, *args: Any, **kwargs: Any) -> MMLogger:
        logger = super().build_logger(*args, **kwargs)
        for handler in logger.handlers:
            if isinstance(handler, logging.FileHandler) or not isinstance(handler, logging.StreamHandler):
                continue
            handler.stream = sys.stderr
            if sys.stderr.isatty():
                handler.setLevel(logging.ERROR)
            else:
                handler.addFilter(_is_error_or_training_line)
        return logger

    def build_message_hub(self, message_hub: dict[str, Any] | None = None) -> MessageHub:
        """Build the hub that does not wait for the device, and make it mmengine's current one."""
        settings = {"name": self._experiment_name, **(message_hub or {})}
        hub = PendingMessageHub.get_instance(**settings)
        MessageHub._instance_dict[settings["name"]] = hub
        return hub

    def build_optim_wrapper(self, optim_wrapper: Any) -> Any:
        """Build the optimizer wrapper: fused on a GPU; norms of clipped gradients are logged without waiting for it."""
        wrapper = super().build_optim_wrapper(optim_wrapper)
        wrappers = wrapper.values() if isinstance(wrapper, OptimWrapperDict) else [wrapper]
        for single in wrappers:
            log_gradients_later(single, self.message_hub)
            fuse(single.optimizer)
        return wrapper

    @staticmethod
    def build_dataloader(dataloader: Any, seed: int | None = None, diff_rank_seed: bool = False) -> DataLoader:
        """Build a dataloader; with a GPU its batches are in pinned memory, from which copies need no waiting."""
        if isinstance(dataloader, dict):
            dataloader = {"pin_memory": torch.cuda.is_available(), **dataloader}
        return Runner.build_dataloader(dataloader, seed=seed, diff_rank_seed=diff_rank_seed)

    def build_train_loop(self, loop: Any) -> Any:
        """Build the loop; mmengine's own, on a GPU, gets batches that are there already."""
        built = super().build_train_loop(loop)
        preprocessor: Any = getattr(unwrap(self.model), "data_preprocessor", None)
        if (
            type(built) is EpochBasedTrainLoop
            and isinstance(preprocessor, Preprocessor)
            and preprocessor.device.type == "cuda"
        ):
            built.dataloader = DevicePrefetcher(
                built.dataloader,
                preprocessor.to_device,
                device=preprocessor.device,
                begin_next=partial(begin_next_epoch, built, self.seed),
            )
        return built

    def setup_env(self, env_cfg: dict[str, Any]) -> None:
        if self.distributed and not torch.distributed.is_initialized():
            prepare_environment(self.launcher)
            if not torch.cuda.is_available():
                torch.distributed.init_process_group("gloo")
        super().setup_env(env_cfg)
        # loggers, message hubs and visualizers are shared by name, and mmengine names them after the second
        number = _NUM_RUNNERS[self._timestamp]
        _NUM_RUNNERS[self._timestamp] += 1
        if number:
            self._timestamp += f"_{number}"

    def wrap_model(self, model_wrapper_cfg: Mapping[str, Any] | None, model: nn.Module) -> nn.Module:
        if self.distributed and not torch.cuda.is_available():
            return MMDistributedDataParallel(module=model, broadcast_buffers=False)
        return super().wrap_model(model_wrapper_cfg, model)

    def scale_lr(self, optim_wrapper: OptimWrapper, auto_scale_lr: dict[str, Any] | None = None) -> None:
        """Scale the learning rate to the batch size, and with it the peak of a one-cycle schedule.

        The batch size is that of a step: over all processes and all batches whose gradients are accumulated, which
        mmengine leaves out.
        """
        if not (auto_scale_lr and auto_scale_lr.get("enable")):
            return
        loader: Any = self._train_dataloader
        batch_size = loader["batch_size"] if isinstance(loader, Mapping) else loader.batch_size
        num_batches = self.world_size * optim_wrapper._accumulative_counts
        base = auto_scale_lr["base_batch_size"]
        ratio = batch_size * num_batches / base
        super().scale_lr(optim_wrapper, {**auto_scale_lr, "base_batch_size": batch_size * self.world_size / ratio})
        defaults = optim_wrapper.optimizer.defaults
        rate = defaults["lr"]
        defaults["lr"] *= ratio
        for scheduler in self.param_schedulers or ():
            if isinstance(scheduler, dict) and "eta_max" in scheduler:
                scheduler["eta_max"] *= ratio
        if is_main_process():
            scaled = f"{defaults['lr']:g} for batches of {batch_size * num_batches}"
            print(f"learning rate {rate:g} for batches of {base} → {scaled}", file=sys.stderr, flush=True)

    def build_param_scheduler(self, scheduler: Any) -> Any:
        for config in scheduler if isinstance(scheduler, list) else [scheduler]:
            # mmengine 0.10.7 divides by zero where a one-cycle schedule rises for exactly one iteration
            if isinstance(config, dict) and config.get("pct_start", 0) * self.max_iters == 1:
                config["pct_start"] *= 1 + 1e-6
            if isinstance(config, dict) and isinstance(config.get("eta_max"), float):
                config["eta_max"] = self._peaks_of_groups(config["eta_max"])
        return super().build_param_scheduler(scheduler)

    def _peaks_of_groups(self, peak: float) -> float | list[float]:
        """Return the peak of a one-cycle schedule for each parameter group with a learning rate of its own.

        mmengine gives every group the same peak, which would undo ``lr_mult`` of ``paramwise_cfg``.
        """
        optimizer = self.optim_wrapper.optimizer
        if not optimizer.defaults["lr"]:
            return peak
        multiples = [group["lr"] / optimizer.defaults["lr"] for group in self.optim_wrapper.param_groups]
        return peak if set(multiples) == {1.0} else [peak * multiple for multiple in multiples]

    def train(self) -> nn.Module:
        try:
            with _naming_unwritable_files(self.work_dir), safe_gradients(self.model):
                return super().train()
        finally:
            for hook in self.hooks:
                if isinstance(hook, ProgressHook):
                    hook.close()
            for loop in (self._train_loop, self._val_loop):
                stop_workers(getattr(loop, "dataloader", None))

    def _maybe_compile(self, target: str) -> None:
        """Record the training step as CUDA graphs: of some skeleton networks unasked, of others with ``compile=True``.

        mmengine compiles the whole step for each shape of batch instead, which takes minutes, and breaks where the host
        looks at the batch.
        """
        setting = self.cfg.get("compile")
        if not isinstance(setting, bool | None):
            fail("compile", "be True or False", setting)
        obstacle = obstacle_to_recording(self.model, self.optim_wrapper)
        if setting and obstacle is not None:
            must = "be of a recognizer in one process, whose one optimizer steps after every batch"
            fail("training with compile=True", must, obstacle, "leave compile out")
        if not torch.cuda.is_available():
            if setting:
                _logger.warning("compile=True changes nothing without a GPU, whose work it records")
        elif setting or (setting is None and obstacle is None and is_recorded_unasked(self.model)):
            setattr(self.model, target, GraphedStep(self.model))

    def save_checkpoint(self, out_dir: str, filename: str, *args: Any, **kwargs: Any) -> None:
        if is_main_process():
            with atomic_write(Path(out_dir) / filename, durable=True) as temporary:
                super().save_checkpoint(str(temporary.parent), temporary.name, *args, **kwargs)

    def load_checkpoint(self, filename: str, *args: Any, **kwargs: Any) -> dict[str, Any]:
        read_checkpoint(filename)
        with open(os.devnull, "w") as devnull, redirect_stdout(devnull):  # mmengine prints that it loads
            return super().load_checkpoint(filename, *args, **kwargs)

    def resume(self, filename: str, *args: Any, **kwargs: Any) -> None:
        check_weights(self.model, filename)
        super().resume(filename, *args, **kwargs)


def log_gradients_later(wrapper: OptimWrapper, hub: MessageHub) -> None:
    """Let an optimizer wrapper log the norm of its gradients as a tensor, which the hub reads when it is wanted.

    mmengine's ``OptimWrapper`` turns it into a number in every iteration, for which the host waits. A wrapper that
    clips in its own way is left as it is.
    """
    if not wrapper.clip_grad_kwargs or type(wrapper)._clip_grad is not OptimWrapper._clip_grad:
        return
    clip = wrapper.clip_func
    key = f"train/{wrapper.grad_name}"

    def clip_and_log(*args: Any, **kwargs: Any) -> None:
        norm = clip(*args, **kwargs)
        if norm is not None:  # of clipping by value
            hub.update_scalar(key, norm)

    wrapper.clip_func = clip_and_log


def _is_error_or_training_line(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.ERROR or record.getMessage().startswith("Epoch(")


@contextmanager
def _naming_unwritable_files(folder: str) -> Iterator[None]:
    """Turn an error of writing into ``folder``, such as a full disk, into one that names the file."""
    try:
        yield
    except OSError as error:
        storage_error = to_storage_error(error, error.filename or folder)
        if storage_error is None:
            raise
        raise storage_error from error
