"""Loading of a model whose predictions are explained."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from mmengine.config import Config

from triad.fusion.index import load_index
from triad.fusion.rendering.explanation import Explainer
from triad.fusion.training.checkpoints import checkpoint_of, read_checkpoint
from triad.fusion.training.config import build_config
from triad.fusion.training.loading import load_dataset, load_model
from triad.fusion.training.trained_classes import classes_in
from triad.modalities.checks import fail
from triad.modalities.modality import modality_of_reader


def open_explainer(
    config: str | Path, checkpoint: str | Path, data: str | Path, options: Sequence[str] = ()
) -> Explainer:
    """Load a model to explain samples of a prepared dataset.

    Args:
        config: path of the model's config.
        checkpoint: path of a checkpoint, or of a work folder, whose best checkpoint is taken.
        data: folder of the prepared dataset.
        options: changes of the config, ``key.to.field=value``.

    Raises:
        InputError: If config, checkpoint and dataset do not fit each other, or the model has nothing to explain.
    """
    settings = build_config(config, options=options, data=data)
    if not can_explain(settings):
        streams = ", ".join(settings.streams)
        fail(
            "model to explain",
            "have a skeleton stream, a fusion module or a joint head",
            streams,
            "leave out --config, --checkpoint",
        )
    checkpoint = checkpoint_of(checkpoint)
    model = load_model(settings, checkpoint)
    dataset = load_dataset(settings, "test")
    classes = classes_in(read_checkpoint(checkpoint)) or tuple(dataset.metainfo["classes"])
    return Explainer(model, dataset, load_index(data), classes=classes)


def can_explain(config: Config) -> bool:
    """Return whether the model of a config has fusion modules, a joint head or a skeleton stream."""
    return bool(config.model.get("attention") or config.model.get("joint_head")) or any(
        modality_of_reader(stream["reader"]).has_joints for stream in config.streams.values()
    )
