"""Training and prediction of several models on one footing, resumable: what a comparison is made from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import torch
from mmengine.config import Config
from mmengine.runner import Runner
from torch.utils.data import DataLoader

from triad.fusion.evaluation.single_label import check_single_label
from triad.fusion.models import Recognizer
from triad.fusion.predictions import Predictions, groups_of
from triad.fusion.training.checkpoints import checkpoint_of
from triad.fusion.training.config import build_config
from triad.fusion.training.frozen_feature_loop import FrozenFeatureLoop, encode_passes
from triad.fusion.training.frozen_features import FeatureDataset, collate_features
from triad.fusion.training.loading import average_of, load_model
from triad.fusion.training.metrics.action_metric import to_predictions
from triad.fusion.training.runner import build_runner, evaluate, meta_of
from triad.modalities.atomic_files import read_json, sha256_of, write_json
from triad.modalities.checks import fail

SPLITS = ("val", "test")
SETTINGS = "settings.json"
"""File of the settings that a folder's predictions were made with."""
CURE = "give another --out, or remove the folder"


class FrozenSettings(NamedTuple):
    """How models are trained on features of frozen encoders.

    Attributes:
        passes: number of passes over the training samples.
        cache: folder of the features, which all models share.
    """

    passes: int
    cache: Path


class Run(NamedTuple):
    """Predictions of one trained model.

    Attributes:
        val: predictions of the validation split.
        test: predictions of the test split.
    """

    val: Predictions
    test: Predictions


def run_model(
    path: Path,
    *,
    data: Path,
    work_dir: Path,
    seed: int,
    options: Sequence[str] = (),
    epochs: int | None = None,
    frozen: FrozenSettings | None = None,
) -> Run:
    """Train a config without looking at validation, and predict validation and test with its last weights.

    Predictions that an earlier call with the same settings left in the folder are taken as they are.

    Args:
        path: path of the config.
        data: folder of the prepared dataset.
        work_dir: folder of checkpoints and predictions.
        seed: seed of all randomness.
        options: changes of the config, ``key.to.field=value``.
        epochs: number of epochs; None for the config's own, which those without epochs keep.
        frozen: how to train on frozen encoders; None trains as the config says.

    Raises:
        InputError: If the config, an option or the dataset does not fit, or the folder holds predictions of another
            training.
    """
    check_single_label(build_config(path, options=options, data=data), "comparison of models")
    files = {split: work_dir / f"{split}.npz" for split in SPLITS}
    settings = {"options": sorted(options), "epochs": epochs, "passes": None if frozen is None else frozen.passes}
    if all(file.exists() for file in files.values()):
        _check_settings(work_dir, settings)
    else:
        write_json(work_dir / SETTINGS, settings)
        config = build_config(path, options=options, data=data, seed=seed, work_dir=work_dir)
        _prepare(config, epochs, frozen)
        build_runner(config).train()
        for split, file in files.items():
            config = build_config(path, options=options, data=data, seed=seed, work_dir=work_dir)
            _prepare(config, epochs, frozen)
            predictions = (
                predict_frozen(config, work_dir, split, cache=frozen.cache)
                if frozen is not None
                else evaluate(config, work_dir, split)
            )
            predictions.save(file)
    return Run(Predictions.load(files["val"]), Predictions.load(files["test"]))


def _check_settings(work_dir: Path, settings: dict[str, Any]) -> None:
    """Check that the predictions of a folder were made with these settings, where it tells."""
    path = work_dir / SETTINGS
    if path.is_file() and (earlier := read_json(path, cure=CURE)) != settings:
        fail(f"predictions in '{work_dir}'", f"be of a training with {settings}", earlier, CURE)


def _prepare(config: Config, epochs: int | None, frozen: FrozenSettings | None) -> None:
    """Let a config train without validation, for so many epochs, and on frozen encoders where asked."""
    config.val_dataloader = config.val_cfg = config.val_evaluator = None
    config.default_hooks["checkpoint"]["save_best"] = None
    if epochs is not None and "max_epochs" in config.train_cfg:  # a linear probe has none
        config.train_cfg["max_epochs"] = epochs
    if frozen is not None:
        config.model["frozen"] = tuple(config.streams)
        epochs = config.train_cfg["max_epochs"]
        config.train_cfg = {
            "type": FrozenFeatureLoop,
            "max_epochs": epochs,
            "passes": frozen.passes,
            "cache": str(frozen.cache),
        }


@torch.no_grad()
def predict_frozen(config: Config, checkpoint: str | Path, split: str, *, cache: Path) -> Predictions:
    """Predict a split from the features of frozen encoders, which are computed once for all models that share them.

    Args:
        config: config of the model.
        checkpoint: path of a checkpoint, or of a work folder, of which the best one is taken.
        split: name of the split.
        cache: folder of the features.
    """
    checkpoint = checkpoint_of(checkpoint)
    model: Recognizer = load_model(config, checkpoint)
    dataset_settings = {**config.test_dataloader["dataset"], "split": split}
    settings = {**config.test_dataloader, "dataset": dataset_settings}
    seed = config.randomness["seed"]
    tables = encode_passes(model, settings, range(1), seed=0, training=False, cache=cache)
    clips: Any = Runner.build_dataloader({**settings, "num_workers": 0}, seed=seed).dataset
    dataset = FeatureDataset(tables, clips)
    outputs: list[dict[str, Any]] = []
    for batch in DataLoader(dataset, batch_size=64, collate_fn=collate_features):
        prepared = model.data_preprocessor(batch, False)["batch"]
        features, _ = model.encode(prepared)
        outputs += model.predictions(model.classify(features, prepared), prepared)
    predictions = to_predictions(outputs, tuple(dataset.metainfo["classes"]), average_of(config))
    meta = meta_of(config, model, clips, split) | {"checkpoint": sha256_of(checkpoint)}
    groups = groups_of(clips.records, predictions.ids.tolist())
    return replace(predictions, groups=groups, meta=meta)
