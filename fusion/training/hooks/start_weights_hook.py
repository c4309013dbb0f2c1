"""Hook that starts classifiers from earlier weights by the names of their classes."""

from __future__ import annotations

from typing import Any

from mmengine.hooks import Hook
from mmengine.model import is_model_wrapper
from mmengine.runner import Runner

from triad.fusion.models import Recognizer
from triad.fusion.training.start_weights import find_class_axes, fit_checkpoint, start_head
from triad.modalities.registry import HOOKS


@HOOKS.register_module()
class StartWeightsHook(Hook):
    """Matches the classes of the weights that a training starts from with those of its dataset, by name.

    These are ``load_from`` without ``resume``, and ``pretrained`` of the model. Where a class was not trained, the
    classifiers are new. One line is logged for each file.
    """

    priority = "VERY_HIGH"  # before the weights are averaged over time or copied

    def before_run(self, runner: Runner) -> None:
        model = _starting_recognizer(runner)
        files = {name: path for name, path in (runner.cfg.model.get("pretrained") or {}).items() if path is not None}
        if model is None or not files:
            return
        axes = find_class_axes(runner.cfg.model)
        new_classes = runner.train_dataloader.dataset.metainfo["classes"]
        for name, path in files.items():
            start_head(model, name, path, axes=axes, new_classes=new_classes)

    def after_load_checkpoint(self, runner: Runner, checkpoint: dict[str, Any]) -> None:
        model = _starting_recognizer(runner)
        if model is not None and "state_dict" in checkpoint:
            new_classes = runner.train_dataloader.dataset.metainfo["classes"]
            axes = find_class_axes(runner.cfg.model)
            fit_checkpoint(model, checkpoint, axes=axes, new_classes=new_classes, path=str(runner._load_from))


def _starting_recognizer(runner: Runner) -> Recognizer | None:
    """Return the recognizer of a training that starts; None for a test and for a training that goes on."""
    model = runner.model.module if is_model_wrapper(runner.model) else runner.model
    starts = runner._train_dataloader is not None and not runner._resume
    return model if starts and isinstance(model, Recognizer) else None
