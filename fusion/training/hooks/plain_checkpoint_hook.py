"""Hook that keeps checkpoints free of everything but tensors and plain values."""

from __future__ import annotations

from statistics import median
from typing import Any

import numpy as np
import torch
from mmengine.hooks import Hook
from mmengine.logging import HistoryBuffer
from mmengine.model import is_model_wrapper
from mmengine.runner import Runner

from triad.fusion.data import ActionDataset
from triad.fusion.index import extent_of
from triad.fusion.training.config.layouts import layouts_of
from triad.fusion.training.config.stored_config import store_config
from triad.modalities.registry import HOOKS
from triad.modalities.skeleton import custom_definition

PLAIN_TYPES = (str, int, float, bool, type(None))


@HOOKS.register_module()
class PlainCheckpointHook(Hook):
    """Keeps checkpoints loadable under ``weights_only=True``, and adds what prediction needs of the training data.

    mmengine 0.10.7 stores HistoryBuffer objects with bound methods, which a safe load refuses. ``meta`` of a checkpoint
    gains ``layouts`` (joint layout of each skeleton stream), ``layout_definitions`` (of layouts that are not built in),
    ``clips`` (lengths of the training clips in seconds) and ``model_config`` (see
    ``triad.fusion.training.config.stored_config``).
    """

    def before_save_checkpoint(self, runner: Runner, checkpoint: dict[str, Any]) -> None:
        hub = checkpoint["message_hub"]
        buffers = hub["log_scalars"]
        scalars = {name: [torch.as_tensor(array) for array in buffer.data] for name, buffer in buffers.items()}
        info = {name: to_plain(value) for name, value in hub["runtime_info"].items() if is_plain(to_plain(value))}
        resumed_keys = {
            name: bool(flag) for name, flag in hub["resumed_keys"].items() if name in scalars or name in info
        }
        checkpoint["message_hub"] = {"log_scalars": scalars, "runtime_info": info, "resumed_keys": resumed_keys}
        # a scheduler's functions are made anew when it is built
        checkpoint["param_schedulers"] = [
            {name: value for name, value in state.items() if not callable(value)}
            for state in checkpoint.get("param_schedulers", [])
        ]
        model = runner.model.module if is_model_wrapper(runner.model) else runner.model
        layouts = layouts_of(model)
        definitions = {name: custom_definition(name) for name in {*layouts.values()}}
        checkpoint["meta"].update(
            layouts=layouts,
            layout_definitions={name: known for name, known in definitions.items() if known is not None},
            clips=clip_lengths(runner.train_dataloader.dataset),
            model_config=store_config(runner.cfg),
        )

    def after_load_checkpoint(self, runner: Runner, checkpoint: dict[str, Any]) -> None:
        hub = checkpoint.get("message_hub")
        if hub is not None:
            hub["log_scalars"] = {
                name: HistoryBuffer(*(array.numpy() for array in arrays)) for name, arrays in hub["log_scalars"].items()
            }


def clip_lengths(dataset: Any) -> dict[str, float]:
    """Return the median and the longest length of a dataset's clips in seconds: prediction takes windows as long."""
    records = dataset.records if isinstance(dataset, ActionDataset) else ()
    seconds = [extent_of(record).length for record in records]
    return {"median": median(seconds), "longest": max(seconds)} if seconds else {}


def to_plain(value: Any) -> Any:
    """Return a numpy number as Python's (``np.float64`` passes for a float, but is stored as a numpy object)."""
    return value.item() if isinstance(value, np.generic) else value


def is_plain(value: Any) -> bool:
    return isinstance(value, PLAIN_TYPES) or (isinstance(value, list) and all(map(is_plain, value)))
