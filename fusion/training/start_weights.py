"""Weights of heads that a training starts from: rows of a class are found by its name, never by its position."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import torch
from mmengine.config import ConfigDict
from torch import Tensor

from triad.fusion.models import Recognizer
from triad.fusion.training.trained_classes import classes_in
from triad.modalities.checks import fail, shorten
from triad.modalities.meta_device import build_on_meta
from triad.modalities.registry import MODELS
from triad.modalities.safe_load import read_tensors
from triad.modalities.weights import skip_loading

CURE = "start encoders from published or trained weights with train --weights FILE"
_logger = logging.getLogger(__name__)


def find_class_axes(model: Mapping[str, Any]) -> dict[str, int]:
    """Return the axis of the classes in each tensor of a recognizer that has one, by key of its state dict.

    Args:
        model: config of the recognizer.
    """
    shapes = []
    for more in (0, 1):
        settings = ConfigDict({**model, "num_classes": model["num_classes"] + more})
        with skip_loading():
            network = build_on_meta(partial(MODELS.build, settings))
        shapes.append({key: tuple(value.shape) for key, value in network.state_dict().items()})
    first, second = shapes
    return {
        key: next(axis for axis, size in enumerate(shape) if size != second[key][axis])
        for key, shape in first.items()
        if shape != second[key]
    }


def fit_classes(
    tensors: Mapping[str, Tensor],
    axes: Mapping[str, int],
    *,
    trained: Sequence[str],
    new_classes: Sequence[str],
    path: str,
) -> dict[str, Tensor]:
    """Return tensors whose class axes have the classes of the training; one line is logged about them.

    Tensors over classes are left out where one of these was not trained: what they start is then new.

    Args:
        tensors: tensors by key of the state dict.
        axes: axis of the classes by key, see :func:`find_class_axes`.
        trained: classes of the tensors; empty where the file does not name them: they count by position then.
        new_classes: classes of the training.
        path: path of the file, for the message.
    """
    fitted_tensors = {key: value for key, value in tensors.items() if key not in axes}
    of_classes = {key: value for key, value in tensors.items() if key in axes}
    if not of_classes:
        _logger.info("weights '%s': hold no classifier, which starts anew", path)
    elif not trained:
        fitting = {key: value for key, value in of_classes.items() if value.shape[axes[key]] == len(new_classes)}
        reason = "taken in the order of the dataset" if fitting else "the classifier starts anew"
        _logger.info("weights '%s': do not name their classes: %s", path, reason)
        fitted_tensors |= fitting
    elif unknown := [name for name in new_classes if name not in trained]:
        text = f"{len(unknown)} of {len(new_classes)} were not trained ({shorten(unknown)})"
        _logger.info("weights '%s': of other classes, %s: the classifier starts anew", path, text)
    else:
        rows = torch.tensor([trained.index(name) for name in new_classes])
        _logger.info("weights '%s': the classifier starts with the rows of its %d classes, by name", path, len(rows))
        fitted_tensors |= {key: value.index_select(axes[key], rows) for key, value in of_classes.items()}
    return fitted_tensors


def start_head(
    model: Recognizer, stream: str, path: str | Path, *, axes: Mapping[str, int], new_classes: Sequence[str]
) -> None:
    """Start the head of a stream from a checkpoint that its encoder starts from, where that was trained on its classes.

    Args:
        model: recognizer, whose head is changed.
        stream: name of the stream.
        path: path of the file.
        axes: axis of the classes by key of the recognizer's state dict.
        new_classes: classes of the training.
    """
    if stream not in model.heads:
        return
    tensors: dict[str, Tensor] = {}
    trained: tuple[str, ...] = ()
    if Path(path).suffix != ".safetensors":
        checkpoint = read_tensors(path, subject="weights file", cure=CURE, arrays=True)
        weights = checkpoint.get("state_dict") if isinstance(checkpoint, Mapping) else None
        if isinstance(weights, Mapping):
            trained = classes_in(checkpoint)
            tensors = {key: value for key, value in weights.items() if str(key).startswith(f"heads.{stream}.")}
    state = model.state_dict()
    fitted = fit_classes(tensors, axes, trained=trained, new_classes=new_classes, path=str(path))
    if fitted and all(key in state and value.shape == state[key].shape for key, value in fitted.items()):
        model.load_state_dict(fitted, strict=False)


def fit_checkpoint(
    model: Recognizer, checkpoint: dict[str, Any], *, axes: Mapping[str, int], new_classes: Sequence[str], path: str
) -> None:
    """Fit the weights of a whole recognizer, which a training starts from, to its classes, and log what matches.

    Args:
        model: recognizer that starts.
        checkpoint: content of the file; its ``state_dict`` is changed.
        axes: axis of the classes by key of the recognizer's state dict.
        new_classes: classes of the training.
        path: path of the file, for the message.

    Raises:
        InputError: If fewer than half of the recognizer's tensors are in the file.
    """
    state = {key: value.shape for key, value in model.state_dict().items()}
    fitted = fit_classes(
        checkpoint["state_dict"], axes, trained=classes_in(checkpoint), new_classes=new_classes, path=path
    )
    matched = [key for key, value in fitted.items() if key in state and value.shape == state[key]]
    missing = [key for key in state if key not in fitted and key not in axes]
    unexpected = [key for key in fitted if key not in state]
    misshapen = [key for key, value in fitted.items() if key in state and value.shape != state[key]]
    rows = {"missing": missing, "unexpected": unexpected, "of another shape": misshapen}
    notes = [f"{len(keys)} {name}: {shorten(keys)}" for name, keys in rows.items() if keys]
    counts = f"{len(matched)} of {len(state)} tensors match" + (f" ({'; '.join(notes)})" if notes else "")
    if 2 * len(matched) < len(state):
        fail(f"load_from '{path}'", "be a checkpoint of this recognizer", f"a file where {counts}", CURE)
    _logger.info("weights '%s': %s", path, counts)
    checkpoint["state_dict"] = {key: fitted[key] for key in matched}
