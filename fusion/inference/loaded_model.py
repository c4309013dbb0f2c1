"""What training left in a work folder: the config, the network with its weights, its classes and its clips."""

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
from modalities.checks import fail

RETRAIN = "train again, or give a checkpoint that tools/train.py of this version wrote"


class LoadedModel(NamedTuple):
    """A trained recognizer, apart from any prepared dataset.

    Attributes:
        config: completed; classes and layouts are those that it was trained on.
        recognizer: with its weights, in evaluation.
        classes: names, in the order of the scores.
        lengths: of the clips that it learned from; None in checkpoints of earlier versions.
        checkpoint: the file.
    """

    config: Config
    recognizer: Recognizer
    classes: tuple[str, ...]
    lengths: ClipLengths | None
    checkpoint: Path


def load_for_inference(
    checkpoint: str | Path, config: str | Path | None = None, options: Sequence[str] = ()
) -> LoadedModel:
    """A trained model from its checkpoint and config alone.

    Args:
        checkpoint: a file, or a work folder: the last one of it.
        config: what it was trained with; without one, the config that training left beside the checkpoint.
        options: ``key.to.field=value``, as training was given them; the config of a work folder has them already.

    Raises:
        InputError: if there is no such config or checkpoint, or they do not fit each other.
    """
    file = checkpoint_of(checkpoint)
    meta = read_checkpoint(file).get("meta") or {}
    classes = tuple(map(str, (meta.get("dataset_meta") or {}).get("classes", ())))
    if not classes:
        fail(f"checkpoint '{file}'", "name its classes", "none", RETRAIN)
    settings = build_config(
        config or config_beside(file), options=options, num_classes=len(classes), layouts=meta.get("layouts")
    )
    recognizer = load_model(settings, file)
    return LoadedModel(settings, recognizer, classes, _lengths(meta), file)


def config_beside(checkpoint: Path) -> Path:
    """The config that training left in the folder of a checkpoint.

    Raises:
        InputError: if there is none, or there are several.
    """
    found = sorted(checkpoint.parent.glob("*.py"))
    if len(found) != 1:
        names = ", ".join(path.name for path in found) or "none"
        fail(f"folder of '{checkpoint}'", "hold one config, as training leaves it", names, "give --config")
    return found[0]


def _lengths(meta: dict[str, Any]) -> ClipLengths | None:
    clips = meta.get("clips")
    return ClipLengths(float(clips["median"]), float(clips["longest"])) if clips else None
