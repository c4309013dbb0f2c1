"""A trained model and what it reads, outside the Runner: to ask it something else than its accuracy."""

from __future__ import annotations

from pathlib import Path

from mmengine.config import Config

from fusion.data.dataset import ActionDataset
from fusion.models import Recognizer
from fusion.training.config.config_checks import check_fields
from fusion.training.triad_runner import check_weights, checkpoint_of, read_checkpoint
from modalities.device import best_device
from modalities.registry import DATASETS, MODELS


def load_model(config: Config, checkpoint: str | Path) -> Recognizer:
    """The model of a completed config with the weights of a checkpoint, in evaluation, on the GPU where there is one.

    Args:
        config: what :func:`fusion.training.config.loading.complete` returns.
        checkpoint: a file, or the last one of a work folder.

    Raises:
        InputError: if a field of the config is misspelt, or the checkpoint is missing or of another model.
    """
    check_fields(config)
    checkpoint = checkpoint_of(checkpoint)
    # what training started from has no say any more, and may be gone
    model: Recognizer = MODELS.build({**config.model, "pretrained": None})
    check_weights(model, checkpoint)
    model.load_state_dict(read_checkpoint(checkpoint)["state_dict"])
    return model.eval().to(best_device())


def load_dataset(config: Config, split: str) -> ActionDataset:
    """The dataset that a completed config tests on, of another split.

    Raises:
        InputError: if index, protocol, split or a stream does not fit.
    """
    dataset: ActionDataset = DATASETS.build({**config.test_dataloader["dataset"], "split": split})
    return dataset
