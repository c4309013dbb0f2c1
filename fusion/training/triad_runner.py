"""mmengine's Runner, quiet on the console, at home without a GPU, and careful with files."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from statistics import median
from typing import Any

import torch
from mmengine.config import Config
from mmengine.dist import is_main_process
from mmengine.logging import MMLogger
from mmengine.model import MMDistributedDataParallel, is_model_wrapper
from mmengine.runner import Runner
from torch import nn

from fusion.data.dataset import ActionDataset
from fusion.index.index import extent_of
from fusion.training.config.layouts import check_trained, layouts_of
from fusion.training.hooks.hooks import ProgressHook
from modalities.atomic_files import atomic_write, cannot_write
from modalities.checks import check_file, fail
from modalities.safe_load import read_tensors
from modalities.state_dict import check_state_dict


class TriadRunner(Runner):
    """mmengine's Runner with its log in the file only; errors still reach the console.

    Without a GPU, processes talk through gloo (mmengine 0.10.7 asks for a GPU in every process). Checkpoints appear
    whole or not at all.
    """

    @classmethod
    def from_cfg(cls, cfg: Config) -> TriadRunner:
        with _writing(cfg.work_dir):
            return super().from_cfg(cfg)

    def build_logger(self, *args: Any, **kwargs: Any) -> MMLogger:
        logger = super().build_logger(*args, **kwargs)
        for handler in logger.handlers:
            if not isinstance(handler, logging.FileHandler):
                handler.setLevel(logging.ERROR)
        return logger

    def setup_env(self, env_cfg: dict[str, Any]) -> None:
        on_cpu = self.distributed and not torch.cuda.is_available()
        if on_cpu and not torch.distributed.is_initialized():
            if self.launcher != "pytorch":
                fail("launcher without a GPU", "be pytorch", self.launcher, "start it with torchrun")
            torch.distributed.init_process_group("gloo")
        super().setup_env(env_cfg)

    def wrap_model(self, model_wrapper_cfg: Mapping[str, Any] | None, model: nn.Module) -> nn.Module:
        if self.distributed and not torch.cuda.is_available():
            return MMDistributedDataParallel(module=model, broadcast_buffers=False)
        return super().wrap_model(model_wrapper_cfg, model)

    def train(self) -> nn.Module:
        try:
            with _writing(self.work_dir):
                return super().train()
        finally:
            for hook in self.hooks:
                if isinstance(hook, ProgressHook):
                    hook.close()

    def save_checkpoint(self, out_dir: str, filename: str, *args: Any, **kwargs: Any) -> None:
        if is_main_process():
            kept = {"layouts": layouts_of(_inner(self.model)), "clips": clip_lengths(self.train_dataloader.dataset)}
            kwargs["meta"] = {**(kwargs.get("meta") or {}), **kept}
            with atomic_write(Path(out_dir) / filename) as temporary:
                super().save_checkpoint(str(temporary.parent), temporary.name, *args, **kwargs)

    def load_checkpoint(self, filename: str, *args: Any, **kwargs: Any) -> dict[str, Any]:
        read_checkpoint(filename)
        with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere):  # mmengine prints that it loads
            return super().load_checkpoint(filename, *args, **kwargs)

    def resume(self, filename: str, *args: Any, **kwargs: Any) -> None:
        check_weights(self.model, filename)
        super().resume(filename, *args, **kwargs)


@contextmanager
def _writing(folder: str) -> Iterator[None]:
    """mmengine writes logs and configs into ``folder``; an error of that names it."""
    try:
        yield
    except OSError as error:
        known = cannot_write(error, error.filename or folder)
        if known is None:
            raise
        raise known from error


def clip_lengths(dataset: Any) -> dict[str, float]:
    """Seconds of the clips of a dataset, the median and the longest: prediction looks as long at a video."""
    records = dataset.records if isinstance(dataset, ActionDataset) else ()
    seconds = [extent_of(record).length for record in records]
    return {"median": median(seconds), "longest": max(seconds)} if seconds else {}


def checkpoint_of(path: str | Path) -> Path:
    """A checkpoint file, or the last one of a work folder.

    Raises:
        InputError: if there is none.
    """
    path = Path(path)
    if path.is_dir():
        pointer = check_file("last checkpoint", path / "last_checkpoint", "train the config first")
        path = path / Path(pointer.read_text().strip()).name
    return check_file("checkpoint", path, "train the config first (python tools/train.py)")


def read_checkpoint(path: str | Path) -> dict[str, Any]:
    """A checkpoint on the CPU, read without running code from it.

    Raises:
        InputError: if the file is missing, damaged, or no checkpoint of this project.
    """
    cure = "give a file that tools/train.py wrote, or train again"
    found = read_tensors(path, what="checkpoint", cure=cure)
    if not isinstance(found, dict) or "state_dict" not in found:
        fail(f"checkpoint '{path}'", "hold a 'state_dict'", "none", cure)
    return found


def check_weights(model: nn.Module, checkpoint: str | Path) -> None:
    """Refuse a checkpoint of another model: mmengine would load what fits and say little about the rest.

    Raises:
        InputError: naming the layouts, where the checkpoint was trained on another one, or the first weight that is
            missing, too many, or of another shape.
    """
    content, inner = read_checkpoint(checkpoint), _inner(model)
    check_trained(inner, content.get("meta") or {}, checkpoint)
    cure = "give the config and the --cfg-options that it was trained with"
    check_state_dict(inner.state_dict(), content["state_dict"], subject=f"checkpoint '{checkpoint}'", cure=cure)


def _inner(model: Any) -> nn.Module:
    return model.module if is_model_wrapper(model) else model
