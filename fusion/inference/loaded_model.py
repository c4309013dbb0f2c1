"""Loading of a trained recognizer from its work folder, without its dataset."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from mmengine.config import Config

from fusion.inference.interfaces import ClipLengths
from fusion.models import Recognizer
from fusion.training.checkpoints import checkpoint_of, read_checkpoint
from fusion.training.config import build_config
from fusion.training.loading import load_model
from modalities.checks import InputError, fail
from modalities.skeleton import register_definition

RETRAIN = "train again, or give a checkpoint that tools/train.py of this version wrote"


class LoadedModel(NamedTuple):
    """A trained recognizer with its config.

    Attributes:
        config: completed config, with the classes and layouts of the training data.
        recognizer: recognizer with trained weights, in evaluation mode.
        classes: names of the classes, in the order of the scores.
        clip_lengths: lengths of the training clips; None in checkpoints of earlier versions.
        checkpoint: path of the checkpoint.
    """

    config: Config
    recognizer: Recognizer
    classes: tuple[str, ...]
    clip_lengths: ClipLengths | None
    checkpoint: Path


def load_for_inference(
    checkpoint: str | Path, config: str | Path | None = None, options: Sequence[str] = ()
) -> LoadedModel:
    """Load a trained model from its checkpoint and config alone.

    Args:
        checkpoint: path of a checkpoint, or of a work folder, whose best checkpoint is taken.
        config: path of the config it was trained with; None for the config beside the checkpoint.
        options: changes of the config, ``key.to.field=value``, as in training; the config of a work folder has them
            already.

    Raises:
        InputError: If config or checkpoint is missing or of an earlier version, or they do not fit each other.
    """
    path = checkpoint_of(checkpoint)
    meta = read_checkpoint(path).get("meta") or {}
    classes = tuple(map(str, (meta.get("dataset_meta") or {}).get("classes", ())))
    if not classes:
        fail(f"checkpoint '{path}'", "name its classes", "none", RETRAIN)
    for definition in (meta.get("layout_definitions") or {}).values():
        register_definition(definition, subject=f"joint layout of checkpoint '{path}'")
    config = config or find_config(path)
    built = build_config(config, options=options, num_classes=len(classes), layouts=meta.get("layouts"))
    recognizer = load_model(built, path)
    return LoadedModel(built, recognizer, classes, _clip_lengths(meta), path)


def find_config(checkpoint: Path) -> Path:
    """Return the path of the config that training left beside a checkpoint.

    Raises:
        InputError: If there is none, if there are several, or if an earlier version wrote it.
    """
    paths = sorted(checkpoint.parent.glob("*.py"))
    if len(paths) != 1:
        names = ", ".join(path.name for path in paths) or "none"
        fail(f"folder of '{checkpoint}'", "hold one config, as training leaves it", names, "give --config")
    try:
        build_config(paths[0])
    except InputError as error:
        if "--config" in str(error):
            raise
        cure = "if an earlier version wrote it, give --config with the shipped config that it was trained with"
        raise InputError(f"{error}; {cure}") from error
    return paths[0]


def _clip_lengths(meta: dict[str, Any]) -> ClipLengths | None:
    clips = meta.get("clips")
    return ClipLengths(float(clips["median"]), float(clips["longest"])) if clips else None
