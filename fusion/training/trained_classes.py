"""Classes that a checkpoint was trained on, and their match with those of a dataset."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from mmengine.config import Config

from triad.fusion.data import ActionDataset
from triad.fusion.predictions import match_classes
from triad.fusion.training.checkpoints import read_checkpoint

_logger = logging.getLogger(__name__)


def classes_in(checkpoint: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of the classes that the content of a checkpoint was trained on; empty where it names none."""
    meta = checkpoint.get("meta")
    dataset_meta = meta.get("dataset_meta") if isinstance(meta, Mapping) else None
    classes = dataset_meta.get("classes") if isinstance(dataset_meta, Mapping) else None
    return tuple(map(str, classes)) if isinstance(classes, list | tuple) else ()


def fit_num_classes(config: Config, checkpoint: str | Path) -> None:
    """Give the model of a config as many classes as a checkpoint was trained on, where it names them.

    Args:
        config: config of a recognizer, which is changed.
        checkpoint: path of the checkpoint.
    """
    classes = classes_in(read_checkpoint(checkpoint))
    if classes and "num_classes" in config.model:
        config.model["num_classes"] = len(classes)


def score_columns(checkpoint: str | Path, dataset: ActionDataset) -> np.ndarray | None:
    """Return the column of each class of a dataset among the scores of a trained model, int ``[K]``.

    None for a checkpoint that does not name its classes: they are taken in the order of the dataset, which is said.

    Args:
        checkpoint: path of the checkpoint.
        dataset: dataset that is predicted.

    Raises:
        InputError: naming both lists, if the dataset has a class that was not trained.
    """
    classes = classes_in(read_checkpoint(checkpoint))
    subject = f"checkpoint '{checkpoint}'"
    if not classes:
        _logger.info("%s does not name its classes: they are taken in the order of the dataset", subject)
        return None
    return match_classes(
        classes, dataset.metainfo["classes"], subject=subject, reference=f"dataset '{dataset.index.root}'"
    )
