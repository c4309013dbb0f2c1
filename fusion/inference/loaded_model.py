"""Loading of a trained recognizer from its work folder, without its dataset."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from mmengine.config import Config

from triad.fusion.inference.interfaces import ClipLengths
from triad.fusion.models import FramewiseRecognizer, Recognizer
from triad.fusion.training.checkpoints import check_weights, checkpoint_of, read_checkpoint
from triad.fusion.training.config import build_config, restore_config
from triad.fusion.training.config.stored_config import KEY
from triad.fusion.training.loading import build_without_memory, load_model, views_of
from triad.modalities.checks import InputError, fail, printable
from triad.modalities.registry import TRANSFORMS
from triad.modalities.skeleton import register_definition

RETRAIN = "train again, or give a checkpoint that triad train of this version wrote"


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
        config: path of the config it was trained with; None for the one that the checkpoint carries.
        options: changes of the config, ``key.to.field=value``, as in training; that of a checkpoint has them already.

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
    settings: dict[str, Any] = {"options": options, "num_classes": len(classes), "layouts": meta.get("layouts")}
    if config is None:
        described = config_of(path, meta)
        _check_clips(described, path)
        built = _build_described(described, path, settings)
    else:
        built = build_config(config, **settings)
        _check_clips(built, path)
    recognizer = load_model(built, path)
    return LoadedModel(built, recognizer, classes, _clip_lengths(meta), path)


def config_of(path: Path, meta: Mapping[str, Any]) -> Config:
    """Return the config that a checkpoint carries. A config beside it is code, which runs only if the user names it.

    Raises:
        InputError: If the checkpoint carries none, naming what lies beside it.
    """
    if meta.get(KEY) is not None:
        return restore_config(meta[KEY], str(path))
    beside = sorted(path.parent.glob("*.py"))
    example = beside[0] if len(beside) == 1 else "FILE"
    fail(
        f"checkpoint '{path}'",
        "describe its model in classes of this project",
        "none, as an earlier version or a class of one's own leaves it",
        f"if you trust its config, which is code, name it: --config {example}",
    )


def _check_clips(config: Config, path: Path) -> None:
    """Refuse a model of whole videos, which no window of a clip's length can be given to."""
    if config.get("model", {}).get("type") is FramewiseRecognizer:
        must = "be of clips, where it labels every step of prepared videos"
        cure = "use triad test --dump, then triad evaluate localization --predictions"
        fail(f"model of checkpoint '{path}'", must, FramewiseRecognizer.__name__, cure)


def _build_described(config: Config, path: Path, settings: Mapping[str, Any]) -> Config:
    """Return the completed config of a checkpoint's own description, after a model of it was built without memory.

    Raises:
        InputError: If anything of it cannot be built, or the weights are of another model.
    """
    cure = "give the config that it was trained with: --config FILE"
    try:
        built = build_config(config, **settings)
        for stream in built.streams.values():
            TRANSFORMS.build(stream["reader"])
        TRANSFORMS.build(built.test_dataloader["dataset"]["temporal_sampler"])
        views_of(built)
        model = build_without_memory(built)
    except (InputError, ImportError):  # one line already, or the package to install
        raise
    except Exception as error:  # a hostile description can ask for anything
        got = f"{type(error).__name__}: {printable(error)}"
        raise InputError(f"model of checkpoint '{path}' cannot be built: {got}; {cure}") from error
    check_weights(model, path)
    return built


def _clip_lengths(meta: dict[str, Any]) -> ClipLengths | None:
    clips = meta.get("clips")
    return ClipLengths(float(clips["median"]), float(clips["longest"])) if clips else None
