"""A trained model and its dataset without a Runner: for explanation, masked ablation and prediction."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from mmengine.config import Config

from triad.fusion.data import WHOLE_FRAME, ActionDataset, spatial_views
from triad.fusion.models import Recognizer
from triad.fusion.training.checkpoints import check_weights, checkpoint_of, read_checkpoint
from triad.fusion.training.trained_classes import fit_num_classes
from triad.modalities.augmentation import SpatialAugmentation
from triad.modalities.device import best_device
from triad.modalities.meta_device import build_on_meta
from triad.modalities.registry import DATASETS, MODELS, TRANSFORMS
from triad.modalities.weights import skip_loading


def load_model(config: Config, checkpoint: str | Path) -> Recognizer:
    """Build the model of a config with the weights of a checkpoint, in evaluation mode, on a GPU where there is one.

    Args:
        config: config of :func:`triad.fusion.training.config.build_config`; its number of classes becomes that of the
            checkpoint.
        checkpoint: path of a checkpoint, or of a work folder, of which the best one is taken.

    Raises:
        InputError: If the checkpoint is missing or of another model.
    """
    checkpoint = checkpoint_of(checkpoint)
    fit_num_classes(config, checkpoint)
    with skip_loading():  # the weights that training started from are overwritten, and may be gone
        model: Recognizer = MODELS.build(config.model)
    check_weights(model, checkpoint)
    model.load_state_dict(read_checkpoint(checkpoint)["state_dict"])
    return model.eval().to(best_device())


def build_without_memory(config: Config) -> Recognizer:
    """Return the model of a config on torch's meta device: its shapes alone, however large it is."""
    with skip_loading():
        model: Recognizer = build_on_meta(partial(MODELS.build, config.model))
    return model


def load_dataset(config: Config, split: str) -> ActionDataset:
    """Build the dataset that a config tests on, for another split.

    Raises:
        InputError: If index, protocol, split or a stream does not fit.
    """
    dataset: ActionDataset = DATASETS.build({**config.test_dataloader["dataset"], "split": split})
    return dataset


def views_of(config: Config) -> tuple[SpatialAugmentation, ...]:
    """Return the spatial views of each temporal clip in the test of a config.

    Raises:
        InputError: If the frames of its streams differ in shape.
    """
    crop_views = config.test_dataloader["dataset"].get("crop_views")
    if crop_views is None:
        return WHOLE_FRAME
    readers = {name: TRANSFORMS.build(stream["reader"]) for name, stream in config.streams.items()}
    return spatial_views(TRANSFORMS.build(crop_views), readers)


def average_of(config: Config) -> str | None:
    """Return what the test of a config averages over the views of a sample, see ``ActionMetric.average_clips``."""
    evaluators = config.get("test_evaluator") or ()
    metrics = [evaluators] if isinstance(evaluators, Mapping) else evaluators
    return next((metric["average_clips"] for metric in metrics if metric.get("average_clips")), None)
