"""Losses that weigh classes learn from the training split how many samples there are of each."""

from __future__ import annotations

from mmengine.hooks import Hook
from mmengine.model import is_model_wrapper
from mmengine.runner import Runner

from fusion.data.class_sampler import ClassSampler
from fusion.heads.class_loss import ClassLoss
from modalities.registry import HOOKS


@HOOKS.register_module()
class ClassCountsHook(Hook):
    """Tells the model's loss, before training, how often training shows each class.

    These are the shares that the sampler draws, where it knows any: with classes shown equally often nothing is left
    to correct, and using both corrects nothing twice. Otherwise they are the labels of the training split.
    """

    def before_train(self, runner: Runner) -> None:
        model = runner.model.module if is_model_wrapper(runner.model) else runner.model
        loss = getattr(model, "class_loss", None)
        if isinstance(loss, ClassLoss) and loss.needs_counts:
            loader = runner.train_dataloader
            sampler = loader.sampler
            counts = sampler.quotas if isinstance(sampler, ClassSampler) else loader.dataset.class_counts
            loss.set_class_counts(list(counts))
