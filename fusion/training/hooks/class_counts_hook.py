"""Hook that gives the number of training samples of each class to losses that weigh classes."""

from __future__ import annotations

from mmengine.hooks import Hook
from mmengine.model import is_model_wrapper
from mmengine.runner import Runner

from triad.fusion.data import ClassSampler
from triad.fusion.heads import ClassLoss
from triad.modalities.registry import HOOKS


@HOOKS.register_module()
class ClassCountsHook(Hook):
    """Sets the class counts of the model's loss before training.

    The counts are those that the class sampler draws, so that a sampler and a loss together correct nothing twice;
    with another sampler they are those of the training split.
    """

    def before_train(self, runner: Runner) -> None:
        model = runner.model.module if is_model_wrapper(runner.model) else runner.model
        loss = getattr(model, "class_loss", None)
        if isinstance(loss, ClassLoss) and loss.needs_counts:
            loader = runner.train_dataloader
            sampler = loader.sampler
            counts = sampler.quotas if isinstance(sampler, ClassSampler) else loader.dataset.class_counts
            loss.set_class_counts(list(counts))
