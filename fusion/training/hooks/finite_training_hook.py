"""Hook that ends a training which has nothing to learn from, or whose numbers are no longer finite."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import torch
from mmengine.dist import all_reduce
from mmengine.hooks import Hook
from mmengine.runner import Runner
from torch import Tensor, nn

from triad.fusion.data import ActionDataset
from triad.fusion.training.checkpoints import unwrap
from triad.modalities.checks import fail, shorten
from triad.modalities.registry import HOOKS

CURE = "look at these clips (triad prepare --check), or lower the learning rate; earlier checkpoints are kept"


@HOOKS.register_module()
class FiniteTrainingHook(Hook):
    """Ends training before a checkpoint with NaN or infinity is written.

    Losses are kept on the device and looked at now and then, weights and statistics once an epoch: a look waits for
    the device.

    Args:
        interval: iterations from one look at the losses to the next.

    Raises:
        InputError: If no clip has a stream or a person; naming epoch and clips, if a loss is not finite; naming epoch
            and weight, if a weight is not.
    """

    priority = "LOW"  # before the checkpoint is written

    def __init__(self, *, interval: int = 50) -> None:
        self.interval = interval
        self.losses: list[tuple[Tensor, list[str]]] = []
        self.has_persons: dict[str, Tensor] = {}
        self.is_first_epoch = True

    def before_train(self, runner: Runner) -> None:
        dataset = runner.train_dataloader.dataset
        if isinstance(dataset, ActionDataset):
            check_content(dataset)

    def before_train_epoch(self, runner: Runner) -> None:
        self.losses = []

    def after_train_iter(
        self, runner: Runner, batch_idx: int, data_batch: Any = None, outputs: Mapping[str, Any] | None = None
    ) -> None:
        loss = (outputs or {}).get("loss")
        if isinstance(loss, Tensor):
            ids = data_batch.get("id", []) if isinstance(data_batch, Mapping) else []
            self.losses.append((loss.detach(), list(ids)))
        if self.is_first_epoch:
            self._look_for_persons(data_batch)
        if self.every_n_inner_iters(batch_idx, self.interval):
            self._check_losses(runner)

    def after_train_epoch(self, runner: Runner) -> None:
        self._check_losses(runner)
        self._check_persons()
        name = _first_infinite(unwrap(runner.model))
        if name is not None:
            fail(f"'{name}' of the model after epoch {runner.epoch + 1}", "be finite", "NaN or infinity", CURE)

    def _look_for_persons(self, batch: Any) -> None:
        """Note which streams of skeletons have a joint in a batch."""
        for name, entry in batch.items() if isinstance(batch, Mapping) else ():
            scores = entry.get("scores") if isinstance(entry, Mapping) else None
            if isinstance(scores, Tensor) and scores.dim() == 4:  # [B, M, T, V]
                has_person = (scores > 0).any()
                self.has_persons[name] = self.has_persons.get(name, torch.zeros_like(has_person)) | has_person

    def _check_persons(self) -> None:
        for name, has_person in self.has_persons.items():
            flag = has_person.float()
            all_reduce(flag, op="max")
            if not bool(flag):
                cure = "look at it with triad show, or leave the stream out of the config"
                fail(f"stream '{name}' of the training clips", "show a person", "none in any clip", cure)
        self.is_first_epoch = False
        self.has_persons = {}

    def _check_losses(self, runner: Runner) -> None:
        """Look at the losses since the last look, in all processes: the others would wait for one that ends alone."""
        if not self.losses:
            return
        values = torch.stack([loss.float().reshape(()) for loss, _ in self.losses])
        flag = (~values.isfinite().all()).float()
        all_reduce(flag, op="max")
        if not bool(flag):
            self.losses = []
            return
        rows = zip(values.tolist(), self.losses, strict=True)
        value, ids = next(((value, ids) for value, (_, ids) in rows if not math.isfinite(value)), (math.nan, []))
        clips = f"{value} for clips {shorten(ids)}" if ids else f"{value}"
        fail(f"loss in epoch {runner.epoch + 1}", "be finite", clips, CURE)


def check_content(dataset: ActionDataset) -> None:
    """Refuse a training split in which no clip has a stream; that there are labels is checked with the classes.

    Raises:
        InputError: naming the stream.
    """
    records = dataset.records
    for name, source in dataset.sources.items():
        if not any(source in record["sources"] for record in records):
            got = f"none of {len(records)}"
            cure = "extract it, or leave the stream out of the config"
            fail(f"training clips of '{dataset.index.root}'", f"have stream '{name}' in at least one", got, cure)


def _first_infinite(model: nn.Module) -> str | None:
    """Return the name of the first weight or statistic that is not finite; None if all are."""
    tensors = {name: value for name, value in model.state_dict().items() if value.is_floating_point()}
    if not tensors:
        return None
    flags = torch.stack([value.isfinite().all() for value in tensors.values()])
    if bool(flags.all()):
        return None
    return next(name for name, flag in zip(tensors, flags.tolist(), strict=True) if not flag)
