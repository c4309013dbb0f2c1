"""Loading of a lifter from its config and weights: one that this project trained, or one of mmpose."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mmengine.config import Config

from triad.fusion.estimators.lifting.model import LiftingModel
from triad.fusion.training.checkpoints import check_weights, checkpoint_of, read_checkpoint
from triad.fusion.training.config import build_config
from triad.modalities.atomic_files import sha256_of
from triad.modalities.checks import InputError, check_file, fail
from triad.modalities.plain_config import SUFFIXES
from triad.modalities.registry import MODELS
from triad.modalities.skeleton.lifting import Lifter, WindowLifter
from triad.modalities.skeleton.lifting.mmpose_lifter import MmposeLifter

DUMPED_TYPE = f"{LiftingModel.__module__}.{LiftingModel.__qualname__}"  # in the configs of work folders
CURE = "give configs/estimators/tcn27_lift.py with weights that it trained, or a config of mmpose with its own"


def load_lifter(config: str | Path, checkpoint: str | Path) -> Lifter:
    """Build a lifter and load its weights.

    Args:
        config: path of a config of this project, whose model is a :class:`LiftingModel`, or of mmpose (a
            ``PoseLifter``).
        checkpoint: path of the weights, or of the work folder of a training of this project, whose best checkpoint is
            taken.

    Raises:
        ImportError: If mmpose is not installed, saying how to install it.
        InputError: If a file is missing, or the checkpoint is of another model.
    """
    path = check_file("config of a lifter", config, CURE)
    if path.suffix in SUFFIXES:  # plain data, which is ours alone: mmpose would import what its types name
        return _load_own(build_config(path), checkpoint)
    try:
        model: Any = Config.fromfile(path, format_python_code=False).get("model")
        kind = model.get("type") if isinstance(model, dict) else None
    except Exception as error:  # a config is Python: anything can go wrong in it
        raise InputError(f"config '{path}' cannot be read: {type(error).__name__}: {error}; {CURE}") from error
    if kind not in (LiftingModel, DUMPED_TYPE):
        return MmposeLifter(path, check_file("checkpoint", checkpoint, CURE))
    return _load_own(build_config(path), checkpoint)


def _load_own(settings: Config, checkpoint: str | Path) -> WindowLifter:
    if settings.model.get("type") is not LiftingModel:
        fail(f"model of config '{settings.filename}'", "be a LiftingModel", settings.model.get("type"), CURE)
    weights = checkpoint_of(checkpoint)
    trained: LiftingModel = MODELS.build(settings.model)
    check_weights(trained, weights)
    trained.load_state_dict(read_checkpoint(weights)["state_dict"])
    return WindowLifter(trained.network, provenance={"weights": {"sha256": sha256_of(weights)}})
